"""AT command lines made from what a device declares: valid ones, and ways to spoil them."""

from collections.abc import Iterator
from functools import cache

from quecsim.at.context import Context
from quecsim.at.grammar import Form
from quecsim.at.spec import Choice, Command, NumberOrText, Param, Text
from quecsim.commands.catalogue import catalogue, load_device
from quecsim.rig import Rig

HOSTILE_LINES = (
    b"", b"A", b"AT", b"at", b"A/", b"AT+", b"AT+X", b"AT;", b"AT;;;", b"AT=", b"AT?", b"AT+=",
    b"AT" + b"x" * 2000, b"AT+QFUPL=", b'AT+QFUPL="', b'AT+QFUPL="a","b"', b'AT+QFUPL="a",0',
    b'AT+QFUPL="a",99999999999', b'AT+QFUPL="' + b"n" * 300 + b'",5', b"\xff\xfe\0AT", b"+++",
    b"AT+CMEE=2;+CMEE?;+NOSUCH;+CMEE?", b"\x11AT\x13", b"ATE0E1E0", b'AT+QFDEL="*";+QFLST',
)  # fmt: skip


@cache
def valid_lines(device: str) -> tuple[bytes, ...]:
    """Every command of the device in every form it has, with parameters that fit; without CR."""
    profile = load_device(device)
    context = Rig(profile).device.context
    found = [b"AT"]
    for command in catalogue(profile):
        found += (line.encode("latin-1") for line in _lines(command, context))
    return tuple(found)


def _lines(command: Command, context: Context) -> Iterator[str]:
    for form in (Form.TEST, Form.READ, Form.EXECUTE):
        if form in command.forms:
            yield f"AT{command.name}{form.value}"
    if Form.WRITE not in command.handlers:
        return
    if command.keys:
        for key in command.known_keys(context):
            values = [f'"{key.name}"', *(good_value(param, context) for param in key.params)]
            yield f"AT{command.name}={','.join(values)}"
    elif command.name[0] == "+":
        yield f"AT{command.name}={','.join(good_value(param, context) for param in command.params)}"
    else:
        equals = "=" if command.name[-1].isdigit() else ""
        yield from (f"AT{command.name}{equals}{good_value(p, context)}" for p in command.params)


def good_value(param: Param, context: Context) -> str:
    """A value that fits the parameter."""
    if isinstance(param, Choice):
        return param.values[0]
    if isinstance(param, Text):
        return '"x"'
    number = param.number if isinstance(param, NumberOrText) else param
    values = number.values(context)
    return str(values[0] if values else number.bottom(context))


def mutated(line: bytes, place: int, instead: bytes, count: int) -> bytes:
    """The line with `count` bytes at `place` (counted around) replaced by `instead`."""
    at = place % (len(line) + 1)
    return line[:at] + instead + line[at + count :]
