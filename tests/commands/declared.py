"""Command lines made from a declaration: those that fit it, and every way of not fitting it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quecsim.at.context import Context
from quecsim.at.grammar import Form
from quecsim.at.spec import Command, Integer, Key, Param, Text
from quecsim.cli.commands import reference_of
from quecsim.commands.catalogue import catalogue
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from quecsim.testing.command_lines import good_value


def declared(apart: Callable[[Profile], object] = lambda _: None) -> list[tuple[str, Command]]:
    """Every command as devices declare it, each at one of those that declare it so.

    `apart` is what else makes a difference between devices.
    """
    found: dict[tuple[str, str, str], tuple[str, Command]] = {}
    for name in reversed(profile_names()):
        profile = load_profile(name)
        entries = {entry.name: repr(entry) for entry in reference_of(profile)}
        for command in catalogue(profile):
            key = command.name, entries[command.name], repr(apart(profile))
            found.setdefault(key, (name, command))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Case:
    """`line` as the host types it; `fits` its declaration or not; `why` in words.

    `is_grammar`: it is no command line at all, and so plain ERROR whatever the command is.
    """

    line: bytes
    why: str
    fits: bool = False
    is_grammar: bool = False


_NO_NUMBERS = (
    ("x", "a letter"),
    ("1x", "half a number"),
    ("\xb2", "a superscript"),
    ("\xff", "no ASCII"),
    ("9" * 11, "endless"),
    ("0x1", "hexadecimal"),
)


def cases(command: Command, context: Context) -> Iterator[Case]:
    """All that follow from the declaration of one command."""
    if Form.WRITE in command.handlers and command.name[0] == "+":
        if command.keys:
            for key in command.known_keys(context):
                yield from _keyed(command, key, context)
            yield Case(_write(command, ['"no such key"']), "a key that there is not")
            yield Case(_write(command, [command.keys[0].name]), "a key without its quotes")
        else:
            yield from _written(command, list(command.params), [], context)
            needs = any(not param.optional for param in command.params)
            yield Case(_write(command, [""]), "nothing behind the =", fits=not needs)
        yield from _broken(command)
    elif Form.WRITE in command.handlers:
        yield from _basic(command, context)
    for form in (Form.READ, Form.EXECUTE, Form.TEST):
        if form in command.forms:
            yield Case(f"AT{command.name}{form.value}".encode(), form.name, fits=True)
        elif command.name[0] == "+":
            yield Case(f"AT{command.name}{form.value}".encode(), form.name, is_grammar=True)


def _basic(command: Command, context: Context) -> Iterator[Case]:
    """ATE1, AT&W0, ATS3=13."""
    equals = "=" if command.name[-1].isdigit() else ""
    for param in command.params:
        assert isinstance(param, Integer)
        for text, why, fits in _numbers(param, context):
            if text.isascii() and text.isdigit():
                line = f"AT{command.name}{equals}{text}".encode()
                yield Case(line, f"<{param.name}> {why}", fits=fits)


def _keyed(command: Command, key: Key, context: Context) -> Iterator[Case]:
    quoted = f'"{key.name}"'
    index = [good_value(param, context) for param in key.params[: key.index]]
    yield Case(_write(command, [quoted, *index]), "a query", fits=True)
    yield from _written(command, list(key.params), [quoted], context)
    for cut in range(key.index):
        fits = all(param.optional for param in key.params[cut : key.index])
        yield Case(_write(command, [quoted, *index[:cut]]), "an index is missing", fits=fits)


def _written(
    command: Command, params: list[Param], lead: list[str], context: Context
) -> Iterator[Case]:
    """Each parameter good, at its bounds, beyond them, of the wrong kind; too few; too many."""
    values = [good_value(param, context) for param in params]
    yield Case(_write(command, [*lead, *values]), "all parameters", fits=True)
    yield Case(_write(command, [*lead, *values, "1"]), "one too many")
    needed = [param for param in params if not param.optional]
    if needed and not lead:
        yield Case(_write(command, values[: len(needed)]), "only what is needed", fits=True)
        if len(needed) > 1:
            yield Case(_write(command, values[: len(needed) - 1]), "one too few")
    for place, param in enumerate(params):
        for text, why, fits in _tries(param, context):
            tried = [*values[:place], text, *values[place + 1 :]]
            yield Case(_write(command, [*lead, *tried]), f"<{param.name}> {why}", fits=fits)


def _tries(param: Param, context: Context) -> Iterator[tuple[str, str, bool]]:
    """(text, why, whether it fits) for one parameter."""
    if isinstance(param, Integer):
        yield from _numbers(param, context)
    elif isinstance(param, Text):
        yield f'"{"x" * (param.most_bytes(context) + 1)}"', "is too long", False
        if param.needs_quotes:
            yield "x", "lacks its quotes", False
    else:
        yield '"no such word"', "is not on the list", False
    yield '"a"b', "has text behind its quotes", False


def _numbers(param: Integer, context: Context) -> Iterator[tuple[str, str, bool]]:
    values = param.values(context)
    low, high = (
        (min(values), max(values)) if values else (param.bottom(context), param.top(context))
    )
    yield str(low), "at its lowest", True
    yield str(high), "at its highest", True
    yield str(high + 1), "one too high", False
    yield (str(low - 1), "one too low", False)
    yield f'"{low}"', "in quotes", False
    yield from ((text, why, False) for text, why in _NO_NUMBERS)


def _broken(command: Command) -> Iterator[Case]:
    """No command line at all."""
    for tail, why in (('"open', "an open string"), ('"a""b"', "a string in a string")):
        line = f"AT{command.name}={tail}".encode()
        yield Case(line, why, is_grammar=True)


def _write(command: Command, arguments: list[str]) -> bytes:
    return f"AT{command.name}={','.join(arguments)}".encode("latin-1")
