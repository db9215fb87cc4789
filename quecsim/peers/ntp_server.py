"""A time server (NTP version 4 and before, RFC 5905): one datagram is asked, one answers."""

import struct
from collections import deque
from collections.abc import Mapping

from quecsim.peers.ntp_settings import NtpSettings
from quecsim.peers.service import Output
from quecsim.rng import Stream
from quecsim.units import S, ms

NTP_BYTES = 48
SINCE_1970_S = 2_208_988_800
"""Seconds from 1900-01-01, where the times of NTP begin, to 1970-01-01."""

_CLIENT, _SERVER = 3, 4
_NOT_IN_STEP = 3  # the leap indicator of a clock that follows nobody
_PRECISION = -20  # about a microsecond
_MOST_WAITING = 64  # answers in all; the next is never given
_PACKET = struct.Struct(">BBbbII4sQ8sQQ")


class NtpServer:
    """A `quecsim.peers.service.Service` of datagrams that does as its settings say.

    `clock_s` is the network's time (seconds since 1970, UTC) when the model's time begins.
    """

    kind = "ntp"

    def __init__(self, settings: NtpSettings | None = None, clock_s: int = 0) -> None:
        self._settings = settings or NtpSettings()
        self._clock_s = clock_s
        self._garbage = Stream(self._settings.seed, "garbage")
        self._asked = 0
        self._waiting: deque[tuple[int, int, bytes]] = deque()  # (when, to whom, what)
        self._now_ns = 0

    def connect(self, now_ns: int, connection: int) -> None:
        """Nobody is told anything for that."""

    def receive(self, now_ns: int, connection: int, data: bytes) -> None:
        """A datagram; what is no question gets no answer."""
        self._now_ns = now_ns
        if len(data) < NTP_BYTES or data[0] & 7 != _CLIENT or not 1 <= data[0] >> 3 & 7 <= 4:
            return
        settings = self._settings
        self._asked += 1
        if settings.silent or self._asked <= settings.silent_first:
            return
        if len(self._waiting) < _MOST_WAITING:
            at_ns = now_ns + ms(settings.delay_ms)
            self._waiting.append((at_ns, connection, self._answer(now_ns, at_ns, data)))

    def gone(self, now_ns: int, connection: int) -> None:
        """What waits for it is not given."""
        self._now_ns = now_ns
        self._waiting = deque(each for each in self._waiting if each[1] != connection)

    def deadline_ns(self) -> int | None:
        """When the next answer is due."""
        return self._waiting[0][0] if self._waiting else None

    def advance(self, now_ns: int) -> None:
        """Time has come to `now_ns`."""
        self._now_ns = now_ns

    def take_output(self, room: Mapping[int, int]) -> list[Output]:
        """The answers that are due; one that there is no room for is lost, as datagrams are."""
        output: list[Output] = []
        left = dict(room)
        while self._waiting and self._waiting[0][0] <= self._now_ns:
            _, connection, data = self._waiting.popleft()
            if len(data) <= left.get(connection, 0):
                left[connection] -= len(data)
                output.append((connection, data))
        return output

    def _answer(self, came_ns: int, at_ns: int, asked: bytes) -> bytes:
        settings = self._settings
        if settings.garbage_bytes:
            return bytes(self._garbage.below(256) for _ in range(settings.garbage_bytes))
        is_kiss = bool(settings.kiss) and (
            settings.kiss_first is None
            or self._asked <= settings.silent_first + settings.kiss_first
        )
        stratum = 0 if is_kiss else settings.stratum
        leap = 0 if 1 <= stratum <= 15 else _NOT_IN_STEP
        reference = settings.kiss.encode() if is_kiss else (b"GPS\0" if stratum == 1 else b"\0" * 4)
        return _PACKET.pack(
            leap << 6 | asked[0] & 0x38 | _SERVER,
            stratum,
            struct.unpack_from("b", asked, 2)[0],
            _PRECISION,
            0,
            0,
            reference,
            self._time(0),  # when it was set
            asked[40:48],  # when the client sent it, as that says
            self._time(came_ns),
            self._time(at_ns),
        )

    def _time(self, at_ns: int) -> int:
        """Seconds since 1900 and their fraction, in 64 bits, which begin again in 2036."""
        total_ns = (self._clock_s + SINCE_1970_S) * S + ms(self._settings.offset_ms) + at_ns
        return (total_ns << 32) // S & (1 << 64) - 1
