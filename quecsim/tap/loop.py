"""The loop of a tap: sleep until one side has something, pass it on, and only then write it down.

What is to be written down waits until nothing was to be passed on for a moment, up to a bound. The
module's side is looked at first: what it said before the host wrote is on record before it.
"""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from quecsim.live.ports.deed import Purge, Switch
from quecsim.live.ports.host_termios import HostLineSettings
from quecsim.live.readiness import Waker, wait_ready
from quecsim.observed.heard import Happened, Heard
from quecsim.tap.host import Did, Presence, TapHost
from quecsim.tap.module_port import ModulePort, PortGoneError
from quecsim.tap.stamps import Stamps, byte_ns
from quecsim.tap.way_in import Passed, WayIn
from quecsim.trace import event as ev
from quecsim.units import S, ms

_LOOK_NS = ms(20)  # a pty does not tell that a host has opened it, or has set something
_MOST_OUT_BYTES = 16 << 10  # so much waits here for the host; then the module has to wait
_QUIET_S = 0.001  # an answer that comes at once does not wait for what is being written down
_MOST_KEPT = 512
_LONGEST_KEPT_NS = ms(100)
_HUNG_UP = select.EPOLLHUP | select.EPOLLERR

Taker = Callable[[list["Heard | Happened"]], None]


@dataclass(slots=True)
class Counts:
    """What has passed. `unheard` bytes of the module's came while no host was there, or he threw
    them away; `taken_back` are the host's that he threw away before they were sent.
    """

    from_host: int = 0
    from_module: int = 0
    unheard: int = 0
    taken_back: int = 0


class TapLoop:
    """Passes on what `host` and `port` say; `take` gets it in order, with its time from now on."""

    def __init__(
        self,
        port: ModulePort,
        host: TapHost,
        take: Taker,
        tell: Callable[[str], None],
        *,
        frame: str = "8N1",
    ) -> None:
        self.counts = Counts()
        self.gone: PortGoneError | None = None
        self._port = port
        self._host = host
        self._take = take
        self._tell = tell
        self._frame = frame
        self._begin_ns = time.monotonic_ns()
        self._stamps = Stamps()
        self._in = WayIn(port)
        self._out = bytearray()
        self._kept: list[Heard | Happened] = []
        self._kept_since_ns = 0
        self._is_ending = False
        self._line = self._framed(port.found)
        self._heard_ns = 0
        self._waker = Waker()
        self._epoll = select.epoll()
        self._masks: dict[int, int] = {}
        self._epoll.register(self._waker.descriptor, select.EPOLLIN)
        self._set_line(self._line)
        self._hang_up()

    @property
    def wake_descriptor(self) -> int:
        """A byte written there ends a wait."""
        return self._waker.write_descriptor

    def now_ns(self) -> int:
        """Time from the beginning."""
        return time.monotonic_ns() - self._begin_ns

    def serve(self, must_stop: Callable[[], bool]) -> None:
        """Pass on until `must_stop` says so, or the port has gone. It is asked after each turn."""
        self._turn(select.EPOLLIN)
        while self.gone is None and not must_stop():
            self._turn(self._wait())

    def settle(self, must_stop: Callable[[], bool], limit_ns: int, quiet_ns: int) -> None:
        """Let what is on its way arrive, `limit_ns` at most: until nothing is left to be sent, and
        the module has been quiet for `quiet_ns`.
        """
        end_ns = self.now_ns() + limit_ns
        self._heard_ns = max(self._heard_ns, self.now_ns())
        while self.gone is None and not must_stop() and self.now_ns() < end_ns:
            self._turn(self._wait())
            is_sent = self._in.is_empty and not self._port.unsent_bytes()
            if not is_sent:
                self._heard_ns = self.now_ns()
            elif self.now_ns() - self._heard_ns >= quiet_ns:
                return

    def doze(self, must_stop: Callable[[], bool], limit_s: float) -> None:
        """Nothing is to be passed on any more: wait until `must_stop` says so, or for so long."""
        end_s = time.monotonic() + limit_s
        while not must_stop() and (left_s := end_s - time.monotonic()) > 0:
            if wait_ready([self._waker.descriptor], (), left_s):
                self._waker.clear()

    def stop_reading(self) -> None:
        """The host's bytes are taken no more: those that were taken still go on."""
        self._is_ending = True

    def finish(self) -> int:
        """Everything is told that was heard; returns when that was."""
        self._hand_over()
        return self._stamps.at(self.now_ns())

    @property
    def unsent_bytes(self) -> int:
        """What the module has not taken of the host's, or of hosts that had gone."""
        return self._in.thrown_away + self._in.waiting_bytes + self._port.unsent_bytes()

    def close(self) -> None:
        """Let go of the loop's own descriptors."""
        self._epoll.close()
        self._waker.close()

    def _wait(self) -> int:
        """Sleep until there is something to do; returns what there is of it at the module's port
        (epoll's events).
        """
        self._watch()
        if self._kept:
            ready = self._epoll.poll(_QUIET_S)
            if not ready or self.now_ns() - self._kept_since_ns > _LONGEST_KEPT_NS:
                self._hand_over()
            if ready:
                return self._sort(ready)
        return self._sort(self._epoll.poll(self._timeout_s()))

    def _sort(self, ready: list[tuple[int, int]]) -> int:
        found = dict(ready)
        if self._waker.descriptor in found:
            self._waker.clear()
        events = found.get(self._port.descriptor, 0)
        if not events & ~select.EPOLLOUT and self._wants_module:
            self._stamps.was_empty(self.now_ns())
        return events

    def _timeout_s(self) -> float:
        due_ns = self._in.due_ns
        left_ns = _LOOK_NS if due_ns is None else max(due_ns - self.now_ns(), 0)
        return min(left_ns, _LOOK_NS) / S

    @property
    def _wants_module(self) -> bool:
        return len(self._out) < _MOST_OUT_BYTES

    def _watch(self) -> None:
        """Tell the kernel what we wait for."""
        is_full = self._in.wants_write or self._port.wants_write
        port = select.EPOLLIN if self._wants_module else 0
        self._set_mask(self._port.descriptor, port | (select.EPOLLOUT if is_full else 0))
        wants_host = bool(self._in.room) and not self._is_ending
        host = self._host.wants(read=wants_host, write=bool(self._out))
        self._set_mask(self._host.descriptor, host)

    def _set_mask(self, descriptor: int, mask: int) -> None:
        before = self._masks.get(descriptor)
        if before is None:
            self._epoll.register(descriptor, mask)
        elif before != mask:
            self._epoll.modify(descriptor, mask)
        self._masks[descriptor] = mask

    def _turn(self, events: int) -> None:
        try:
            if self._port.wants_write:
                self._port.flush()
            if (events & select.EPOLLIN and self._wants_module) or events & _HUNG_UP:
                self._read_module()
            if self._host.is_open:
                self._flush_out()
            for did in self._host.take(0 if self._is_ending else self._in.room):
                self._heed(did)
            self._flush_out()
            self._push()
        except PortGoneError as gone:
            self.gone = gone
        if len(self._kept) >= _MOST_KEPT:
            self._hand_over()

    def _read_module(self) -> None:
        data = self._port.read()
        now_ns = self._heard_ns = self.now_ns()
        if not data:
            self._stamps.was_empty(now_ns)
            return
        self.counts.from_module += len(data)
        self._keep(Heard(self._stamps.first_of(now_ns, len(data)), "device", data))
        self._stamps.was_empty(now_ns)
        self._out += data

    def _flush_out(self) -> None:
        if self._out and self._host.is_open:
            del self._out[: self._host.write(self._out)]
        elif self._out:
            self._forget_out()

    def _forget_out(self) -> None:
        self.counts.unheard += len(self._out)
        self._out.clear()

    def _heed(self, did: Did) -> None:
        now_ns = self.now_ns()
        match did:
            case bytes():
                self._in.put(now_ns, did)
                self._push()
            case Purge():
                if did.received:
                    self._forget_out()
                if did.unsent:
                    self.counts.taken_back += self._in.discard()
            case Switch(what="break"):
                self._port.switch("break", is_on=did.is_on)
            case Switch():
                self._switch(did.what == "dtr", is_on=did.is_on)
            case Presence() | HostLineSettings():
                if isinstance(did, Presence) and not did.is_open:
                    self._forget_out()
                self._in.put(now_ns, did)

    def _push(self) -> None:
        for done in self._in.push(self.now_ns()):
            match done:
                case Passed():
                    self._heard_ns = self.now_ns()
                    self.counts.from_host += len(done.data)
                    self._keep(Heard(self._stamps.at(done.at_ns), "host", done.data))
                case HostLineSettings():
                    self._set_line(self._framed(done))
                    self._tell_line()
                case Presence(is_open=True):
                    self._open()
                case Presence():
                    self._keep(ev.HostClosed(self._stamps.at(self.now_ns())))
                    if done.hangs_up:
                        self._hang_up()

    def _framed(self, line: HostLineSettings) -> HostLineSettings:
        return line if self._host.shows_frame else line.on_a_pty(self._frame)

    def _open(self) -> None:
        self._keep(ev.HostOpened(self._stamps.at(self.now_ns())))
        self._switch(is_dtr=True, is_on=True)
        self._port.switch("rts", is_on=True)
        self._tell_line()

    def _hang_up(self) -> None:
        self._switch(is_dtr=True, is_on=False)
        self._port.switch("rts", is_on=False)

    def _switch(self, is_dtr: bool, *, is_on: bool) -> None:
        self._port.switch("dtr" if is_dtr else "rts", is_on=is_on)
        if self._port.has_modem_lines:
            kind = ev.HostDtr if is_dtr else ev.HostRts
            self._keep(kind(self._stamps.at(self.now_ns()), is_on))

    def _set_line(self, line: HostLineSettings) -> None:
        if refused := self._port.set_line(line):
            self._tell(f"{self._port.name} cannot do {refused}")
        self._line = line
        taken_ns = byte_ns(line.baud, line.frame) if self._port.has_rate else 0
        self._stamps.byte_ns = self._in.byte_ns = taken_ns

    def _tell_line(self) -> None:
        line = self._line
        at_ns = self._stamps.at(self.now_ns())
        self._keep(ev.HostLine(at_ns, line.baud, line.frame, line.flow))

    def _keep(self, what: "Heard | Happened") -> None:
        if not self._kept:
            self._kept_since_ns = what.at_ns
        self._kept.append(what)

    def _hand_over(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, []
            self._take(kept)
