"""A dialogue that a document prints, as data: what the host types and what the device answers.

A dialogue's `text` is written as the document prints it, without its comments:

    AT...                 the host types this line and a CR
    {name}                the host sends the payload of this name
    |name|                the device prints the payload of this name, as it is
    ...                   the lines between, where a number counts up (only between device lines)
    <reboot>              the device restarts: the texts of its profile's boot follow
    any other line        the device prints this

Empty lines are for the reader. What stands between a command and its final result is information
text, what comes later is an unsolicited result code; `parse` frames both by that.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quecsim.profiles.schema import Profile
from quecsim.scenario.network import Service

Payload = bytes | Callable[[Profile], bytes]
Servers = Sequence[Service | Mapping[str, Any]]
Services = Servers | Callable[[Profile], Servers]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One printed dialogue. A `note` says where it departs from the print, and why. `services` are
    the servers that it speaks with, as `[[service]]` has them, `ble_peers` who is on the air with
    it, as `[[ble_peer]]` does; `quirks` what the device is taken to be like, where documents
    contradict themselves."""

    section: str
    text: str
    devices: tuple[str, ...] = ()  # empty: all devices of the document
    note: str = ""
    payloads: Mapping[str, Payload] = field(default_factory=dict)
    port: str = "uart"
    ends_with_revision: str = ""  # what ATI shows afterwards; empty: not asked
    services: Services = ()
    ble_peers: Sequence[Mapping[str, Any]] = ()
    quirks: Mapping[str, Any] = field(default_factory=dict)
    is_joined: bool = True  # a Wi-Fi device has joined its access point before

    @property
    def commands(self) -> list[str]:
        """The lines that the host types."""
        return [line for line in lines_of(self.text) if is_typed(line)]


@dataclass(frozen=True, slots=True)
class Document:
    """All dialogues of one document, in its order."""

    title: str
    devices: tuple[str, ...]
    dialogues: tuple[Dialogue, ...]

    def devices_of(self, dialogue: Dialogue) -> tuple[str, ...]:
        """The devices that `dialogue` is for."""
        return dialogue.devices or self.devices


@dataclass(frozen=True, slots=True)
class Typed:
    """The host types a command line."""

    line: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The host sends a payload."""

    name: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The device prints exactly these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Passed:
    """The device passes on the payload of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Rebooted:
    """The device restarts."""


Step = Typed | Sent | Printed | Passed | Rebooted

_FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*|CONNECT( \d+)?|NO CARRIER|SEND OK|DEACT OK")
_PAYLOAD = re.compile(r"\{.*\}")
_PASSED = re.compile(r"\|.*\|")
_REBOOT = "<reboot>"
_ACK, _PROMPT = "A", ">"  # they end in no line end


def is_typed(line: str) -> bool:
    """The host types this line."""
    return line.startswith("AT") or line == "+++"


def lines_of(text: str) -> list[str]:
    """The lines that count, with `...` replaced by the lines between."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        whole
        for at, line in enumerate(lines)
        for whole in (between(lines[at - 1], lines[at + 1]) if line == "..." else [line])
    ]


def between(before: str, after: str) -> list[str]:
    """The lines that `...` stands for: the last number counts up from `before` to `after`."""
    (head, first), (same_head, last) = _counted(before), _counted(after)
    assert head == same_head, (before, after)
    return [f"{head}{number}" for number in range(first + 1, last)]


def _counted(line: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.*?)(\d+)", line)
    assert found is not None, line
    return found[1], int(found[2])


def parse(text: str, prompt: bytes = b"> ") -> Iterator[Step]:
    """The steps of a dialogue, what the device prints framed as ATV1 frames it; `prompt` is its
    own.
    """
    bare = {_ACK: b"A", _PROMPT: b"\r\n" + prompt}
    information: list[str] = []
    is_answering = False  # between a command and its final result
    for line in lines_of(text):
        if is_answering and not _is_special(line):
            information.append(line)
            continue
        if information:
            yield Printed(framed(*information))
            information = []
        if is_typed(line):
            is_answering = True
            yield Typed(line)
        elif _PAYLOAD.fullmatch(line):
            yield Sent(line[1:-1])
        elif _PASSED.fullmatch(line):
            yield Passed(line[1:-1])
        elif line == _REBOOT:
            yield Rebooted()
        elif line in bare:
            yield Printed(bare[line])
        else:
            is_answering = is_answering and line.startswith("CONNECT")
            yield Printed(framed(line))
    if information:
        yield Printed(framed(*information))


def _is_special(line: str) -> bool:
    return (
        is_typed(line)
        or line in (_ACK, _PROMPT)
        or line == _REBOOT
        or _PAYLOAD.fullmatch(line) is not None
        or _PASSED.fullmatch(line) is not None
        or _FINAL.fullmatch(line) is not None
    )


def framed(*lines: str) -> bytes:
    """Lines of one block: CR LF before it and after each line."""
    return b"\r\n" + b"".join(line.encode("latin-1") + b"\r\n" for line in lines)
