"""The body of a command line -> calls (V.250 clause 5.4), and the `=?` text from declarations.

A body holds any number of basic commands (`E0V1`, `&W`, `S3=13`) one after the other, and
extended ones (`+CMEE=1`) separated by semicolons. Quoted strings may hold commas and semicolons.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, overload

import msgspec

from quecsim.at.results import AtError

_NAME = re.compile(r"[+*^$%][A-Z][A-Z0-9!%\-./:_]*", re.IGNORECASE | re.ASCII)
_BASIC = re.compile(r"(&?[A-Z])([0-9]*)", re.IGNORECASE | re.ASCII)
_KEY_QUERY = re.compile(r'="([^"]*)"\?(?=;|\Z)')
_END = re.compile(r" *(?:;|\Z)")
_REGISTER = re.compile(r"(S[0-9]+)(\?|=\?|=([0-9]*))", re.IGNORECASE | re.ASCII)
_FOLLOWS = re.compile(r"[A-Z&+*^$%;]|\Z", re.IGNORECASE | re.ASCII)  # a basic command


class Form(Enum):
    """The four forms of a command; a name whose parameters make no sense; one not taken apart."""

    TEST = "=?"
    READ = "?"
    WRITE = "="
    EXECUTE = ""
    MALFORMED = "!"
    WRITTEN = "..."


class Argument(msgspec.Struct, frozen=True):
    """One parameter as written; `is_quoted` tells `"12"` from `12`."""

    text: str
    is_quoted: bool


class Call(msgspec.Struct, frozen=True):
    """One command out of a line. `arguments` holds None where a parameter was left empty; those of
    a READ are the key in `AT+QCFG="usbifc"?`.
    """

    name: str
    form: Form
    arguments: tuple[Argument | None, ...] = ()


class Claimed(msgspec.Struct, frozen=True):
    """One command of a line that somebody answers as it is written: no grammar has a say in it."""

    text: str
    name: str
    by: Any


@overload
def parse_body(body: str, *, keeps_spaces: bool = False) -> Iterator[Call]: ...


@overload
def parse_body(
    body: str, claim: Callable[[str], Any] | None, *, keeps_spaces: bool = False
) -> Iterator[Call | Claimed]: ...


def parse_body(
    body: str, claim: Callable[[str], Any] | None = None, *, keeps_spaces: bool = False
) -> Iterator[Call | Claimed]:
    """Yield the calls one by one; AtError (plain ERROR) at the first that is no command.

    Lazily, because the commands before a broken one have run by then, as on the device. One with a
    name and no parameters that make sense is yielded as malformed before the error. `claim` is
    shown each command as it is written, and returns something where it is to be yielded as claimed.
    `keeps_spaces`: those within a name, or within a value without quotes, belong to it.
    """
    rest = body if keeps_spaces else _without_spaces(body)
    while rest := rest.lstrip(" "):
        if rest[0] == ";":
            rest = rest[1:]
            continue
        if claim is not None and (by := claim(text := _one_command(rest))) is not None:
            yield Claimed(text, _written_name(text), by)
            rest = rest[len(text) + 1 :]
            continue
        try:
            call, rest = _next_call(rest)
        except AtError:
            if match := _NAME.match(rest):
                yield Call(match.group().upper(), Form.MALFORMED)
            raise
        yield call


def _one_command(rest: str) -> str:
    """Up to the next semicolon outside of quotes."""
    is_quoted = False
    for place, sign in enumerate(rest):
        if sign == ";" and not is_quoted:
            return rest[:place]
        is_quoted ^= sign == '"'
    return rest


def _written_name(text: str) -> str:
    """What a command is called, whatever else is written."""
    match = _NAME.match(text) or _BASIC.match(text)
    return match.group().upper() if match else text


def _without_spaces(body: str) -> str:
    """Drop spaces outside quoted strings."""
    parts = body.split('"')
    parts[::2] = [part.replace(" ", "") for part in parts[::2]]
    return '"'.join(parts)


def _next_call(rest: str) -> tuple[Call, str]:
    if match := _NAME.match(rest):
        return _extended(match.group().upper(), rest[match.end() :])
    if match := _REGISTER.match(rest):
        call, tail = _register(match), rest[match.end() :]
    elif match := _BASIC.match(rest):
        call, tail = _basic(match, rest[match.end() :])
    else:
        raise AtError
    tail = tail.lstrip(" ")  # between two commands, where it is within neither
    if not _FOLLOWS.match(tail):  # `S3=1.5` and `E-1` are no `S3=1` and `E` with a mistake behind
        raise AtError
    return call, tail


def _extended(name: str, tail: str) -> tuple[Call, str]:
    for form in (Form.EXECUTE, Form.READ, Form.TEST):
        if tail.startswith(form.value) and (end := _END.match(tail, len(form.value))):
            return Call(name, form), tail[end.end() :]
    if match := _KEY_QUERY.match(tail):
        key = Argument(match[1], is_quoted=True)
        return Call(name, Form.READ, (key,)), tail[match.end() + 1 :]
    if tail[0] == "=":
        arguments, rest = _arguments(tail[1:])
        return Call(name, Form.WRITE, arguments), rest
    raise AtError


def _register(match: re.Match[str]) -> Call:
    name, operation, value = match.groups()
    name = name.upper()
    if operation == "?":
        return Call(name, Form.READ)
    if operation == "=?":
        return Call(name, Form.TEST)
    # Without a value V.250 5.3.2 allows 0, or ERROR and no change: 0 in S3 would be a deaf port.
    return Call(name, Form.WRITE, (Argument(value, is_quoted=False) if value else None,))


def _basic(match: re.Match[str], rest: str) -> tuple[Call, str]:
    name, digits = match.group(1).upper(), match.group(2)
    if rest[:2] == "=?":
        return Call(name, Form.TEST), rest[2:]
    if rest[:1] == "?":
        return Call(name, Form.READ), rest[1:]
    arguments = (Argument(digits, is_quoted=False),) if digits else ()
    return Call(name, Form.WRITE if digits else Form.EXECUTE, arguments), rest


def _arguments(text: str) -> tuple[tuple[Argument | None, ...], str]:
    """Split at commas up to a semicolon or the end, minding quotes."""
    arguments: list[Argument | None] = []
    while True:
        argument, text = _argument(text)
        arguments.append(argument)
        if not text or text[0] == ";":
            return tuple(arguments), text[1:]
        text = text[1:]


def _argument(text: str) -> tuple[Argument | None, str]:
    text = text.lstrip(" ")
    if text[:1] == '"':
        end = text.find('"', 1)
        tail = text[end + 1 :].lstrip(" ")
        if end < 0 or tail[:1] not in ("", ",", ";"):
            raise AtError
        return Argument(text[1:end], is_quoted=True), tail
    end = next((i for i, c in enumerate(text) if c in ',;"'), len(text))
    if text[end : end + 1] == '"':
        raise AtError
    value = text[:end].rstrip(" ")
    return (Argument(value, is_quoted=False) if value else None), text[end:]
