"""A server on loopback, in a thread: it takes what comes, or sends it back, and knows how much."""

import socket
import threading
import time
from typing import Self

_PIECE_BYTES = 1 << 18
_PATIENCE_S = 120.0


class Server:
    """A context manager. `echoes`: what comes goes back."""

    def __init__(self, *, echoes: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._echoes = echoes
        self._connections: list[socket.socket] = []
        self._got = 0
        self._news = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def until(self, count: int) -> float:
        """Wait until so many bytes have come in all; returns when, in seconds."""
        with self._news:
            if not self._news.wait_for(lambda: self._got >= count, _PATIENCE_S):
                raise RuntimeError(f"{self._got} of {count} bytes have come")
            return time.perf_counter()

    @property
    def got(self) -> int:
        """How many bytes have come in all."""
        return self._got

    def send(self, data: bytes) -> None:
        """To the newest connection, from a thread of its own."""
        with self._news:
            self._news.wait_for(lambda: bool(self._connections), _PATIENCE_S)
        newest = self._connections[-1]
        threading.Thread(target=newest.sendall, args=(data,), daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._news:
                self._connections.append(connection)
                self._news.notify_all()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while data := connection.recv(_PIECE_BYTES):
                with self._news:
                    self._got += len(data)
                    self._news.notify_all()
                if self._echoes:
                    connection.sendall(data)
        except OSError:  # the device is gone
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.close()
