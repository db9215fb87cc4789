"""The host's commands, where only the device was heard: it echoes them until ATE0."""

from collections.abc import Iterator

from quecsim.captures.opened import Told
from quecsim.captures.spoken import is_command
from quecsim.observed.heard import Heard

_LINE_BYTES = 1024


def with_commands(told: Iterator[Told]) -> Iterator[Told]:
    """The same, with each echoed command as the host said it, right before its echo."""
    held: list[Told] = []
    line = bytearray()
    is_start = True
    for each in told:
        held.append(each)
        if not isinstance(each, Heard):
            continue
        if is_start:
            line += each.data
            if _may_be(line) and b"\r" not in line:
                continue
            command = bytes(line[: line.find(b"\r")]) if b"\r" in line else b""
            if is_command(command):
                yield Heard(held[0].at_ns, "host", command + b"\r")
        yield from held
        is_start = each.data.endswith(b"\n")
        held.clear()
        line.clear()
    yield from held


def _may_be(line: bytes | bytearray) -> bool:
    """It is a command as far as it goes."""
    return len(line) <= _LINE_BYTES and b"AT".startswith(line[:2].upper())
