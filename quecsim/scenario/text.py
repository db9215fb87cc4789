"""A scenario as the TOML that it could have been read from: what can be pasted into a file.

What is as a scenario has it anyway is left out, so the text says only what matters. Everything is
in the one text: files that the scenario had by path stand there with their content.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import tomli_w
from msgspec import NODEFAULT

from quecsim.profiles.toml_source import TomlSource
from quecsim.scenario.loader import read_scenario
from quecsim.scenario.schema import FileContent, Scenario, ScenarioFile

_FILL_AT_LEAST_BYTES = 64
_LONG_CHARS = 60
_LAYOUT = dict.fromkeys(map(ord, "\r\n\t"))
_HEADED = ("title", "shows", "device", "seed")


def scenario_text(scenario: Scenario) -> str:
    """The scenario as TOML; reading it again gives the same scenario."""
    return table_text(scenario_table(scenario))


def scenario_table(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain data: what differs from the defaults, by the file's keys."""
    table = plain(scenario, ScenarioFile)
    table["device"] = scenario.device
    table.pop("files", None)
    if scenario.contents:
        table["files"] = {
            name: plain(content(data), FileContent) for name, data in scenario.contents.items()
        }
    if scenario.case is not None:
        assert scenario.case_bytes is not None
        case = table.pop("case")
        table["case"] = case | {"payload": plain(content(scenario.case_bytes), FileContent)}
    return table


def table_scenario(table: Mapping[str, Any], name: str = "case") -> Scenario:
    """The scenario of plain data. Raises QuecsimError where the data makes none."""
    path = Path(f"{name}.toml")
    return read_scenario(TomlSource(path, "", dict(table)))


def content(data: bytes) -> FileContent:
    """Bytes as they stand in a file: as text where they are text, short where they are all one."""
    if len(data) >= _FILL_AT_LEAST_BYTES and len(set(data)) == 1:
        return FileContent(bytes_count=len(data), fill=data[0])
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return FileContent(base64=b64encode(data).decode())
    is_text = text.translate(_LAYOUT).isprintable()
    return FileContent(text=text) if is_text else FileContent(base64=b64encode(data).decode())


def plain(record: msgspec.Struct, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A record as plain data, as far as it differs from the defaults of `kind`."""
    tag_field, tag, fields = _defaults(kind)
    table: dict[str, Any] = {tag_field: tag} if tag_field else {}
    for name, key, default in fields:
        value = getattr(record, name)
        if value is not None and value != default:
            table[key] = _plain_value(value)
    return table


@cache  # to take a kind of record apart costs more than all its values
def _defaults(kind: type[msgspec.Struct]) -> tuple[str, str, tuple[tuple[str, str, Any], ...]]:
    """(key of the tag, tag, (field, its key, its default) of each field)"""
    config = kind.__struct_config__
    fields = tuple(
        (
            field.name,
            field.encode_name,
            field.default if field.default_factory is NODEFAULT else field.default_factory(),
        )
        for field in msgspec.structs.fields(kind)
    )
    return config.tag_field or "", str(config.tag), fields


def _plain_value(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return plain(value, type(value))
    if isinstance(value, Mapping):
        return {key: _plain_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(one) for one in value]
    return b64encode(value).decode() if isinstance(value, bytes) else value


def table_text(table: Mapping[str, Any]) -> str:
    """Plain data as TOML, one `[table]` or `[[table]]` below the other."""
    head = {key: value for key, value in table.items() if not _is_table(value)}
    ordered = {key: head.pop(key) for key in _HEADED if key in head} | head
    return "\n".join([_dumps(ordered), *_tables(table)])


def _tables(table: Mapping[str, Any]) -> Iterable[str]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield _dumps({key: value})
        elif _is_table(value):
            yield from (f"[[{key}]]\n{_entry(key, one)}" for one in value)


def _entry(path: str, table: Mapping[str, Any]) -> str:
    """One of several tables of a name, and its own tables behind it."""
    own = {key: value for key, value in table.items() if not _is_table(value)}
    text = _dumps(own)
    for key, value in table.items():
        inner = f"{path}.{_written(key)}"
        if isinstance(value, Mapping):
            text += f"\n[{inner}]\n{_entry(inner, value)}"
        elif _is_table(value):
            text += "".join(f"\n[[{inner}]]\n{_entry(inner, one)}" for one in value)
    return text


def _written(key: str) -> str:
    """A key as TOML has it: in quotes, where it is no plain word."""
    return _dumps({key: 0}).rpartition(" = ")[0]


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
    )


def _dumps(table: Mapping[str, Any]) -> str:
    """Long texts over several lines, unless that would lose the CR of their CR LF."""
    texts = list(_texts(table))
    is_long = any(len(text) > _LONG_CHARS and "\n" in text for text in texts)
    has_cr = any("\r" in text for text in texts)
    return tomli_w.dumps(table, multiline_strings=is_long and not has_cr)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)
