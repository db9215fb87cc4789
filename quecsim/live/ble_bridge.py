"""The Bluetooth LE of two simulators, joined by a Unix socket: each is on the other one's air.

One listens (`--ble-listen`), the other connects (`--ble-connect`). Like the control socket, it is
served by the simulator's own loop, and waits for nobody. What the other one says is stirred into
the rig, where it becomes news of this device's: so each record is complete without the other.
"""

import contextlib
import os
import selectors
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec

from quecsim.errors import QuecsimError, printable
from quecsim.live.control.place import SocketPlace, is_ours
from quecsim.peers import ble_talk as talk
from quecsim.peers.ble_far import FarDevice

_READ_BYTES = 64 << 10
_MOST_UNREAD_BYTES = 1 << 20  # that the other one has not taken
_ENDING = ".ble"

Stir = Callable[[Callable[[int], None]], None]
"""Do something with those on the air, at this moment."""


class BridgeEnd(msgspec.Struct, frozen=True):
    """Which end of the bridge this one is: `path` is the socket's."""

    path: str
    listens: bool


class BleBridge:
    """A `quecsim.live.loop.Guest`. `far` is on this simulator's air; `stir` has it hear something.
    `tell` gets a sentence when the other one comes, or goes.
    """

    def __init__(
        self, end: BridgeEnd, device: str, far: FarDevice, stir: Stir, tell: Callable[[str], None]
    ) -> None:
        """Raises QuecsimError where there can be no socket, or nobody listens."""
        self._far = far
        self._stir = stir
        self._tell = tell
        self._device = device
        self._selector = selectors.DefaultSelector()
        self._place: SocketPlace | None = None
        self._partner: socket.socket | None = None
        self._input = bytearray()
        self._output = bytearray()
        self._wanted = 0  # the readiness that is waited for
        self._has_greeted = False  # the other one
        try:
            if end.listens:
                self._place = SocketPlace(Path(device).stem, end.path, "--ble-listen", _ENDING)
                self._selector.register(self._place.listener, selectors.EVENT_READ)
            else:
                self._welcome(_connected(end.path))
        except BaseException:
            self.close()
            raise

    @property
    def descriptor(self) -> int:
        """Readable when the other one has said something, or comes."""
        return self._selector.fileno()

    def serve(self, *, is_called: bool = True) -> None:
        """Hear what it says, and say what this device does, without waiting."""
        if is_called:
            self._look()
        if self._partner is not None:
            try:
                self._write(self._partner)
            except OSError:
                self._part("it is gone")
            except QuecsimError as error:
                self._part(error.message)
        else:
            self._far.take_said()
        self._follow()

    def close(self) -> None:
        """The end: the other one is told what is left, as far as it listens."""
        if self._partner is not None:
            with contextlib.suppress(OSError, QuecsimError):
                self._write(self._partner)
            self._partner.close()
            self._partner = None
        self._selector.close()
        if self._place is not None:
            self._place.remove()

    # the socket

    def _look(self) -> None:
        ready = [key.fileobj for key, _ in self._selector.select(0)]
        if self._place is not None and self._place.listener in ready:
            self._accept(self._place.listener)
        if self._partner is not None and self._partner in ready and not self._far.is_full:
            try:
                self._read(self._partner)
            except OSError:
                self._part("it is gone")
            except QuecsimError as error:
                self._part(error.message)

    def _accept(self, listener: socket.socket) -> None:
        try:
            partner, _ = listener.accept()
        except OSError:  # it has gone again
            return
        if self._partner is not None or not is_ours(partner):
            partner.close()
            return
        self._welcome(partner)

    def _welcome(self, partner: socket.socket) -> None:
        partner.setblocking(False)
        self._partner, self._wanted, self._has_greeted = partner, 0, False
        self._input.clear()
        self._output[:] = talk.line_of(talk.Hello(v=talk.VERSION, device=self._device[:64]))
        self._far.take_said()
        self._far.greet()

    def _part(self, why: str) -> None:
        """It is as if the other device had gone out of range."""
        partner, self._partner = self._partner, None
        assert partner is not None
        if self._wanted:
            self._selector.unregister(partner)
        partner.close()
        self._tell(f"the other simulator's Bluetooth LE is out of range: {printable(why)}")
        self._stir(lambda _at_ns: self._far.lost())

    def _follow(self) -> None:
        """Wait for what makes a turn worth while."""
        partner = self._partner
        if partner is None:
            return
        wanted = selectors.EVENT_READ * (not self._far.is_full)
        wanted |= selectors.EVENT_WRITE * bool(self._output)
        if wanted == self._wanted:
            return
        if not self._wanted:
            self._selector.register(partner, wanted)
        elif not wanted:
            self._selector.unregister(partner)
        else:
            self._selector.modify(partner, wanted)
        self._wanted = wanted

    def _write(self, partner: socket.socket) -> None:
        for said in self._far.take_said():
            self._output += talk.line_of(said)
        with contextlib.suppress(BlockingIOError):
            while self._output:
                sent = partner.send(self._output)
                del self._output[:sent]
        if len(self._output) > _MOST_UNREAD_BYTES:
            raise QuecsimError("it does not read what this one says")

    def _read(self, partner: socket.socket) -> None:
        try:
            data = partner.recv(_READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise QuecsimError("it has ended")
        self._input += data
        *lines, rest = self._input.split(b"\n")
        self._input = bytearray(rest)
        if max(map(len, (*lines, rest))) > talk.MOST_LINE_BYTES:
            raise QuecsimError(f"a line has at most {talk.MOST_LINE_BYTES} bytes")
        heard: list[talk.Said] = []
        try:
            for line in lines:
                self._hear(talk.read_said(bytes(line)), heard)
        finally:
            if heard:
                self._stir(lambda at_ns: self._hear_all(at_ns, heard))

    def _hear(self, said: talk.Said, heard: list[talk.Said]) -> None:
        if self._has_greeted:
            heard.append(said)
            return
        if not isinstance(said, talk.Hello):
            raise QuecsimError("it has not said hello")
        if said.v != talk.VERSION:
            raise QuecsimError(f"it speaks version {said.v} of the bridge, this one {talk.VERSION}")
        self._has_greeted = True
        self._tell(f"the Bluetooth LE of another simulator is on the air: {printable(said.device)}")

    def _hear_all(self, at_ns: int, heard: list[talk.Said]) -> None:
        for said in heard:
            self._far.hear(at_ns, said)


def _connected(path: str) -> socket.socket:
    """A connection to who listens there. Raises QuecsimError."""
    partner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        partner.connect(os.path.realpath(path))  # what the name is for may be shorter
    except OSError as error:
        partner.close()
        raise QuecsimError(
            f"nobody listens at {path}: {error.strerror or error}",
            hint=f"start the other one first: quecsim run fcm242d --ble-listen {path}",
        ) from None
    if not is_ours(partner):
        partner.close()
        raise QuecsimError(f"somebody else listens at {path}")
    return partner
