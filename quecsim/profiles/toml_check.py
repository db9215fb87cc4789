"""Checking a TOML file against records: every mistake of the file at once, each with its line.

`Checker` walks a table and a `msgspec.Struct` side by side. It hands single values to msgspec
(strict: a number in quotes is not a number), keeps on after a mistake, and raises all of them
together at the end, in the words of the file and not of Python.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, inspect
from msgspec.structs import FieldInfo

from quecsim.errors import QuecsimError
from quecsim.profiles.toml_source import KeyPath, TomlSource
from quecsim.quantity import QuantityError, of_key

# What a reader gives for a value that it has already complained about.
BAD = msgspec.UNSET

MOMENT = {"format": "date-time"}
"""The `extra_json_schema` of a text that TOML may also have as a date, or a date and a time."""

Reader = Callable[[KeyPath, Any, Any], Any]


class FileError(QuecsimError):
    """Every mistake found in one file; `mistakes` has them one by one, in the file's order."""

    def __init__(self, file: str, mistakes: tuple[QuecsimError, ...]) -> None:
        self.mistakes = mistakes
        if len(mistakes) == 1:
            (only,) = mistakes
            super().__init__(only.message, hint=only.hint, where=only.where)
        else:
            listed = "\n".join(map(str, mistakes)).replace("\n", "\n  ")
            super().__init__(f"{len(mistakes)} mistakes", hint=listed, where=file)


class Checker:
    """The mistakes of one file, and the readers that find them."""

    def __init__(self, source: TomlSource) -> None:
        self.source = source
        self._mistakes: list[tuple[int, QuecsimError]] = []

    def add(self, path: KeyPath, message: str, hint: str = "") -> Any:
        """Note a mistake at the key `path`; gives `BAD`, for readers to pass on."""
        mistake = QuecsimError(message, hint=hint, where=self.source.where(path))
        self._mistakes.append((self.source.line(path) or 0, mistake))
        return BAD

    def finish(self) -> None:
        """Raise what has been noted, if anything."""
        if self._mistakes:
            ordered = sorted(self._mistakes, key=lambda noted: noted[0])
            raise FileError(str(self.source.path), tuple(mistake for _, mistake in ordered))

    def value(self, path: KeyPath, raw: Any, kind: Any) -> Any:
        """`raw` as `kind`: a record, a list or table of records, or a single value; or `BAD`."""
        kind = without_none(kind)[0]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.record(path, raw, kind)
        if tagged := _tagged(kind):
            return self._tagged_record(path, raw, tagged)
        bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
        item = _record_item(bare)
        if item is not None and get_origin(bare) is tuple and isinstance(raw, list):
            if not _is_short_enough(raw, kind):
                return self.add(path, f"{dotted(path)} has too many entries: {len(raw)}")
            return _all(tuple, [self.value((*path, at), one, item) for at, one in enumerate(raw)])
        if item is not None and get_origin(kind) is dict and isinstance(raw, dict):
            values = [self.value((*path, key), one, item) for key, one in raw.items()]
            return _all(lambda read: dict(zip(raw, read, strict=True)), values)
        if hasattr(raw, "isoformat") and _is_moment(kind):
            raw = raw.isoformat()
        if isinstance(raw, str) and isinstance(_plain_type(kind), inspect.IntType):
            return self._quantity(path, raw, kind)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError:
            return self.add(path, f"{dotted(path)} must be {wanted(kind)}, not {shown(raw)}")

    def _quantity(self, path: KeyPath, raw: str, kind: Any) -> Any:
        """A text where a number is wanted: a value with its unit ("5ms"), if the key has one."""
        key = next((str(part) for part in reversed(path) if part != "value"), "")
        try:
            number = of_key(key, raw)
        except QuantityError as error:
            message = f"{dotted(path)} must be {wanted(kind)}, not {shown(raw)}"
            return self.add(path, message, f"As text: {error}.")
        try:
            return msgspec.convert(number, kind)
        except msgspec.ValidationError:
            return self.add(path, f"{dotted(path)} must be {wanted(kind)}, not {shown(raw)}")

    def record(
        self,
        path: KeyPath,
        raw: Any,
        kind: type[msgspec.Struct],
        *,
        read: Reader | None = None,
        base: msgspec.Struct | None = None,
    ) -> Any:
        """A table as a record. `read` reads its values; `base` gives those that are absent."""
        if not isinstance(raw, dict):
            return self.add(path, f"{dotted(path)} must be a table, not {shown(raw)}")
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        tag_field = kind.__struct_config__.tag_field
        self.unknown_keys(path, raw, [*fields, *([tag_field] if tag_field else [])])
        reader = read or self.value
        values = {
            field.name: reader((*path, key), raw[key], field.type)
            if key in raw
            else self._absent(path, field, base)
            for key, field in fields.items()
        }
        return _all(
            lambda read_values: self._made(path, kind, dict(zip(values, read_values, strict=True))),
            values,
        )

    def _made(self, path: KeyPath, kind: type[msgspec.Struct], values: dict[str, Any]) -> Any:
        """The record, which may have something to say about values that are good one by one."""
        try:
            return kind(**values)
        except ValueError as error:
            return self.add(path, f"{dotted(path)}: {error}")

    def _tagged_record(
        self, path: KeyPath, raw: Any, kinds: dict[str, type[msgspec.Struct]]
    ) -> Any:
        """A table as the record that its tag names."""
        if not isinstance(raw, dict):
            return self.add(path, f"{dotted(path)} must be a table, not {shown(raw)}")
        field = next(iter(kinds.values())).__struct_config__.tag_field
        assert field is not None
        name = dotted((*path, field))
        if field not in raw:
            return self.add(path, f"{name} is missing", f"Known here: {', '.join(kinds)}.")
        tag = raw[field]
        if not isinstance(tag, str) or tag not in kinds:
            hint = did_you_mean(str(tag), kinds)
            return self.add((*path, field), f"{name} cannot be {shown(tag)}", hint)
        return self.record(path, raw, kinds[tag])

    def unknown_keys(self, path: KeyPath, raw: dict[str, Any], known: Iterable[str]) -> None:
        """Complain about each key that nobody reads."""
        names = list(known)
        place = f" in {dotted(path)}" if path else ""
        for key in raw.keys() - set(names):
            self.add((*path, key), f'unknown key "{key}"{place}', did_you_mean(key, names))

    def _absent(self, path: KeyPath, field: FieldInfo, base: msgspec.Struct | None) -> Any:
        if base is not None:
            return getattr(base, field.name)
        if field.default is not NODEFAULT:
            return field.default
        if field.default_factory is not NODEFAULT:
            return field.default_factory()
        name = dotted((*path, field.encode_name))
        return self.add(path, f"{name} is missing", f"It is {wanted(field.type)}.")


def read_values(raw: dict[str, Any], kind: Any) -> Any:
    """Values that stand in no file, as the record `kind`; None is absent. Raises QuecsimError about
    the first that is wrong, worded as for a file.
    """
    given = {key: value for key, value in raw.items() if value is not None}
    check = Checker(TomlSource(Path(), "", given))
    made = check.value((), given, kind)
    try:
        check.finish()
    except FileError as error:
        first = error.mistakes[0]
        raise QuecsimError(first.message, hint=first.hint) from None
    return made


def _all(build: Callable[[list[Any]], Any], values: Any) -> Any:
    """Build from the values, unless one of them was a mistake."""
    read = list(values.values()) if isinstance(values, dict) else values
    return BAD if any(value is BAD for value in read) else build(read)


def without_none(kind: Any) -> tuple[Any, bool]:
    """A type without `| None`, and whether it had one: TOML has no null, None means absent."""
    options = [option for option in get_args(kind) if option is not NoneType]
    is_optional = NoneType in get_args(kind) and len(options) == 1
    return (options[0], True) if is_optional else (kind, False)


def _is_short_enough(raw: list[Any], kind: Any) -> bool:
    """Whether a list keeps to the length that its kind allows."""
    limits = [meta.max_length for meta in get_args(kind)[1:] if isinstance(meta, msgspec.Meta)]
    return all(limit is None or len(raw) <= limit for limit in limits)


def _record_item(kind: Any) -> Any:
    """The record, or choice of records, that a list or table holds; None for any other type."""
    for option in get_args(kind):
        is_record = isinstance(option, type) and issubclass(option, msgspec.Struct)
        if is_record or _tagged(option):
            return option
    return None


def _tagged(kind: Any) -> dict[str, type[msgspec.Struct]]:
    """The records of a choice by their tags; empty for any other type."""
    options = get_args(kind) if isinstance(kind, UnionType) or get_origin(kind) is Union else ()
    if not options or not all(
        isinstance(option, type) and issubclass(option, msgspec.Struct) for option in options
    ):
        return {}
    return {str(option.__struct_config__.tag): option for option in options}


def dotted(path: KeyPath) -> str:
    """A key as people write it: `uart.baud`, `stall[2].at_byte` (counting from 1)."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        else:
            shown_part = part if part.replace("_", "").replace("-", "").isalnum() else f'"{part}"'
            name += f".{shown_part}" if name else shown_part
    return name


def shown(raw: Any) -> str:
    """A value as it stands in the file, cut to a readable length."""
    if isinstance(raw, float):
        return repr(raw)
    text = msgspec.json.encode(raw, enc_hook=repr).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is not among the known ones."""
    names = list(known)
    by_small = {name.lower(): name for name in names}
    near = get_close_matches(word.lower(), by_small, n=1, cutoff=0.6)
    return f'Did you mean "{by_small[near[0]]}"?' if near else f"Known here: {', '.join(names)}."


def wanted(kind: Any) -> str:
    """What a type accepts, in plain words: `a whole number from 0 to 2`."""
    return _words(inspect.type_info(without_none(kind)[0]))


def _words(info: inspect.Type) -> str:
    match info:
        case inspect.Metadata(extra_json_schema={"description": str(words)}):
            return words
        case inspect.Metadata(type=inner):
            return _words(inner)
        case inspect.IntType():
            return "a whole number" + _range(info)
        case inspect.FloatType():
            return "a number" + _range(info)
        case inspect.BoolType():
            return "true or false"
        case inspect.StrType():
            return "text"
        case inspect.LiteralType(values=values):
            return " or ".join(shown(value) for value in values)
        case inspect.TupleType(item_types=items):
            return f"a list of {len(items)}, each {_words(items[0])}"
        case inspect.VarTupleType(item_type=item, min_length=least):
            return f"a list{' of at least one' if least else ''}, each {_words(item)}"
        case _:
            return "a table"


def _is_moment(kind: Any) -> bool:
    metas = (meta for meta in get_args(kind)[1:] if isinstance(meta, msgspec.Meta))
    return any(meta.extra_json_schema == MOMENT for meta in metas)


def _plain_type(kind: Any) -> inspect.Type:
    """The type below its bounds."""
    info = inspect.type_info(kind)
    while isinstance(info, inspect.Metadata):
        info = info.type
    return info


def _range(info: inspect.IntType | inspect.FloatType) -> str:
    low = f" above {info.gt}" if info.gt is not None else ""
    low = f" from {info.ge}" if info.ge is not None else low
    return low + (f" to {info.le}" if info.le is not None else "")
