"""The reference page of a device's commands, derived from their declarations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quecsim.at.context import Context
from quecsim.at.grammar import Form
from quecsim.at.spec import Catalogue, Choice, Command, Integer, Key, NumberOrText, Param


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter in words: `1-65535`, and what it is when it is left out."""

    name: str
    values: str
    default: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Syntax:
    """One way to write a command, with its parameters."""

    text: str
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One command of a device."""

    name: str
    title: str
    forms: tuple[Syntax, ...]
    test_reply: tuple[str, ...]
    source: str


def reference(catalogue: Catalogue, context: Context) -> list[Entry]:
    """All commands that the device has, in the order of its families."""
    return [_entry(command, context) for command in catalogue]


def usage(command: Command) -> str:
    """How to write it, in the usual brackets: `AT+QFOPEN=<filename>[,<mode>]`."""
    if command.keys:
        return f'AT{command.name}="<key>"[,...]'
    return f"AT{command.name}={_arguments(command.params)}"


def _entry(command: Command, context: Context) -> Entry:
    lines = command.test_lines(context) if Form.TEST in command.forms else []
    return Entry(
        command.name,
        command.title,
        tuple(_forms(command, context)),
        tuple(line for text in lines for line in text.split("\r\n")),
        command.document(context),
    )


def _forms(command: Command, context: Context) -> Iterator[Syntax]:
    for form in command.forms:
        if form is not Form.WRITE:
            yield Syntax(f"AT{command.name}{form.value}")
        elif command.keys:
            for key in command.known_keys(context):
                yield _key(command, key, context)
        else:
            equals = "=" if len(command.name) > 1 and command.name[0] in "+S" else ""
            text = f"AT{command.name}{equals}{_arguments(command.params)}"
            yield Syntax(text, tuple(_parameter(param, context) for param in command.params))


def _key(command: Command, key: Key, context: Context) -> Syntax:
    """A key's values are all optional: without them it is a query."""
    index, values = key.params[: key.index], key.params[key.index :]
    lead = "".join(f",<{param.name}>" for param in index)
    text = f'AT{command.name}="{key.name}"{lead}'
    if values:
        text += f"[,{_arguments(values)}]"
    return Syntax(text, tuple(_parameter(param, context) for param in key.params))


def _arguments(params: Sequence[Param]) -> str:
    """`<filename>[,<mode>[,<length>]]`."""
    text, open_brackets = "", 0
    for param in params:
        comma = "," if text else ""
        if param.optional:
            text += "["
            open_brackets += 1
        text += f"{comma}<{param.name}>"
    return text + "]" * open_brackets


def _parameter(param: Param, context: Context) -> Parameter:
    default = param.absent(context) if param.optional else None
    shown = "" if default is None else str(default)
    return Parameter(param.name, _values(param, context), shown, param.optional)


def _values(param: Param, context: Context) -> str:
    if isinstance(param, Choice):
        return param.describe(context).strip("()")
    if isinstance(param, NumberOrText):
        return f"{_values(param.number, context)}, or text in quotes"
    note = param.note(context) if callable(param.note) else param.note
    if isinstance(param, Integer):
        limits = param.describe(context).strip("()")
    else:
        limits = f"text of at most {param.most_bytes(context)} bytes"
    return f"{limits}: {note}" if note else limits
