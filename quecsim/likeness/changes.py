"""One value of a profile, otherwise: all the other ways in which a module may have it, where the
schema names them, and those that a difference suggests by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from quecsim.commands.catalogue import FAMILIES
from quecsim.profiles.rules import broken_rules, missing_values
from quecsim.profiles.schema import Profile
from quecsim.profiles.starting import toml_value

_MOST_ALTERNATIVES = 4  # of a number with a range: those with more are measured, not guessed
_LISTS = ("files.storages",)
_BLOCKS = (256, 512, 1024, 2048, 4096)

TIMED = ("files.upload_timer", "files.ack_when", "uart.flow_scope")
"""Values that times may show when no reply does."""

# Parts that matter only to commands that begin so; all others may matter to any session.
_ONLY_WITH = {
    "mqtt": ("+QMT",),
    "http": ("+QHTTP",),
    "ftp": ("+QFTP",),
    "sockets": ("+QI", "+QSSL"),
    "tls": ("+QSSL",),
    "tcpip": ("+QI", "+QSSL", "+QMT", "+QHTTP", "+QFTP", "+CG"),
    "questions": ("+QPING", "+QNTP", "+QIDNS"),
    "fota": ("+QFOTADL",),
    "secure": ("+QSEC", "+QSSL"),
    "wifi": ("+QW", "+QSTA", "+QSOFT", "+QAP", "+QGET"),
    "wireless": ("+QBLE", "+QW"),
    "ble": ("+QBLE",),
    "radio": ("+C", "+Q"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """`place` of the profile (`files.list_order`, `errors.numbers.file_exists`) has `value`; None:
    the table has no such entry.
    """

    place: str
    value: Any

    @property
    def words(self) -> str:
        """As it is written: `files.upload_timeout = "cme421"`."""
        if self.value is None:
            return f"no {self.place}"
        told = list(self.value) if isinstance(self.value, tuple) else self.value
        return f"{self.place} = {toml_value(told)}"

    def on(self, profile: Profile) -> Profile:
        """The profile with it."""
        part, _, rest = self.place.partition(".")
        name, _, entry = rest.partition(".")
        old = getattr(profile, part)
        value = self.value
        if entry:
            table = {key: one for key, one in getattr(old, name).items() if key != entry}
            value = table if value is None else {**table, entry: value}
        new = msgspec.structs.replace(old, **{name: value})
        return msgspec.structs.replace(profile, **{part: new})


def is_possible(profile: Profile) -> bool:
    """Whether a device can have all these values at once."""
    if any(True for _ in broken_rules(profile)) or any(True for _ in missing_values(profile)):
        return False
    for name in profile.__struct_fields__:
        part = getattr(profile, name)
        try:
            if isinstance(part, msgspec.Struct):
                msgspec.convert(msgspec.to_builtins(part), type(part))
        except msgspec.ValidationError:
            return False
    return True


def alternatives(profile: Profile, commands: Iterable[str]) -> Iterator[Change]:
    """Every value that the schema lists for this device, but its own; of parts that matter to a
    session with these `commands`.
    """
    commands = tuple(commands)
    for place, values in _listed():
        part, _, name = place.partition(".")
        if place not in profile.provenance or not _matters(part, commands):
            continue
        own = getattr(getattr(profile, part), name)
        if place in _LISTS:
            yield from (Change(place, each) for each in _toggled(own, values))
        else:
            yield from (Change(place, value) for value in values if value != own)


def _matters(part: str, commands: tuple[str, ...]) -> bool:
    names = _ONLY_WITH.get(part)
    return names is None or any(command.startswith(names) for command in commands)


def _toggled(own: tuple[Any, ...], values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """One entry more, or one less."""
    for value in values:
        changed = tuple(each for each in own if each != value) if value in own else (*own, value)
        if changed:
            yield changed


@cache
def _listed() -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """(place, values) of all that has few of them."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    profile = inspect.type_info(Profile)
    assert isinstance(profile, inspect.StructType)
    for part in profile.fields:
        struct = _struct(part.type)
        for one in struct.fields if struct is not None else ():
            place = f"{part.name}.{one.name}"
            if values := _values(place, one.type):
                found.append((place, values))
    return tuple(found)


def _struct(kind: inspect.Type) -> inspect.StructType | None:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return next((each for each in kinds if isinstance(each, inspect.StructType)), None)


def _values(place: str, kind: inspect.Type) -> tuple[Any, ...]:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    match kind:
        case inspect.LiteralType():
            return tuple(kind.values)
        case inspect.BoolType():
            return (False, True)
        case inspect.IntType(ge=int() as low, le=int() as high) if high - low < _MOST_ALTERNATIVES:
            return tuple(range(low, high + 1))
        case inspect.IntType() if place == "files.ack_block_bytes":
            return _BLOCKS
        case inspect.VarTupleType() if place in _LISTS:
            return _values(place, kind.item_type)
        case _:
            return ()


# what a difference suggests


@dataclass(frozen=True, slots=True)
class Clue:
    """A difference as far as values can be read off it: the single command of its line with its
    form, the lines and the final result of both sides, the profile's `cause` for an error, and the
    number of the file that the module opened (-1: none).
    """

    command: str
    form: str
    module: tuple[str, ...]
    profile: tuple[str, ...]
    module_result: str
    profile_result: str
    cause: str = ""
    handle: int = -1


def suggested(clue: Clue, profile: Profile) -> Iterator[Change]:
    """The values with which the profile would say what the module said."""
    yield from _errors(clue, profile)
    yield from _identity(clue, profile)
    if clue.form == "test" and clue.module_result == "OK":
        yield Change(f"commands.test_replies.{clue.command}", "\r\n".join(clue.module))
    if clue.module_result != "OK" and not clue.module:
        yield from _without_command(clue, profile)
    if clue.profile_result != "OK" and not clue.profile:
        yield from _with_family(clue, profile)
    if clue.handle >= 0:
        yield Change("files.first_handle", clue.handle)


def _errors(clue: Clue, profile: Profile) -> Iterator[Change]:
    errors, told = profile.errors, clue.module_result.removeprefix("+CME ERROR:").strip()
    is_error = clue.module_result.startswith("+CME ERROR:")
    if not clue.cause or clue.cause == "other":
        return
    number = errors.numbers.get(clue.cause)  # type: ignore[call-overload]
    place = f"errors.numbers.{clue.cause}"
    if is_error and told.isdecimal():
        yield Change(place, int(told))
    elif is_error:
        known = [int(each) for each, words in errors.words.items() if words == told]
        yield from (Change(place, each) for each in known)
        if number is not None:
            yield Change(f"errors.words.{number}", told)
    elif clue.module_result == "ERROR" and number is not None:
        yield Change(place, None)


_IDENTITY = ("manufacturer", "model", "revision", "edition")


def _identity(clue: Clue, profile: Profile) -> Iterator[Change]:
    """A line that ends in what the profile calls itself."""
    for module, own in zip(clue.module, clue.profile, strict=False):
        for name in _IDENTITY:
            value = getattr(profile.identity, name)
            head = own.removesuffix(value)
            told = module.removeprefix(head).strip()
            if head != own and module != own and module.startswith(head) and told:
                yield Change(f"identity.{name}", told)


def _without_command(clue: Clue, profile: Profile) -> Iterator[Change]:
    commands = profile.commands
    named = {each.name for family in commands.families for each in FAMILIES[family]}
    if clue.command in named and clue.command not in commands.absent:
        yield Change("commands.absent", (*commands.absent, clue.command))


def _with_family(clue: Clue, profile: Profile) -> Iterator[Change]:
    commands = profile.commands
    if clue.command in commands.absent:
        left = tuple(name for name in commands.absent if name != clue.command)
        yield Change("commands.absent", left)
        return
    for family, members in FAMILIES.items():
        if family not in commands.families and any(m.name == clue.command for m in members):
            yield Change("commands.families", (*commands.families, family))
