"""A server that speaks TLS as Python's own `ssl` does, on the bench's connections."""

import contextlib
import ssl
from pathlib import Path

from quecsim.border import TlsWish
from quecsim.border.wish import Pem
from quecsim.tls.authority import ServerKind, authority_pem, server_tls
from tests.live.network.bench import Connection, Served

CALENDAR_S = 1_780_272_000  # 2026-06-01
TLS = TlsWish(level=1, ca=Pem("UFS:ca.pem", authority_pem()), calendar_s=CALENDAR_S)


def server_context(folder: Path, kind: ServerKind = "valid") -> ssl.SSLContext:
    """With a certificate of the simulator's own authority."""
    server = server_tls(kind)
    (folder / "certificate.pem").write_bytes(server.certificate)
    (folder / "key.pem").write_bytes(server.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


class TlsEnd:
    """TLS on one of the server's connections, whose bytes it takes."""

    def __init__(self, connection: Connection, context: ssl.SSLContext) -> None:
        self.connection = connection
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._in, self._out, server_side=True)
        self.is_established = False
        self.got = bytearray()
        self.has_closed = False  # the device, by close_notify
        self.error = ""

    def first_flight(self) -> bytes:
        """What the server answers to the device's first words."""
        self._in.write(bytes(self.connection.got))
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        return self._out.read()

    def send(self, data: bytes) -> None:
        self.tls.write(data)
        self._write()

    def close(self) -> None:
        """Say close_notify, and nothing to TCP."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        self._write()

    def turn(self) -> None:
        """As long as there is anything to read."""
        self._turn()
        while self.connection.got:
            self._turn()

    def _turn(self) -> None:
        self._in.write(bytes(self.connection.got))
        self.connection.got.clear()
        try:
            if not self.is_established:
                self.tls.do_handshake()
                self.is_established = True
            while data := self.tls.read(1 << 16):
                self.got += data
            self.has_closed = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.has_closed = True
        except ssl.SSLError as error:
            self.error = self.error or error.reason or str(error)
        self._write()

    def _write(self) -> None:
        self.connection.unsent += self._out.read()
        self.connection.pump()


class TlsServed(Served):
    """One server with TLS; `ends` are those of its connections, in order."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self.context = context
        self.ends: list[TlsEnd] = []
        self.speaks_tls = True

    def look(self) -> None:
        super().look()
        if self.speaks_tls:
            for connection in self.server.connections[len(self.ends) :]:
                self.ends.append(TlsEnd(connection, self.context))
            for end in self.ends:
                end.turn()

    def connect_tls(self, link: int = 1, tls: TlsWish = TLS) -> TlsEnd:
        """Open the link; returns the server's end once both have done the handshake."""
        before = len(self.ends)
        self.open(link, tls=tls)
        self.until_decided(link)
        self.until(lambda: self.ends[before].is_established)
        return self.ends[before]
