"""The keys of scenario files and of profiles, from the records that read them."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.quirks import QUIRKS, Quirks
from quecsim.profiles.schema import Profile
from quecsim.scenario.schema import ScenarioFile
from website.generated.markdown import code, prose, table
from website.generated.records import (
    Record,
    is_list,
    keys_table,
    records_in,
    takes,
    unit,
)

_LONGEST_SHOWN = 48
_HAS_A_PAGE = ("fault",)
_NO_PART = ("name", "title", "reply", "provenance")
_NOT_SET = {"None: ": "Not set: ", "None ": "not set "}


def scenario_keys() -> str:
    """Every table of a scenario file, and what is inside it."""
    fields = msgspec.structs.fields(ScenarioFile)
    top = [one.name for one in fields if records_in(one.type)]
    parts = ["## The file itself\n", keys_table(ScenarioFile, leave_out=tuple(top))]
    for one in fields:
        name = one.encode_name
        if not records_in(one.type):
            continue
        title = f"[[{name}]]" if is_list(one.type) else f"[{name}]"
        if name in _HAS_A_PAGE:
            parts.append(f"## `{title}`\n\nEach kind has keys of its own: [](faults.md).\n")
        elif records_in(one.type) == [Quirks]:
            parts.append(f"## `{title}`\n\n{_words(Quirks)}\n\n{_quirks()}")
        else:
            parts += _tables(title, name, records_in(one.type), level=2)
    return "\n".join(parts)


def _tables(title: str, name: str, kinds: Sequence[Record], level: int) -> Iterator[str]:
    for kind in kinds:
        tag = kind.__struct_config__.tag
        heading = f"{title}, {kind.__struct_config__.tag_field} = {tag}" if tag else title
        yield f"{'#' * level} `{heading}`\n\n{_words(kind)}\n\n{keys_table(kind)}"
        for one in msgspec.structs.fields(kind):
            inner = [each for each in records_in(one.type) if each is not kind]
            below = f"{name}.{one.encode_name}"
            wrapped = f"[[{below}]]" if is_list(one.type) else f"[{below}]"
            yield from _tables(wrapped, below, inner, min(level + 1, 4))


def _words(kind: Record) -> str:
    text = prose(kind.__doc__)
    for old, new in _NOT_SET.items():
        text = text.replace(old, new)
    return text


def _quirks() -> str:
    fields = {one.name: one for one in msgspec.structs.fields(Quirks)}
    rows = [
        (
            code(quirk.name),
            code(quirk.place),
            takes(fields[name]),
            ", ".join(code(msgspec.json.encode(value).decode()) for value in quirk.readings),
        )
        for name, quirk in QUIRKS.items()
    ]
    return table(("quirk", "value of the profile", "takes", "tried where it is assumed"), rows)


def profile_keys() -> str:
    """Every part of a profile, with what the devices that come with quecsim have there."""
    profiles = [load_profile(name) for name in profile_names()]
    parts = []
    for one in msgspec.structs.fields(Profile):
        if one.encode_name in _NO_PART:
            continue
        (kind,) = records_in(one.type)[:1]
        rows = [
            (code(key.encode_name), takes(key), unit(key), _values(profiles, one.name, key.name))
            for key in msgspec.structs.fields(kind)
        ]
        head = ("key", "takes", "unit", "the devices have")
        parts.append(f"## `[{one.encode_name}]`\n\n{_words(kind)}\n\n{table(head, rows)}")
    return "\n".join(parts)


def _values(profiles: Sequence[Profile], part: str, key: str) -> str:
    """Which device has which value, and how that is known."""
    have: dict[str, list[str]] = {}
    for profile in profiles:
        known = profile.provenance.get(f"{part}.{key}")
        if known is not None:
            value = msgspec.json.encode(getattr(getattr(profile, part), key)).decode()
            have.setdefault(value, []).append(f"{profile.name} {known.how[0]}")
    return "; ".join(f"{code(_short(value))} ({', '.join(who)})" for value, who in have.items())


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 3]}..."


def device_counts() -> str:
    """The devices, how many values are known in which way, and their pages."""
    rows = []
    for name in profile_names():
        profile = load_profile(name)
        hows = [known.how for known in profile.provenance.values()]
        counts = [str(hows.count(how)) for how in ("documented", "measured", "assumed")]
        rows.append((f"[{name}](../devices/{name}.md)", profile.title, *counts))
    return table(("device", "is", "documented", "measured", "assumed"), rows) + toctree(
        f"../devices/{name}" for name in profile_names()
    )


def toctree(names: Iterable[str]) -> str:
    """Puts pages below this one."""
    return "\n".join(["", "```{toctree}", ":hidden:", ":titlesonly:", "", *names, "```", ""])
