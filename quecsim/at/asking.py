"""What a call asks to transfer, read as leniently as can be: also where the device will refuse it.

The commands say with these which transfer a write call of theirs begins (`Command.asks`), so that a
record can name the file of an upload that never came to data mode.
"""

from collections.abc import Callable
from typing import TypeAlias

from quecsim.at.context import Context
from quecsim.at.grammar import Call
from quecsim.at.spec import Ask
from quecsim.flash.labels import label_of
from quecsim.units import s

Asking: TypeAlias = Callable[[Context, Call], Ask | None]


def text_at(call: Call, index: int) -> str:
    """Argument `index` as it stands; empty where it is not there."""
    argument = call.arguments[index] if index < len(call.arguments) else None
    return argument.text if argument is not None else ""


def number_at(call: Call, index: int, default: int) -> int:
    """Argument `index` as a number; `default` where it is none."""
    text = text_at(call, index)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else default


def file_by_name(context: Context, call: Call) -> Ask:
    """`<name>[,<size>[,<timeout>]]`, from the host."""
    files = context.profile.files
    name = text_at(call, 0)
    return Ask(
        label_of(name) if name else "",
        number_at(call, 1, files.default_size_bytes),
        s(number_at(call, 2, files.default_timeout_s)),
    )


def file_by_handle(context: Context, call: Call) -> Ask:
    """`<handle>[,<size>[,<timeout>]]`, from the host; a handle that is not in use has no name."""
    files = context.profile.files
    opened = context.handles.files.get(number_at(call, 0, -1))
    return Ask(
        opened.name if opened is not None else "",
        number_at(call, 1, files.default_size_bytes),
        s(number_at(call, 2, files.default_timeout_s)),
    )


def typed(name: str, size: int, seconds: int | None = None) -> Asking:
    """Data that the host types behind a prompt or CONNECT, whose size is argument `size` and how
    long it may take argument `seconds`; 0 bytes are a question.
    """

    def asking(context: Context, call: Call) -> Ask | None:  # noqa: ARG001 - as the others
        if text_at(call, size) == "0":
            return None
        time_s = 0 if seconds is None else number_at(call, seconds, 0)
        return Ask(name, number_at(call, size, 0), s(time_s))

    return asking


def file_to_host(context: Context, call: Call) -> Ask:  # noqa: ARG001 - as the others
    """`<name>`, to the host."""
    name = text_at(call, 0)
    return Ask(label_of(name) if name else "", is_in=False)


def handle_to_host(context: Context, call: Call) -> Ask:
    """`<handle>[,<size>]`, to the host."""
    opened = context.handles.files.get(number_at(call, 0, -1))
    name = opened.name if opened is not None else ""
    return Ask(name, number_at(call, 1, 0), is_in=False)
