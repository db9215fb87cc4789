"""A rig on a bench: what a test's host sends and sees, in virtual time, to the nanosecond.

    bench = Bench(flash_mode=FlashMode.TYPICAL)     # RigConfig's fields; the flash is instant
    bench.ask("AT+CSQ")                             # the reply, without the echo
    bench.send(b"AT+QFUPL=...\r"); bench.until(b"CONNECT\r\n"); bench.send(data); bench.rest()

`now_ns` is where the bench has got to. Every byte that came back is kept with its arrival time.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec

from quecsim.border import Peer
from quecsim.border.ble import BlePeer
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event
from quecsim.units import s

E = TypeVar("E")

LONG_NS = s(100)


@cache
def shipped() -> Profile:
    return load_profile("ec200u")


def profile(**parts: dict[str, Any]) -> Profile:
    """The EC200U with some values changed: `profile(at={"echo_lf": False})`."""
    changed = {
        name: msgspec.structs.replace(getattr(shipped(), name), **values)
        for name, values in parts.items()
    }
    return msgspec.structs.replace(shipped(), **changed)


def job_news(rig: Rig, now_ns: int, name: str, value: object) -> bool:
    """News for a job that waits for them, as a client of the network would have them."""
    rig.advance(now_ns)
    rig._come_in(now_ns)
    is_taken = rig.device.handle_news(now_ns, name, value)
    rig._follow_device()
    return is_taken


class Bench:
    """A device, its line, and a host that types."""

    def __init__(
        self,
        device: Profile | None = None,
        *,
        is_up: bool = True,
        image: bytes | None = None,
        peer: Peer | None = None,
        ble_peer: BlePeer | None = None,
        **config: Any,
    ) -> None:
        config.setdefault("flash_mode", FlashMode.INSTANT)
        device = device or shipped()
        flash = bytearray(image) if image else None
        self.rig = Rig(device, RigConfig(**config), storage=flash, peer=peer, ble_peer=ble_peer)
        self.now_ns = 0
        self.output = bytearray()
        self.times: list[int] = []  # when each byte of `output` had arrived
        self._seen = 0
        self._events: list[Any] = []
        self.rig.start(is_up=is_up)

    # what the host does

    def send(self, data: bytes, *, at_ns: int | None = None) -> None:
        """Hand `data` to the host's UART now, or at a time to come."""
        if at_ns is not None:
            self.run_to(at_ns)
        self.rig.advance(self.now_ns)
        self.rig.host_write(self.now_ns, data)

    def run_to(self, until_ns: int) -> None:
        """Let time pass until `until_ns`."""
        assert until_ns >= self.now_ns, "time never goes back"
        self.rig.advance(until_ns)
        self.now_ns = until_ns
        self._collect()

    def run_for(self, duration_ns: int) -> bytes:
        """Let time pass; what came from the device meanwhile."""
        self.run_to(self.now_ns + duration_ns)
        return self.unseen()

    def until(self, token: bytes, limit_ns: int = LONG_NS) -> int:
        """Run until the last byte of `token` has arrived; returns when. Fails without it."""
        limit_ns += self.now_ns
        while (place := self.output.find(token, self._seen)) < 0:
            assert self.now_ns < limit_ns, f"no {token!r} in {bytes(self.output[self._seen :])!r}"
            self.now_ns = self.rig.run_to_output(limit_ns)
            self._collect()
        self._seen = place + len(token)
        return self.times[self._seen - 1]

    def rest(self, limit_ns: int = LONG_NS) -> bytes:
        """Run until nothing more is going to happen; what came from the device."""
        limit_ns += self.now_ns
        while (due_ns := self.rig.deadline_ns()) is not None and due_ns <= limit_ns:
            self.run_to(max(due_ns, self.now_ns))
        return self.unseen()

    def ask(self, line: str | bytes) -> bytes:
        """Type a line and CR; the reply without the echo, when all is quiet again."""
        typed = (line.encode("latin-1") if isinstance(line, str) else line) + b"\r"
        self.send(typed)
        return self.rest().removeprefix(typed)

    def upload(self, command: str, data: bytes) -> bytes:
        """Send the command, wait for CONNECT, send `data`; what came after CONNECT CR LF."""
        self.send(command.encode("latin-1") + b"\r")
        self.until(b"\r\nCONNECT\r\n")
        self.send(data)
        return self.rest()

    # what there is to see

    def unseen(self) -> bytes:
        """What came from the device since the last look."""
        new, self._seen = bytes(self.output[self._seen :]), len(self.output)
        return new

    def arrival_ns(self, token: bytes) -> int:
        """When the last byte of `token` arrived; it must have come exactly once."""
        assert self.output.count(token) == 1, (token, bytes(self.output))
        return self.times[self.output.find(token) + len(token) - 1]

    def events(self, kind: type[E]) -> list[E]:
        """All events of one kind so far."""
        self._events += self.rig.take_events()
        return [event for event in self._events if isinstance(event, kind)]

    def record(self) -> list[Event]:
        """All events so far."""
        self._events += self.rig.take_events()
        return list(self._events)

    def file(self, name: str) -> bytes:
        """A file as it is on the flash."""
        return self.rig.device.context.ufs.read_file(name)

    def image(self) -> bytes:
        """The flash as it is, for another bench."""
        storage = self.rig.nor.storage
        return bytes(storage[0 : len(storage)])

    def names(self) -> list[str]:
        """The files on the flash."""
        return [name for name, _ in self.rig.device.context.ufs.files()]

    def _collect(self) -> None:
        for run in self.rig.take_output():
            self.output += run.data
            self.times += [run.edge_ns(index) for index in range(len(run.data))]


def info(*lines: str) -> bytes:
    """Information text and OK, as ATV1 frames them."""
    return b"\r\n" + b"".join(line.encode("latin-1") + b"\r\n" for line in lines) + OK


def cme(number: int) -> bytes:
    """A numbered error."""
    return b"\r\n+CME ERROR: %d\r\n" % number


OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
