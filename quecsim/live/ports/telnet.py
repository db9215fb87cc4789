"""Telnet (RFC 854) as far as a serial port needs it: data, orders, and options both sides agree on.

Sans I/O. Cutting a stream into other pieces gives the same data and orders; nothing is kept of a
subnegotiation that never ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

SE, BRK, SB, WILL, WONT, DO, DONT, IAC = 240, 243, 250, 251, 252, 253, 254, 255
BINARY, ECHO, SGA = 0, 1, 3
_CR_NUL, _CR, _NUL = b"\r\0", b"\r", b"\0"
_IAC = bytes((IAC,))
_MOST_BYTES = 256  # of a subnegotiation; a longer one is none


@dataclass(frozen=True, slots=True)
class Order:
    """IAC and a `code` that has nothing behind it, such as BRK."""

    code: int


@dataclass(frozen=True, slots=True)
class Negotiation:
    """`verb` (WILL, WONT, DO, DONT) about an `option`."""

    verb: int
    option: int


@dataclass(frozen=True, slots=True)
class Subnegotiation:
    """What stands between SB and SE, the option first."""

    data: bytes


Item: TypeAlias = bytes | Order | Negotiation | Subnegotiation


class _State(Enum):
    DATA = auto()
    IAC = auto()  # its code comes
    VERB = auto()  # its option comes
    SUB = auto()
    SUB_IAC = auto()


class Splitter:
    """Takes a stream apart. `is_binary`: data are as they are; otherwise a CR alone is CR NUL."""

    def __init__(self) -> None:
        self.is_binary = False
        self._state = _State.DATA
        self._verb = 0
        self._sub = bytearray()
        self._is_after_cr = False

    def feed(self, data: bytes) -> Iterator[Item]:
        """What is in it, in order; who takes an item may switch `is_binary` for what follows."""
        place, size = 0, len(data)
        while place < size:
            if self._state in _BULK:
                end = data.find(_IAC, place)
                piece = data[place : size if end < 0 else end]
                if end >= 0:
                    place, after = end + 1, _BULK[self._state]
                else:
                    place, after = size, self._state
                if self._state is _State.SUB:
                    self._keep(piece)
                elif piece and (text := self._text(piece)):
                    yield text
                self._state = after
            else:
                item = _STEPS[self._state](self, data[place])
                place += 1
                if item is not None:
                    yield item

    def _text(self, piece: bytes) -> bytes:
        if self.is_binary:
            self._is_after_cr = False
            return piece
        if self._is_after_cr and piece.startswith(_NUL):
            piece = piece[1:]
            self._is_after_cr = False
        if piece:
            self._is_after_cr = piece.endswith(_CR)
        return piece.replace(_CR_NUL, _CR)

    def _keep(self, piece: bytes) -> None:
        self._sub += piece[: _MOST_BYTES + 1 - len(self._sub)]

    def _after_iac(self, code: int) -> Item | None:
        self._state = _State.DATA
        if code == IAC:
            self._is_after_cr = False
            return _IAC
        if code == SB:
            self._state = _State.SUB
            self._sub.clear()
        elif code in _REFUSAL:
            self._state, self._verb = _State.VERB, code
        elif code != SE:
            return Order(code)
        return None

    def _after_verb(self, option: int) -> Item:
        self._state = _State.DATA
        return Negotiation(self._verb, option)

    def _after_sub_iac(self, code: int) -> Item | None:
        if code == IAC:
            self._state = _State.SUB
            self._keep(_IAC)
            return None
        if code != SE:  # it was broken off
            return self._after_iac(code)
        self._state = _State.DATA
        return Subnegotiation(bytes(self._sub)) if len(self._sub) <= _MOST_BYTES else None


_BULK = {_State.DATA: _State.IAC, _State.SUB: _State.SUB_IAC}
_STEPS = {
    _State.IAC: Splitter._after_iac,
    _State.VERB: Splitter._after_verb,
    _State.SUB_IAC: Splitter._after_sub_iac,
}


class Stand(Enum):
    """How it stands with an option."""

    NO = auto()
    ASKED = auto()
    YES = auto()


_REFUSAL = {WILL: DONT, WONT: DONT, DO: WONT, DONT: WONT}  # by what was said
_CONSENT = {WILL: DO, DO: WILL}
# (stand, yes or no) -> (stand, an answer is due); asking again changes nothing, so nobody loops
_MOVES = {
    (Stand.NO, True): (Stand.YES, True),
    (Stand.ASKED, True): (Stand.YES, False),
    (Stand.YES, True): (Stand.YES, False),
    (Stand.NO, False): (Stand.NO, False),
    (Stand.ASKED, False): (Stand.NO, False),
    (Stand.YES, False): (Stand.NO, True),
}


class Options:
    """The options that are `ours` (we WILL) and `theirs` (they WILL), and those to be `asked` for
    at once, as verbs and options. What is to be sent goes to `said`.
    """

    def __init__(
        self, ours: set[int], theirs: set[int], asked: list[tuple[int, int]], said: bytearray
    ) -> None:
        self._stands = {(WILL, option): Stand.NO for option in theirs}
        self._stands |= {(DO, option): Stand.NO for option in ours}
        self._said = said
        for verb, option in asked:
            self._stands[(_CONSENT[verb], option)] = Stand.ASKED
            self._say(verb, option)

    def is_on(self, verb: int, option: int) -> bool:
        """They have said so, and we agree: they WILL, or want us to (DO)."""
        return self._stands.get((verb, option)) is Stand.YES

    def hear(self, item: Negotiation) -> None:
        """They have said something about an option."""
        is_yes = item.verb in _CONSENT
        verb = item.verb if is_yes else item.verb - 1
        stand = self._stands.get((verb, item.option))
        if stand is None:
            if is_yes:
                self._say(_REFUSAL[verb], item.option)
            return
        self._stands[(verb, item.option)], is_due = _MOVES[stand, is_yes]
        if is_due:
            self._say(_CONSENT[verb] if is_yes else _REFUSAL[verb], item.option)

    def _say(self, verb: int, option: int) -> None:
        self._said += bytes((IAC, verb, option))
