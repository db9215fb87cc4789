"""The user's own uploader in a sweep: `MODULE:FUNCTION`, found again in every process by its name.

The function is called as `function(port, name, data)`, with chunk_bytes= and gap_ms= where these
axes are swept; it may be swept over them only if it has parameters of these names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, getsourcefile, signature
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.virtual.function import load_function

KEYWORDS = {"chunk": "chunk_bytes", "gap": "gap_ms"}
"""Axis -> the keyword argument that carries it."""


@dataclass(frozen=True, slots=True)
class UserHost:
    """A function by its name. `keywords`: which of KEYWORDS it takes; `source`: its file."""

    target: str
    keywords: frozenset[str]
    source: str

    def check_axes(self, names: Iterable[str]) -> None:
        """Raises QuecsimError if one of the axes is the host's business, and it has no say, or if
        the host cannot do without one that is not swept.
        """
        swept = set(names)
        load_function(self.target, [KEYWORDS[name] for name in KEYWORDS if name in swept])
        for name in names:
            keyword = KEYWORDS.get(name)
            if keyword is not None and keyword not in self.keywords:
                raise QuecsimError(
                    f"--{name} cannot be swept: {self.target} has no parameter {keyword}",
                    hint=f"give it a keyword argument {keyword}=, or sweep the device's side: "
                    "--baud, --ring, --stall, --flow",
                )

    def function(self, chunk_bytes: int | None, gap_ms: int | None) -> Callable[..., Any]:
        """The function, with what is swept filled in."""
        found = load_function(self.target, KEYWORDS.values())
        given = {"chunk_bytes": chunk_bytes, "gap_ms": gap_ms}
        return partial(
            found, **{k: v for k, v in given.items() if v is not None and k in self.keywords}
        )


def find_host(target: str) -> UserHost:
    """The host that `target` names. Raises QuecsimError, which says what to do."""
    function = load_function(target, KEYWORDS.values())
    parameters = signature(function).parameters.values()
    takes_all = any(each.kind is Parameter.VAR_KEYWORD for each in parameters)
    named = {each.name for each in parameters if each.kind is not Parameter.POSITIONAL_ONLY}
    keywords = frozenset(k for k in KEYWORDS.values() if takes_all or k in named)
    source = getsourcefile(function)
    if source is None:
        hint = "give a function that is defined in a file"
        raise QuecsimError(f"{target} has no source file", hint=hint)
    return UserHost(target, keywords, str(Path(source).absolute()))
