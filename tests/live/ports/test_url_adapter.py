"""A UART that another machine has: over a connection of this machine."""

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from quecsim.errors import QuecsimError
from quecsim.live.ports.adapter import BoardLines
from quecsim.live.ports.url_adapter import UrlAdapter
from tests.live.ports.test_rfc2217_client import Theirs

HANG_S = 30.0


class Server:
    """Answers one caller, in a thread. `theirs` is None for bytes alone; `greeting` is what it
    says first.
    """

    def __init__(
        self, theirs: Theirs | None, greeting: bytes = b"", *, hangs_up: bool = False
    ) -> None:
        self.hangs_up = hangs_up
        self.theirs = theirs
        self.greeting = greeting
        self.got = bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.call: socket.socket | None = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            self.call, _ = self.listener.accept()
            self.call.sendall(self.greeting)
            self.answer()
            if self.hangs_up:
                self.call.close()
            while data := self.call.recv(4096):
                if self.theirs is None:
                    self.got += data
                else:
                    self.theirs.feed(data)
                    self.answer()

    def answer(self) -> None:
        if self.theirs is not None and self.call is not None and (said := self.theirs.take()):
            self.call.sendall(said)

    def close(self) -> None:
        self.listener.close()
        if self.call is not None:
            with contextlib.suppress(OSError):
                self.call.shutdown(socket.SHUT_RDWR)
            self.call.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(Theirs())
    yield made
    made.close()


@pytest.fixture
def adapter(server: Server) -> Iterator[UrlAdapter]:
    made = UrlAdapter(f"rfc2217://127.0.0.1:{server.port}")
    yield made
    made.close()


def until(adapter: UrlAdapter, has_come: Callable[[], bool]) -> bytes:
    """Read until it is so; returns the board's bytes."""
    got = b""
    while not has_come():
        ready = select.select(adapter.readers, adapter.writers, (), HANG_S)
        assert any(ready), "it never came"
        got += b"".join(item for item in adapter.read(4096) if isinstance(item, bytes))
    return got


def test_settings_lines_and_bytes(server: Server, adapter: UrlAdapter) -> None:
    theirs = server.theirs
    assert theirs is not None
    lines: list[BoardLines] = []

    def has_lines() -> bool:
        lines.extend(adapter.take_lines())
        return bool(lines)

    until(adapter, has_lines)
    assert lines[-1] == BoardLines(rts=False, dtr=True)
    adapter.drive(rts=False, dtr=True)
    adapter.set_line(57_600, "8N1")
    assert adapter.write(b"\xff" * 10) == 10
    adapter.set_line(9600, "7E1")
    until(adapter, lambda: theirs.port.baudrate == 9600)
    assert theirs.got == b"\xff" * 10
    assert not theirs.port.rts
    assert adapter.traits() == []
    assert adapter.is_drained()


def test_bytes_alone() -> None:
    server = Server(None, b"\xff\xfd,hello")
    adapter = UrlAdapter(f"socket://localhost:{server.port}")
    got = b""
    while len(got) < 8:
        got += until(adapter, lambda: True)
        select.select(adapter.readers, (), (), HANG_S)
        got += b"".join(item for item in adapter.read(100) if isinstance(item, bytes))
    assert got == b"\xff\xfd,hello"
    assert adapter.take_lines() == []
    assert adapter.errors() is None
    assert "bytes alone" in adapter.traits()[0]
    server.close()
    until(adapter, lambda: bool(adapter.gone))
    assert adapter.readers == []
    assert adapter.write(b"x") == 1
    adapter.close()


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(QuecsimError, match=r"cannot reach .*: connection refused"):
        UrlAdapter(f"rfc2217://127.0.0.1:{port}")


def test_somebody_who_has_no_serial_port() -> None:
    server = Server(None, bytes((255, 254, 44)))
    with pytest.raises(QuecsimError, match=r"nobody at .* has a serial port"):
        UrlAdapter(f"rfc2217://127.0.0.1:{server.port}")
    server.close()


def test_somebody_who_hangs_up() -> None:
    server = Server(None, b"busy\r\n", hangs_up=True)
    with pytest.raises(QuecsimError, match="nobody at"):
        UrlAdapter(f"rfc2217://127.0.0.1:{server.port}")
    server.close()


@pytest.mark.parametrize(
    "url",
    ["http://h:1", "rfc2217://h", "rfc2217://:1", "socket://h:x", "socket://h:1/a", "loop://",
     "rfc2217://h:1?poll_modem", "rfc2217://h:99999"],
)  # fmt: skip
def test_what_is_no_place(url: str) -> None:
    with pytest.raises(QuecsimError, match="no place of a serial port"):
        UrlAdapter(url)
