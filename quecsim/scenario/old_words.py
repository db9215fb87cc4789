"""Words of scenario files and keyword arguments that have another name now.

An old word goes on for one release: it does the same, and a FutureWarning says what it is called.
"""

import warnings
from dataclasses import replace

from quecsim.profiles.toml_source import TomlSource

# Old key -> its new name, which stands in the same table.
_KEYS = {("line", "port"): "interface"}
_OPTIONS = {"port": "interface"}


def with_new_words(source: TomlSource) -> TomlSource:
    """The file's values under the keys of today; their lines stay what they are."""
    for (table, old), new in _KEYS.items():
        values = source.table.get(table)
        if isinstance(values, dict) and old in values and new not in values:
            place = source.where((table, old))
            _warn(f"{place}: {table}.{old}", f"{table}.{new}")
            renamed = {new if key == old else key: value for key, value in values.items()}
            source = replace(source, table={**source.table, table: renamed})
    return source


def new_option(option: str) -> str:
    """The name of today of a keyword argument."""
    new = _OPTIONS.get(option)
    if new is None:
        return option
    _warn(f"the option {option}", new)
    return new


def _warn(old: str, new: str) -> None:
    warnings.warn(
        f"{old} is called {new} now; the old word goes with the next release",
        FutureWarning,
        stacklevel=3,
    )
