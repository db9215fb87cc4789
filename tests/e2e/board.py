"""A board for `quecsim run --serial`: its wires as two ptys, or as a port over RFC 2217."""

import contextlib
import os
import selectors
import socket
import threading
import time
import tty
from types import SimpleNamespace

from serial.rfc2217 import PortManager

HANG_S = 60.0
_BYTE_S = 10 / 115_200


class TwoPtys:
    """What is written into one port comes out of the other: `adapter` and `board` are their paths.

    It carries bytes as soon as they are there, for as long as nobody takes the wires off.
    """

    def __init__(self) -> None:
        self.wires: list[int] = []
        self.paths: list[str] = []
        self.ttys: list[int] = []
        for _ in range(2):
            wire, port = os.openpty()
            tty.setraw(port)
            os.set_blocking(wire, False)
            self.wires.append(wire)
            self.ttys.append(port)
            self.paths.append(os.ttyname(port))
        self.adapter, self.board = self.paths
        self._wake, self._end = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """The adapter is pulled out: its port is no more."""
        self._stop()
        os.close(self.ttys[0])
        os.close(self.wires[0])

    def close(self) -> None:
        self._stop()
        for descriptor in (*self.wires, *self.ttys, self._wake):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _stop(self) -> None:
        if self._thread.is_alive():
            os.close(self._end)
            self._thread.join(HANG_S)

    def _carry(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self._wake, selectors.EVENT_READ)
        others = dict(zip(self.wires, reversed(self.wires), strict=True))
        for wire in self.wires:
            selector.register(wire, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == self._wake:
                    return
                data = os.read(key.fd, 4096)
                while data:
                    with contextlib.suppress(BlockingIOError):
                        data = data[os.write(others[key.fd], data) :]


class NetworkBoard:
    """A serial server with a board behind it, wired as a null modem: pyserial's RFC 2217 server.

    `send` takes the time that the line takes, and stops while the server's RTS is off if it
    `obeys`; `hear_until` reads what the device has said.
    """

    def __init__(self, *, obeys: bool) -> None:
        self.obeys = obeys
        self.port = SimpleNamespace(
            baudrate=9600, bytesize=8, parity="N", stopbits=1, xonxoff=False, rtscts=False,
            dsrdtr=False, rts=False, dtr=False, cts=True, dsr=True, ri=False, cd=False,
            break_condition=False,
            reset_input_buffer=lambda: None, reset_output_buffer=lambda: None,
        )  # fmt: skip
        self.got = bytearray()
        self.stops = 0
        self._news = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"
        self._call: socket.socket | None = None
        self._manager: PortManager | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def send(self, data: bytes, piece: int = 16) -> None:
        """At 115200 baud, the whole of it."""
        begin_s = time.monotonic()
        with self._news:
            for place in range(0, len(data), piece):
                if self.obeys and not self.port.rts:
                    self.stops += 1
                    assert self._news.wait_for(lambda: self.port.rts, HANG_S)
                    begin_s = time.monotonic() - place * _BYTE_S
                self._write(data[place : place + piece])
                left_s = begin_s + (place + piece) * _BYTE_S - time.monotonic()
                self._news.wait(max(left_s, 0.0))  # its condition is the time

    def hear_until(self, text: bytes) -> None:
        with self._news:
            assert self._news.wait_for(lambda: text in self.got, HANG_S), bytes(self.got)
            del self.got[: self.got.index(text) + len(text)]

    def switch(self, **lines: bool) -> None:
        """The board's RTS is the server's CTS, its DTR the server's DSR."""
        with self._news:
            vars(self.port).update(lines)
            assert self._manager is not None
            self._manager.check_modem_lines()

    def close(self) -> None:
        for each in (self._listener, self._call):
            if each is not None:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self._thread.join(HANG_S)
        self._listener.close()

    def _write(self, data: bytes) -> None:
        assert self._call is not None
        assert self._manager is not None
        self._call.sendall(b"".join(self._manager.escape(data)))

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            self._call, _ = self._listener.accept()
        if self._call is None:
            return
        with contextlib.suppress(OSError), self._call:
            self._call.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._news:
                self._manager = PortManager(
                    self.port, SimpleNamespace(write=lambda data: self._call.sendall(data))
                )
            while data := self._call.recv(4096):
                with self._news:
                    for byte in self._manager.filter(data):
                        self.got += byte
                    self._news.notify_all()
