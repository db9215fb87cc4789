"""From a profile's file to a `Profile`: its plain values, and how we know each of them.

In the file every value is written as

    rx_ring_bytes = { value = 4096, how = "documented", source = "which document says so" }

A file of one's own may begin with `extends = "ec200u"` and then holds only what differs. What it
extends may extend in turn. A part of ours may extend one that several devices share.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from quecsim.errors import QuecsimError
from quecsim.profiles.canned import Reply
from quecsim.profiles.ring_levels import scaled_levels
from quecsim.profiles.rules import broken_rules, missing_values
from quecsim.profiles.schema import How, Profile, Provenance, Uart
from quecsim.profiles.toml_check import BAD, Checker, did_you_mean, dotted, shown, without_none
from quecsim.profiles.toml_source import KeyPath, read_toml

_MOST_EXTENDS = 32
_SHIPPED = Path(__file__).parent / "data"
_OF_PROFILES = {"identity", "extends"}
_OF_SCENARIOS = {"shows", "device", "line", "host", "stall", "fault", "claim", "check", "case"}
_BASES = _SHIPPED / "bases"  # what sister devices have in common; no devices themselves
_PARTS = _SHIPPED / "parts"  # single parts that devices have in common


class _Known(msgspec.Struct, frozen=True):
    """One value of the file, before its type is looked at."""

    value: object
    how: How
    source: str
    note: str = ""


@cache
def profile_names() -> tuple[str, ...]:
    """The devices that come with quecsim."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))


def load_profile(name_or_path: str | Path) -> Profile:
    """The profile of a shipped device by name, or of a file by its path (ending in `.toml`).

    Raises `QuecsimError`: no such device, or everything that is wrong with the file.
    """
    if name_or_path in profile_names():
        return _read_shipped(_SHIPPED / f"{name_or_path}.toml")
    return _read(find_profile(name_or_path, Path()), ())


def is_profile(path: Path) -> bool:
    """Whether a file says by itself that it is a device's profile; a broken one does not."""
    try:
        table = read_toml(path).table if path.is_file() else {}
    except QuecsimError:
        return False
    return "shows" not in table and bool(_OF_PROFILES & table.keys())


def find_profile(name_or_path: str | Path, folder: Path) -> Path:
    """Where the profile lies; a relative path is taken from `folder`. Raises `QuecsimError`."""
    name = str(name_or_path)
    if name.endswith(".toml"):
        return folder / name
    shipped = _SHIPPED / f"{name.lower()}.toml"
    if shipped.stem in profile_names():
        return shipped
    advice = did_you_mean(name, profile_names())
    hint = f"{advice} A profile of your own is given by its path, ending in .toml."
    raise QuecsimError(f'no device is called "{name}"', hint=hint)


def _find_base(name: str, folder: Path) -> Path:
    """What a profile extends: a device, a file, or one of the shipped bases."""
    shared = _BASES / f"{name}.toml"
    return shared if shared.exists() else find_profile(name, folder)


def _read(path: Path, above: tuple[Path, ...]) -> Profile:
    """The profile of a file; those `above` it extend it, the last one directly."""
    return _read_shipped(path) if path.is_relative_to(_SHIPPED) else _read_anew(path, above)


@cache  # a search makes thousands of devices a minute, and reading one takes milliseconds
def _read_shipped(path: Path) -> Profile:
    """Ours extend only ours."""
    return _read_anew(path, ())


def _read_anew(path: Path, above: tuple[Path, ...]) -> Profile:
    reading = _Reading(Checker(read_toml(path)), (*above, path.resolve()))
    profile = reading.profile()
    reading.check.finish()
    assert isinstance(profile, Profile)
    return profile


def _with_shared(part: Any) -> Any:
    """A part that extends a shared one (`extends = "errors_lte"`), with that one's values. With
    `how = "assumed"` those are assumed on this device, which their documents do not cover.
    """
    path = _PARTS / f"{part.get('extends')}.toml" if isinstance(part, dict) else _PARTS
    if not path.is_file():
        return part
    own = {key: value for key, value in part.items() if key not in ("extends", "how")}
    how = {key: part[key] for key in ("how",) if key in part}
    return {key: value | how for key, value in read_toml(path).table.items()} | own


def _article(name: str) -> str:
    return "an" if name[:1] in "AEFILMNORSX" else "a"  # names are spelt


@dataclass(slots=True)
class _Reading:
    """One file on its way to a profile."""

    check: Checker
    chain: tuple[Path, ...]  # the files that extend it, the outermost first, and it
    provenance: dict[str, Provenance] = field(default_factory=dict)

    def profile(self) -> Any:
        table = dict(self.check.source.table)
        if _OF_SCENARIOS & table.keys() and not _OF_PROFILES & table.keys():
            raise QuecsimError(
                "this is a scenario, and no device",
                where=str(self.check.source.path),
                hint="Give it as the scenario: `quecsim run FILE`, or scenario= in Python.",
            )
        base = self._base(table)
        if base is BAD:
            return BAD
        if base is not None:
            self.provenance.update(self._inherited(table, base))
            table.setdefault("name", self.check.source.path.stem)
        parts = {one.name: one.type for one in msgspec.structs.fields(Profile)}
        del parts["provenance"], parts["replies"]
        self.check.unknown_keys((), table, [*parts, "extends", "inherits", "reply"])
        values = {name: self._part(name, kind, table, base) for name, kind in parts.items()}
        values["replies"] = self._replies(table, base)
        if any(value is BAD for value in values.values()):
            return BAD
        if base is not None:
            values["uart"] = self._scaled(values["uart"], table.get("uart", {}), base.uart)
        profile = Profile(**values, provenance=self.provenance)
        for path, message, hint in missing_values(profile):
            # Where nothing of that part is written here, it is the family that asks for it.
            self.check.add(path if path[0] in table else ("commands", "families"), message, hint)
        for keys, message, hint in broken_rules(profile):
            written = ((part, key) for part, key in keys if key in table.get(part, {}))
            self.check.add(next(written, keys[0]), message, hint)
        return profile

    def _inherited(self, table: dict[str, Any], base: Profile) -> dict[str, Provenance]:
        """How what is not said anew is known: as there, or taken over from a device whose documents
        do not cover this one (`inherits = "assumed"`).
        """
        if "inherits" not in table:
            return base.provenance
        if self.check.value(("inherits",), table["inherits"], Literal["assumed"]) is BAD:
            return base.provenance
        name = base.title.removeprefix("Quectel ")
        return {
            key: Provenance("assumed", f"as {_article(name)} {name}: {known.source}", known.note)
            for key, known in base.provenance.items()
        }

    def _scaled(self, uart: Uart, written: dict[str, Any], base: Uart) -> Uart:
        """With the RTS levels in proportion, where the file has another ring and no levels."""
        if uart.rx_ring_bytes == base.rx_ring_bytes:
            return uart
        source = f"in proportion to uart.rx_ring_bytes, as {base.rx_ring_bytes} bytes have them"
        levels = {
            key: level
            for key, level in scaled_levels(base, uart.rx_ring_bytes).items()
            if key not in written and f"uart.{key}" in self.provenance
        }
        self.provenance.update({f"uart.{key}": Provenance("assumed", source) for key in levels})
        return msgspec.structs.replace(uart, **levels)

    def _base(self, table: dict[str, Any]) -> Any:
        name = table.get("extends")
        if name is None:
            return None
        if not isinstance(name, str):
            return self.check.add(("extends",), f"extends must be text, not {shown(name)}")
        try:
            base = _find_base(name, self.check.source.path.parent)
        except QuecsimError as error:
            return self.check.add(("extends",), error.message, error.hint)
        if len(self.chain) > _MOST_EXTENDS:
            message = f"more than {_MOST_EXTENDS} profiles extend one another"
            return self.check.add(("extends",), message, "Let this one extend a device directly.")
        if base.resolve() in self.chain:
            circle = (*self.chain[self.chain.index(base.resolve()) :], base)
            hint = f"Each extends the next: {' -> '.join(path.name for path in circle)}."
            return self.check.add(("extends",), f'extends "{name}" closes a circle', hint)
        return _read(base, self.chain)

    def _part(self, name: str, kind: Any, table: dict[str, Any], base: Profile | None) -> Any:
        """One top-level entry: a table of known values, or the plain `name` and `title`."""
        inherited = getattr(base, name, None)
        kind, is_optional = without_none(kind)
        if name not in table:
            if inherited is None and is_optional:
                return None
            hint = "Every profile needs it, unless it extends another."
            return inherited or self.check.add((), f"{name} is missing", hint)
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            return self.check.value((name,), table[name], kind)
        part = _with_shared(table[name])
        return self.check.record((name,), part, kind, read=self._known, base=inherited)

    def _replies(self, table: dict[str, Any], base: Profile | None) -> Any:
        """The canned replies of this file, and behind them those of what it extends."""
        own = self.check.value(("reply",), table.get("reply", []), tuple[Reply, ...])
        if own is BAD:
            return BAD
        for at, reply in enumerate(own):
            if not reply.source.strip():
                hint = 'Say where the reply is from: how = "measured", source = "my log of May".'
                path = ("reply", at)
                self.check.add(path, f"{dotted(path)} does not say how it is known", hint)
        return (*own, *(base.replies if base is not None else ()))

    def _known(self, path: KeyPath, raw: Any, kind: Any) -> Any:
        """The reader of one value: takes `{ value, how, source }` apart."""
        if not isinstance(raw, dict):
            example = f'{path[-1]} = {{ value = {shown(raw)}, how = "assumed", source = "why" }}'
            message = f"{dotted(path)} does not say how it is known"
            return self.check.add(path, message, f"Write: {example}")
        known = self.check.record(path, raw, _Known)
        if known is BAD:
            return BAD
        if not known.source.strip():
            hint = "Name the document, the measurement, or the reason for assuming it."
            return self.check.add((*path, "source"), f"{dotted(path)} has an empty source", hint)
        self.provenance[dotted(path)] = Provenance(known.how, known.source, known.note)
        return self.check.value((*path, "value"), known.value, kind)
