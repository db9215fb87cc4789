"""A command is one object in one place: syntax, ranges, defaults, source, handlers.

The `=?` reply, the reference pages and the tests are derived from it. Ranges that differ between
devices are functions of the context, never a second declaration. A settings command whose first
parameter is a key (`AT+QCFG="usbifc",2,2`) has its parameters key by key.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from quecsim.at.effects import Steps
from quecsim.at.grammar import Argument, Call, Form
from quecsim.at.results import AtError, Cme, Cms

if TYPE_CHECKING:
    from quecsim.at.context import Context

Role: TypeAlias = Literal["", "storage", "writing"]
Handler: TypeAlias = Callable[..., "Steps | Iterable[str] | str | None"]


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number: from a list of `allowed` values, or between `low` and `high`.

    `allowed`, `low`, `high` and `default` may be functions of the context where devices differ.
    `note` is for people: what else decides about the value.
    """

    name: str
    low: "int | Callable[[Context], int]" = 0
    high: "int | Callable[[Context], int]" = 255
    allowed: "tuple[int, ...] | Callable[[Context], tuple[int, ...]] | None" = None
    default: "int | Callable[[Context], int] | None" = None
    optional: bool = False
    note: "str | Callable[[Context], str]" = ""

    def absent(self, context: "Context") -> int | None:
        """What it is where the host leaves it out."""
        return self.default(context) if callable(self.default) else self.default

    def values(self, context: "Context") -> tuple[int, ...] | None:
        """The allowed values as a tuple, or None for a plain range."""
        return self.allowed(context) if callable(self.allowed) else self.allowed

    def bottom(self, context: "Context") -> int:
        """The smallest value of a plain range."""
        return self.low(context) if callable(self.low) else self.low

    def top(self, context: "Context") -> int:
        """The largest value of a plain range."""
        return self.high(context) if callable(self.high) else self.high

    def parse(self, argument: Argument, context: "Context") -> int:
        """The value; ValueError where it is no number or out of range."""
        if argument.is_quoted or not argument.text.isascii() or not argument.text.isdigit():
            raise ValueError(argument.text)
        if len(argument.text) > 10:
            raise ValueError(argument.text)
        value = int(argument.text)
        values = self.values(context)
        if values is not None:
            inside = value in values
        else:
            inside = self.bottom(context) <= value <= self.top(context)
        if not inside:
            raise ValueError(argument.text)
        return value

    def describe(self, context: "Context") -> str:
        """As in a `=?` reply: `(0,2)`, `(1-65535)` or `(0,5-100)`."""
        values = self.values(context)
        if values is None:
            return f"({self.bottom(context)}-{self.top(context)})"
        return f"({','.join(_spans(values))})"


@dataclass(frozen=True, slots=True)
class Text:
    """A string. Quectel's engines take file names with or without quotes.

    `max_bytes` may be a function of the context where devices differ.
    `described` is what a `=?` reply says of it, where that is not its name in angle brackets.
    `note` is for people: what else decides about the value. One that `is_secret` is shown as
    asterisks.
    """

    name: str
    max_bytes: "int | Callable[[Context], int]" = 255
    needs_quotes: bool = False
    default: str | None = None
    optional: bool = False
    described: str = ""
    note: "str | Callable[[Context], str]" = ""
    is_secret: bool = False

    def absent(self, context: "Context") -> str | None:  # noqa: ARG002
        """What it is where the host leaves it out."""
        return self.default

    def most_bytes(self, context: "Context") -> int:
        """How long it may be."""
        return self.max_bytes(context) if callable(self.max_bytes) else self.max_bytes

    def parse(self, argument: Argument, context: "Context") -> str:
        """The string; ValueError where it is too long or lacks its quotes."""
        is_long = len(argument.text) > self.most_bytes(context)
        if is_long or (self.needs_quotes and not argument.is_quoted):
            raise ValueError(argument.text)
        return argument.text

    def describe(self, context: "Context") -> str:  # noqa: ARG002
        """As in a `=?` reply: `<name>`."""
        return self.described or f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a list, with or without quotes, in upper or lower case."""

    name: str
    values: tuple[str, ...]
    default: str | None = None
    optional: bool = False

    def absent(self, context: "Context") -> str | None:  # noqa: ARG002
        """What it is where the host leaves it out."""
        return self.default

    def parse(self, argument: Argument, context: "Context") -> str:  # noqa: ARG002
        """The word as the list spells it; ValueError where it is not there."""
        for value in self.values:
            if value.casefold() == argument.text.casefold():
                return value
        raise ValueError(argument.text)

    def describe(self, context: "Context") -> str:  # noqa: ARG002
        """As in a `=?` reply: `(0X0035,0X002F)`."""
        return f"({','.join(self.values)})"


def _spans(values: Sequence[int]) -> Iterator[str]:
    """The values as they are listed; three and more in a row as `low-high`."""
    start = 0
    for end in range(1, len(values) + 1):
        if end < len(values) and values[end] == values[end - 1] + 1:
            continue
        row = values[start:end]
        yield from (f"{row[0]}-{row[-1]}",) if len(row) > 2 else map(str, row)
        start = end


@dataclass(frozen=True, slots=True)
class NumberOrText:
    """A number without quotes, or a text in quotes: which of the two says what is meant."""

    number: Integer
    text: Text

    @property
    def name(self) -> str:
        """As in a `=?` reply."""
        return self.number.name

    @property
    def optional(self) -> bool:
        """The host may leave it out."""
        return self.number.optional

    def absent(self, context: "Context") -> int | None:
        """What it is where the host leaves it out."""
        return self.number.absent(context)

    def parse(self, argument: Argument, context: "Context") -> int | str:
        """The one or the other; ValueError where it is neither."""
        param: Integer | Text = self.text if argument.is_quoted else self.number
        return param.parse(argument, context)

    def describe(self, context: "Context") -> str:
        """As in a `=?` reply: the number."""
        return self.number.describe(context)


Param: TypeAlias = Integer | Text | Choice | NumberOrText


@dataclass(frozen=True, slots=True)
class Ask:
    """A transfer of data that a call asks for, as far as the device understands the call.

    `is_in`: from the host to the device. See `quecsim.trace.event.TransferAsked`.
    """

    name: str
    size: int = 0
    timeout_ns: int = 0
    is_in: bool = True
    upgrade: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a settings command. The first `index` of its parameters are always needed (an SSL
    context, say); without the others the command is a query.
    """

    name: str
    params: tuple[Param, ...]
    index: int = 0

    def is_called(self, text: str) -> bool:
        """Whether the host means this key; case does not matter."""
        return text.casefold() == self.name.casefold()

    def is_query(self, arguments: Sequence[Argument | None]) -> bool:
        """Whether there is nothing behind the parameters that are always needed."""
        return not any(arguments[self.index :])


@dataclass(slots=True)
class Command:
    """One AT command. Make it, then hang handlers on it with the decorators below.

    A handler gets the context and one argument per parameter (the default, or None, where the host
    left it out), and gives information text: nothing, one line, several, or it is a generator of
    effects. `bad_parameter` is the error for parameters it cannot take; None is plain ERROR.
    `source` is a function of the context where the devices have it from different documents.

    A settings command has `keys` in place of `params`; its handler gets the `Key`, and the values
    of that key's parameters: None for all behind the index in a query.

    `is_tcpip`: how it ends is what AT+QIGETERROR tells.

    `role` says what it has to do with files; `asking` which transfer its write form asks for.
    `is_setting`: the read form tells what was set, and AT&V shows it.
    """

    name: str
    title: str
    source: "str | Callable[[Context], str]"
    params: tuple[Param, ...] = ()
    bad_parameter: Cme | Cms | None = None
    test_text: "str | Callable[[Context], str] | None" = None
    keys: tuple[Key, ...] = ()
    role: Role = ""
    is_tcpip: bool = False
    asking: "Callable[[Context, Call], Ask | None] | None" = None
    is_setting: bool = False
    handlers: dict[Form, Handler] = field(default_factory=dict)

    def write(self, handler: Handler) -> Handler:
        """Decorator: `AT+X=...`."""
        self.handlers[Form.WRITE] = handler
        return handler

    def read(self, handler: Handler) -> Handler:
        """Decorator: `AT+X?`."""
        self.handlers[Form.READ] = handler
        return handler

    def execute(self, handler: Handler) -> Handler:
        """Decorator: `AT+X`."""
        self.handlers[Form.EXECUTE] = handler
        return handler

    def asks(
        self, asking: "Callable[[Context, Call], Ask | None]"
    ) -> "Callable[[Context, Call], Ask | None]":
        """Decorator: which transfer a write call asks for, before anything of it is checked."""
        self.asking = asking
        return asking

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms that the device knows; the test form of an extended command always is one."""
        known = [form for form in Form if form in self.handlers]
        return (Form.TEST, *known) if self.name[0] == "+" else tuple(known)

    def document(self, context: "Context") -> str:
        """Which document says so of this device, or comes nearest to it."""
        return self.source(context) if callable(self.source) else self.source

    def test_lines(self, context: "Context") -> list[str]:
        """The information text of `AT+X=?`; none where the device answers a bare OK."""
        own = context.profile.commands.test_replies.get(self.name)
        if own is not None:
            return [own] if own else []
        if callable(self.test_text):
            return [self.test_text(context)]
        if self.test_text is not None:
            return [self.test_text] if self.test_text else []
        if self.keys:
            return [self._key_line(key, context) for key in self.known_keys(context)]
        if not self.params:
            return []
        return [f"{self.name}: {','.join(p.describe(context) for p in self.params)}"]

    def known_keys(self, context: "Context") -> tuple[Key, ...]:
        """The keys that this device has: all of them, unless its profile names some."""
        named = context.profile.commands.keys.get(self.name)
        return tuple(key for key in self.keys if named is None or key.name in named)

    def bind(self, call: Call, context: "Context") -> list[Any]:
        """The handler's arguments for a write call. Raises AtError where they do not fit."""
        if not self.keys:
            return self._bind(self.params, call.arguments, context)
        key = self._key(call.arguments[0], context)
        rest = call.arguments[1:]
        if not key.is_query(rest):
            return [key, *self._bind(key.params, rest, context)]
        bound = self._bind(key.params[: key.index], rest[: key.index], context)
        if len(rest) > key.index:
            raise AtError(self.bad_parameter)
        return [key, *bound, *(None for _ in key.params[key.index :])]

    def query(self, call: Call) -> Call:
        """`AT+X="key"?` as the query of that key; AtError for a command without keys."""
        if call.form is not Form.READ or not call.arguments:
            return call
        if not self.keys:
            raise AtError
        return msgspec.structs.replace(call, form=Form.WRITE)

    def _key(self, argument: Argument | None, context: "Context") -> Key:
        if argument is not None and argument.is_quoted:
            for key in self.known_keys(context):
                if key.is_called(argument.text):
                    return key
        raise AtError(self.bad_parameter)

    def _bind(
        self,
        params: Sequence[Param],
        arguments: Sequence[Argument | None],
        context: "Context",
    ) -> list[Any]:
        if len(arguments) > len(params):
            raise AtError(self.bad_parameter)
        bound = []
        for index, param in enumerate(params):
            argument = arguments[index] if index < len(arguments) else None
            bound.append(self._value(param, argument, context))
        return bound

    def _key_line(self, key: Key, context: "Context") -> str:
        parts = [f'"{key.name}"', *(param.describe(context) for param in key.params)]
        return f"{self.name}: {','.join(parts)}"

    def _value(self, param: Param, argument: Argument | None, context: "Context") -> Any:
        if argument is None:
            if not param.optional:
                raise AtError(self.bad_parameter)
            return param.absent(context)
        try:
            return param.parse(argument, context)
        except ValueError:
            raise AtError(self.bad_parameter) from None


class Catalogue:
    """The commands that a device knows, by name."""

    def __init__(
        self,
        *families: Iterable[Command],
        on_boot: "Callable[[Context], Steps | None] | None" = None,
    ) -> None:
        """`on_boot` gives what the device does at its start, before it is ready, if anything."""
        self.on_boot: Callable[[Context], Steps | None] = on_boot or (lambda _context: None)
        self._commands: dict[str, Command] = {}
        for command in (c for family in families for c in family):
            assert command.name not in self._commands, f"{command.name} is declared twice"
            self._commands[command.name] = command

    def get(self, name: str) -> Command | None:
        """The command of that name, if the device knows one."""
        return self._commands.get(name)

    def find(self, name: str) -> Command:
        """The command; AtError (plain ERROR) where there is none of that name."""
        command = self._commands.get(name)
        if command is None:
            raise AtError
        return command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())
