"""A profile to start from: the values of a device, commented out, and how to find out one's own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import to_builtins

from quecsim.profiles.finding import finding
from quecsim.profiles.schema import Profile, Provenance

_NO_PARTS = {"name", "title", "provenance", "replies"}
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_HEAD = """\
# {name}: a device of your own; until you say otherwise, one like {title}.
#
# A line that begins with # and a name is a value as {like} has it. Where you know better, take the
# # away, write your value, and say how you know it:
#   how = "measured"    seen on your module; source = the date, its firmware and how
#         "documented"  source = which manual says so, and where in it
#         "assumed"     source = why
# The line above it says how to find out. What stays commented out is as {like} has it.
#
#   quecsim devices diff {label} {path}
#   quecsim run {path}
"""


def starting_text(
    name: str, base: Profile, extends: str, path: str, steps: Mapping[str, str]
) -> str:
    """The text of a profile called `name`, to be written to `path`: it extends `base`, which is
    called `extends` in it. Taking away the # in front of every value makes no difference. `steps`
    are those of a probe, by the dotted name of what they measure.
    """
    label = extends if not extends.endswith(".toml") else f"./{extends}"
    head = _HEAD.format(name=name, title=base.title, like=base.name, label=label, path=path)
    lines = [
        head,
        f"extends = {toml_value(extends)}",
        f"name = {toml_value(name)}",
        f"title = {toml_value(f'{name}, like {base.title}')}",
    ]
    for one in msgspec.structs.fields(Profile):
        if one.name not in _NO_PARTS and getattr(base, one.name) is not None:
            lines += ["", f"[{one.name}]", *_values(base, one.name, steps)]
    return "\n".join(lines) + "\n"


def _values(base: Profile, part: str, steps: Mapping[str, str]) -> Iterator[str]:
    """Two lines for each value of one part that the device has."""
    table = to_builtins(getattr(base, part))
    for key, value in table.items():
        known = base.provenance.get(f"{part}.{key}")
        if known is not None:
            step = steps.get(f"{part}.{key}")
            yield f"# {f'quecsim probe: {step}' if step else finding(f'{part}.{key}')}"
            yield f"#{key} = {_known(value, known)}"


def _known(value: Any, known: Provenance) -> str:
    note = {"note": known.note} if known.note else {}
    return toml_value({"value": value, "how": known.how, "source": known.source, **note})


def toml_value(value: Any) -> str:
    """A value in TOML on one line: text, numbers, truth, and lists and tables of those."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case list() | tuple():
            return f"[{', '.join(toml_value(each) for each in value)}]"
        case _:
            pairs = (f"{_key(key)} = {toml_value(each)}" for key, each in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"


def _key(name: str) -> str:
    return name if name and _BARE.issuperset(name) else _quoted(name)


def _quoted(text: str) -> str:
    """As JSON has it, but that TOML wants DEL escaped and no halves of a pair."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
