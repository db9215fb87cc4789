"""Both sides of a real device's line, joined: which command is answered by what, which bytes are
data, and what the device says became of them.

The state is small: the command lines without an answer, oldest first; the data that is wanted or on
its way to the device, if any; and what the next bytes of the device's can be (`DeviceReader`).
"""

import re
from collections import deque
from collections.abc import Callable, Iterator

from quecsim.flash.labels import label_of
from quecsim.observed import answers
from quecsim.observed.calls import CallReader, Line
from quecsim.observed.device_side import DeviceSide
from quecsim.observed.host_side import HostReader
from quecsim.observed.ledger import Ledger
from quecsim.observed.transfers import Transfers
from quecsim.observed.words import Kind, Word
from quecsim.profiles.schema import Profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms

_PIECE_BYTES = 4096
_MOST_LINES = 1000  # without an answer: more does no device keep
GIVEN_UP_NS = ms(300)
"""A host that has heard nothing for so long does not wait for that answer any more."""


class Session:
    """Tell it what was said, in order; `take` gives the events."""

    def __init__(self, profile: Profile, *, is_exact: bool = True) -> None:
        """`is_exact`: the host's bytes are heard as they are, all of them."""
        self._errors = profile.errors
        self._ledger = Ledger()
        self._device = DeviceSide(self._ledger)
        self._host = HostReader(profile.at.line_bytes)
        self._calls = CallReader(profile)
        block_bytes = profile.files.ack_block_bytes
        self._transfers = Transfers(self._ledger, block_bytes, is_exact=is_exact)
        self._waiting: deque[Line] = deque(maxlen=_MOST_LINES)
        self._now_ns = 0
        self._is_terse = self._is_quiet = False  # ATV0, ATQ1
        self._asked_ns = self._heard_ns = 0  # the last command line, the last word of the device's

    def take(self) -> list[Event]:
        """The events since the last call."""
        return self._ledger.take()

    def flush(self) -> None:
        """Something else happens than words."""
        self._device.flush()

    def end(self, now_ns: int) -> None:
        """Nobody listens any more."""
        self._device.flush()
        self._ledger.add(ev.End(now_ns, self._ledger.counters()))

    # the host

    def host_said(self, now_ns: int, data: bytes) -> None:
        """The host has sent `data`."""
        self._device.flush()
        self._now_ns = self._heard_ns
        self._hear(self._device.settle(self._heard_ns))
        self._now_ns = now_ns
        self._stop_keeping()
        offset = self._ledger.sent
        self._ledger.add(ev.HostBytes(now_ns, offset, data))
        if not self._transfers.keep(offset, data):
            self._give(offset, data)

    def _give(self, offset: int, data: bytes) -> None:
        """To whoever wants the bytes: data, or the next command lines."""
        for begin in range(0, len(data), _PIECE_BYTES):
            piece = data[begin : begin + _PIECE_BYTES]
            while piece:
                if self._transfers.is_wanted:
                    is_first = self._host.line_end == offset
                    count = self._transfers.take(self._now_ns, piece, follows_line=is_first)
                else:
                    count = self._read(offset, piece)
                offset, piece = offset + count, piece[count:]

    def _read(self, offset: int, data: bytes) -> int:
        count, found = self._host.read(self._now_ns, offset, data)
        for event in found:
            self._ledger.add(event)
            if isinstance(event, ev.CommandLine):
                self._ask(event)
        return count

    def _ask(self, event: ev.CommandLine) -> None:
        line, called = self._calls.read(self._now_ns, event.number, event.text)
        self._ledger.add(*called)
        self._forget_unanswered()
        self._follow_form(line)
        if self._is_quiet and line.ask is None:
            return
        self._waiting.append(line)
        if line.ask is not None:
            end = event.offset + event.count
            line.transfer = self._transfers.ask(self._now_ns, line, line.ask, end)

    def _forget_unanswered(self) -> None:
        """A host that has waited for so long, and heard nothing, does not wait any more: what the
        device says from now on is about its next line.
        """
        quiet_ns = self._now_ns - max(self._asked_ns, self._heard_ns)
        if quiet_ns >= GIVEN_UP_NS:
            self._waiting.clear()
            self._device.give_up()
        self._asked_ns = self._now_ns

    def _stop_keeping(self) -> None:
        """The result behind a sum has not come, and the host does not wait for it any more."""
        is_stuck = self._transfers.is_summed_up
        if is_stuck and self._now_ns - self._heard_ns >= GIVEN_UP_NS and self._waiting:
            line = self._waiting.popleft()
            self._transfers.answered(self._now_ns, line, "OK", None, "")
            self._go_on()

    def _follow_form(self, line: Line) -> None:
        """How the device says its results from now on: ATV and ATQ, and what sets them back."""
        for call in line.calls:
            if call.name in ("V", "Q"):
                is_off = call.arguments[:1] in ((), ("0",))
                if call.name == "V":
                    self._is_terse = is_off
                else:
                    self._is_quiet = not is_off
            elif call.name in ("Z", "&F"):
                self._is_terse = self._is_quiet = False

    # the device

    def device_said(self, now_ns: int, data: bytes) -> None:
        """The device has sent `data`."""
        self._now_ns = self._heard_ns = now_ns
        self._prepare()
        self._hear(self._device.read(now_ns, data))

    def _hear(self, words: Iterator[Word]) -> None:
        for word in words:
            if (meant := _WORDS.get(word.kind)) is not None:  # data to the host means nothing here
                meant(self, word)
            self._prepare()

    def _prepare(self) -> None:
        """What may come next."""
        reader = self._device.reader
        reader.acks = self._transfers.has_acks
        reader.prompts = bool(self._waiting)

    @property
    def _running(self) -> list[str]:
        """The names of the commands of the line that runs; a bare `AT` is one, too."""
        return ["AT", *(call.name for call in self._waiting[0].calls)] if self._waiting else []

    def _line(self, word: Word) -> None:
        text = self._said_in_words(word)
        if self._transfers.is_online and not self._ends_online(text):
            return  # the connection's
        if self._is_echo(text):
            return
        for form, meant in _LINES:
            if (match := form.fullmatch(text)) is not None:
                meant(self, text, match)
                return
        if answers.is_unasked(text, self._running):
            self._ledger.add(ev.Urc(self._now_ns, text))
        if match := answers.RAW_FOLLOWS.fullmatch(text):
            self._device.reader.expect_raw(int(match[1] or match[2]))

    def _said_in_words(self, word: Word) -> str:
        """The text; of a digit of ATV0, what it stands for."""
        return answers.TERSE.get(word.text, word.text) if self._is_terse else word.text

    def _ends_online(self, text: str) -> bool:
        is_left = text == "OK" and self._transfers.is_escaped
        return is_left or answers.ENDS_ONLINE.fullmatch(text) is not None

    def _is_echo(self, text: str) -> bool:
        """Lines before one that comes back were not read: the device answers none of them."""
        for place, line in enumerate(self._waiting):
            if _is_echo(text, line):
                line.is_echoed = True
                for _ in range(place):
                    first = self._waiting.popleft()
                    if first.is_echoed:
                        self._waiting.appendleft(first)
                        break
                return True
        return False

    def _prompt(self, _word: Word) -> None:
        if self._waiting:
            self._transfers.open(self._now_ns, self._waiting[0].transfer, at_prompt=True)
            self._go_on()

    def _acked(self, _word: Word) -> None:
        self._transfers.acked(self._now_ns)

    # what its lines mean

    def _final(self, text: str, _match: re.Match[str]) -> None:
        if text == "OK":
            self._skip_unheard()
        if not self._waiting:
            if not self._transfers.hang_up(self._now_ns):
                self._ledger.add(ev.Urc(self._now_ns, text))
            self._go_on()
            return
        line = self._waiting.popleft()
        number, cause = answers.error_of(text, self._errors)
        self._transfers.answered(self._now_ns, line, text, number, cause)
        result = ev.Result(self._now_ns, text, line.text, line.number, number, cause)
        self._ledger.add(result, *self._changed(line, is_ok=text == "OK"))
        self._go_on()

    def _skip_unheard(self) -> None:
        """OK, and no CONNECT: the device has not read the line that asks for data, but one of those
        that were sent behind it.
        """
        if self._waiting and self._transfers.may_be_unheard(self._waiting[0].transfer):
            self._transfers.unheard(self._now_ns)
            self._waiting.popleft()
            self._go_on()

    def _connect(self, _text: str, match: re.Match[str]) -> None:
        if not self._waiting:
            return
        line, reader = self._waiting[0], self._device.reader
        if self._transfers.open(self._now_ns, line.transfer):
            self._go_on()
        elif line.name in answers.ONLINE:
            self._transfers.go_online(self._now_ns, line, self._ledger.sent)
            self._answer_online(line)
        elif match[1] is not None:
            reader.expect_raw(int(match[1]))
        else:
            reader.expect_raw_until(answers.ends_of(line.name, is_terse=self._is_terse))

    def _answer_online(self, line: Line) -> None:
        """CONNECT is the answer."""
        self._waiting.popleft()
        self._ledger.add(ev.Result(self._now_ns, "CONNECT", line.text, line.number))

    def _summary(self, text: str, match: re.Match[str]) -> None:
        if not self._transfers.is_taken_by(match[1]):
            self._waiting.clear()  # they were data, of an upload whose beginning nobody has heard
        self._transfers.summed_up(self._now_ns, text, *match.groups())

    def _opened(self, _text: str, match: re.Match[str]) -> None:
        if self._waiting and self._waiting[0].name == "+QFOPEN":
            handle, name = int(match[1]), _first_name(self._waiting[0], "+QFOPEN")
            self._calls.opened(handle, name)
            number = self._waiting[0].number
            self._ledger.add(ev.FileChanged(self._now_ns, number, "opened", name, handle))

    def _upgrade(self, text: str, match: re.Match[str]) -> None:
        step, number = match[1].upper(), int(match[2]) if match[2] else None
        self._transfers.upgraded(self._now_ns, step, number)
        self._ledger.add(ev.Urc(self._now_ns, text))
        self._go_on()

    def _started(self, text: str, _match: re.Match[str]) -> None:
        """It has started anew: whatever ran is over."""
        self._ledger.add(ev.Power(self._now_ns, "booting", "reset"))
        self._transfers.cut(self._now_ns)
        self._waiting.clear()
        self._is_terse = self._is_quiet = False
        self._go_on()
        self._ledger.add(ev.Power(self._now_ns, "on", "ready"), ev.Urc(self._now_ns, text))

    def _go_on(self) -> None:
        """What the host has sent behind the data, or for data that is not wanted, is commands."""
        while (rest := self._transfers.rest()) is not None:
            self._host.skip(rest[0])
            self._give(*rest)

    def _changed(self, line: Line, *, is_ok: bool) -> list[Event]:
        """The files that are others now."""
        events: list[Event] = []
        for call in line.calls if is_ok else ():
            if call.name == "+QFDEL" and call.arguments:
                name = label_of(call.arguments[0])
                events.append(ev.FileChanged(self._now_ns, line.number, "deleted", name))
            elif (
                call.name == "+QFCLOSE" and call.arguments and answers.is_number(call.arguments[0])
            ):
                handle = int(call.arguments[0])
                name = self._calls.closed(handle)
                events.append(ev.FileChanged(self._now_ns, line.number, "closed", name, handle))
        return events


def _is_echo(text: str, line: Line) -> bool:
    return text[:2].upper() == "AT" and text[2:].strip() == line.text.strip()


def _first_name(line: Line, command: str) -> str:
    names = (each.arguments[0] for each in line.calls if each.name == command and each.arguments)
    return label_of(next(names, ""))


_WORDS: dict[Kind, Callable[[Session, Word], None]] = {
    Kind.LINE: Session._line,
    Kind.PROMPT: Session._prompt,
    Kind.ACK: Session._acked,
}
_LINES: tuple[tuple[re.Pattern[str], Callable[[Session, str, re.Match[str]], None]], ...] = (
    (answers.FINAL, Session._final),
    (answers.CONNECT, Session._connect),
    (answers.SUMMARY, Session._summary),
    (answers.OPENED, Session._opened),
    (answers.FOTA, Session._upgrade),
    (answers.STARTED, Session._started),
)
