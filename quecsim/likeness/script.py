"""What is said to a module and to the simulated device: a text, line by line, as people write it.

The lines are those of a scenario's `[journey]` (`quecsim.scenario.journey`), but nothing is
expected of the module: whatever it says is what is compared. So a line only says what the host
does, and what it waits for:

    > AT+QFLST="{file}"     send the line, and wait for its answer: a final result, CONNECT or >
    >> some bytes           send bytes, if the line before them was answered with CONNECT or >
    >> @1024                the same, 1024 bytes that are drawn
    >> AT+QFLST\\rAT\\r       bytes that begin with AT are sent in any case
    ~ 1500                  pause, in ms, in place of waiting for an answer
    ... OK                  wait for a line like this; `*` stands for anything
    # a word                for the reader

`{file}` and `{file2}` are names that no file of the module has, `{handle}` is the number of the
file that was opened last. An answer is awaited behind `>` and `>>`, unless `~` or `...` follow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import read_file
from quecsim.rng import Stream
from quecsim.scenario.journey import Content, Journey, Step, Turn, steps_of

_DEFAULT = Path(__file__).parent / "everyday.txt"
_DRAWN = re.compile(r"^\s*>> @(\d{1,6})\s*$", re.MULTILINE)
_MOST_DRAWN_BYTES = 100_000
_MOST_SCRIPT_BYTES = 1 << 20
_OWN = re.compile(r"\{(file|file2|handle)\}")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Script:
    """`steps` in their order; `data` by the names that they use."""

    name: str
    steps: tuple[Step, ...]
    data: Mapping[str, bytes]

    @property
    def sent_bytes(self) -> int:
        """How much data it sends."""
        sending = (step for step in self.steps if step.turn is Turn.SEND_BYTES)
        return sum(len(self.data[one.name]) if one.name else len(one.data) for one in sending)

    @property
    def files(self) -> int:
        """How many files of its own it uses."""
        names = {name for step in self.steps for name in _OWN.findall(step.text)}
        return len(names & {"file", "file2"})


def default_script() -> Script:
    """The one that comes with quecsim."""
    return read_script(_DEFAULT)


def read_script(path: Path) -> Script:
    """A script from a text file. Raises QuecsimError, with the line."""
    try:
        text = read_file(path, most_bytes=_MOST_SCRIPT_BYTES).decode()
    except OSError as error:
        raise QuecsimError(f"cannot read {path}: {error.strerror}", hint=_HINT) from None
    except UnicodeDecodeError:
        raise QuecsimError("this is no text", hint=_HINT, where=str(path)) from None
    return script_of(text, path.name)


_HINT = "--script takes a text file: docs/COMPARE.md tells how it is written"


def script_of(text: str, name: str) -> Script:
    """A script from its text. Raises QuecsimError, with the line."""
    counts = {found[1] for found in _DRAWN.finditer(text)}
    data = {count: drawn(int(count)) for count in counts}
    try:
        steps = steps_of(Journey(dialogue=text, data=dict.fromkeys(data, Content())))
    except QuecsimError as error:
        raise QuecsimError(error.message, hint=_HINT, where=name) from None
    return checked(Script(name, tuple(steps), data))


def checked(script: Script) -> Script:
    """The same script. Raises QuecsimError where it sends nothing."""
    if not any(step.turn in (Turn.SEND, Turn.SEND_BYTES) for step in script.steps):
        raise QuecsimError("this script says nothing", hint=_HINT, where=script.name)
    return script


def drawn(count: int) -> bytes:
    """So many bytes, the same each time: lines of letters, as in a certificate."""
    if count > _MOST_DRAWN_BYTES:
        raise QuecsimError(f"{count} bytes are too many for a script", hint="100000 at most")
    stream = Stream(1, "likeness")
    data = bytearray(_LETTERS[stream.below(len(_LETTERS))] for _ in range(count))
    data[64::65] = b"\n" * len(data[64::65])
    return bytes(data)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text of a step with the names and numbers of this run."""
    return _OWN.sub(lambda match: values.get(match[1], match[0]), text)
