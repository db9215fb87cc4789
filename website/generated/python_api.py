"""The Python API: what is public, by Sphinx's autodoc; and what the pytest plugin gives."""

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import msgspec

import quecsim
from quecsim import pytest_plugin, testing
from quecsim.report.model import Report
from quecsim.run.actions import DeviceActions
from quecsim.testing import strategies
from website.generated.markdown import code, prose, table
from website.generated.records import Record, keys_table, records_in

_CALLS = ("open", "open_virtual", "virtual_time", "explain")
_DEVICES = ("OpenDevice", "VirtualDevice")
_BOTH = f"{DeviceActions.__module__}.{DeviceActions.__qualname__}"


def python_api() -> str:
    """The public names of `quecsim`; the records among them are on other pages."""
    calls = [_autodoc("autofunction", f"quecsim.{name}") for name in _CALLS]
    devices = [_autodoc("autoclass", f"quecsim.{name}", own=True) for name in _DEVICES]
    both = f"What both can do:\n\n{_autodoc('autoclass', _BOTH, own=True, inherited=True)}"
    error = _autodoc("autoexception", "quecsim.QuecsimError")
    records = "\n".join(
        f"* `quecsim.{name}`: {prose(_first(getattr(quecsim, name).__doc__))}"
        for name in quecsim.__all__
        if name not in (*_CALLS, *_DEVICES, "QuecsimError")
    )
    return "\n".join([*calls, *devices, both, error, "### Records\n", records])


def test_api() -> str:
    """The asserts, and the strategies for Hypothesis."""
    asserts = [_autodoc("autofunction", f"quecsim.testing.{name}") for name in testing.__all__]
    drawn = [_autodoc("autofunction", f"{strategies.__name__}.{name}") for name in _strategies()]
    return "\n".join(["### Asserts\n", *asserts, "### Strategies for Hypothesis\n", *drawn])


def _strategies() -> Iterator[str]:
    for name, value in vars(strategies).items():
        is_own = isinstance(value, FunctionType) and value.__module__ == strategies.__name__
        if is_own and not name.startswith("_"):
            yield name


def _autodoc(directive: str, name: str, *, own: bool = False, inherited: bool = False) -> str:
    options = "   :members:\n" * own + "   :inherited-members:\n" * inherited
    return f"```{{eval-rst}}\n.. {directive}:: {name}\n{options}```\n"


def pytest_plugin_api() -> str:
    """Fixtures, options and the marker."""
    tree = ast.parse(inspect.getsource(pytest_plugin))
    words = {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    fixtures = [(code(name), prose(words[name])) for name in pytest_plugin.FIXTURES]
    options = _Options()
    pytest_plugin.pytest_addoption(options)  # type: ignore[arg-type]
    return "\n".join(
        (
            table(("fixture", "is"), fixtures),
            table(("option", "is"), options.rows),
            f"The marker: {_marker()}",
        )
    )


def _marker() -> str:
    spelled, _, means = pytest_plugin._MARKER.partition(": ")
    return f"{code(f'@pytest.mark.{spelled}')}: {prose(means)}.\n"


class _Options:
    """Stands in for pytest's parser, and remembers what it is told."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def getgroup(self, *_names: str) -> "_Options":
        """The one group."""
        return self

    def addoption(self, name: str, *, help: str, metavar: str, **_more: Any) -> None:
        """One option."""
        self.rows.append((code(f"{name} {metavar}"), prose(help)))


def report_records() -> str:
    """The report and the records in it, as `--json` has them too."""
    return "\n".join(
        f"### `{kind.__name__}`\n\n{prose(kind.__doc__)}\n\n{keys_table(kind)}"
        for kind in _within(Report, [])
    )


def _within(kind: Record, found: list[Record]) -> list[Record]:
    """The record and all below it, each once, in the order in which they are met."""
    if kind not in found:
        found.append(kind)
        for field in msgspec.structs.fields(kind):
            for inner in records_in(field.type):
                _within(inner, found)
    return found


def _first(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]
