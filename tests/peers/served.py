"""A server of this process behind real ports, and programs that use it: one loop, one thread."""

import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest

from quecsim.border import Why
from quecsim.mqtt import Packet, Reader
from quecsim.peers.broker import Broker
from quecsim.peers.service import Caller, ManyPorts, Securable, Service, SlowReader
from quecsim.tls.server import ServerTls, TlsServer, new_server
from quecsim.tls.trouble import Broken
from tests.peers.program import Program
from tests.peers.talk import HANGS_S

_MOST_WAITING = 1 << 16  # bytes, on each connection, in either direction
_MOST_TURNS = 16  # before the service hears of others again
_RESETS = struct.pack("ii", 1, 0)


class Connection:
    """A socket of the server's, and what is to go out there."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.tls: TlsServer | None = None
        self.is_secure = False
        self.is_known = True  # to the service
        self.unsent = bytearray()
        self.ends: Why | None = None
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)  # the end of some ABORs


class Served:
    """Sockets for a service: where it listens, for its further ports, for those that it calls.

    `tls` is how it does TLS: from the beginning with `implicit`, otherwise where the service says.
    """

    def __init__(
        self, service: Service, tls: ServerTls | None = None, *, implicit: bool = False
    ) -> None:
        self.service = service
        self._tls = tls
        self._implicit = implicit
        self._selector = selectors.DefaultSelector()
        self._listeners: dict[int, socket.socket] = {}
        self.port = self._listen(0, self._connected)
        self._further: dict[int, int] = {}  # ports of the service, where they are open
        self._connections: dict[int, Connection] = {}
        self._programs: list[Program] = []
        self._count = 0

    def start(self, *command: str) -> Program:
        """A program, told where the server is however it wants to be told."""
        program = Program(*command)
        self._programs.append(program)
        self._selector.register(
            program.fileno, selectors.EVENT_READ, lambda: self._listen_to(program)
        )
        return program

    def run(self, *command: str) -> Program:
        """The same, until it has ended."""
        program = self.start(*command)
        self.until(lambda: program.code is not None)
        return program

    def until(self, is_so: Callable[[], bool]) -> None:
        """Serve until something is so; fails the test where it hangs."""
        gives_up = time.monotonic() + HANGS_S
        while not is_so():
            is_all = self._serve()
            due_ns = self.service.deadline_ns()
            wait_s = gives_up - time.monotonic()
            if wait_s <= 0:
                pytest.fail(f"it hangs: {[program.said for program in self._programs]}")
            if not is_all:
                wait_s = 0
            elif due_ns is not None:
                wait_s = min(wait_s, max(0, due_ns - time.monotonic_ns()) / 1e9)
            for key, _ in self._selector.select(wait_s):
                action: Any = key.data
                action()
            self.service.advance(time.monotonic_ns())
            self._serve()

    def close(self) -> None:
        """All sockets, and the programs that still run."""
        for program in self._programs:
            program.stop()
        for connection in self._connections.values():
            connection.socket.close()
        for listener in self._listeners.values():
            listener.close()
        self._selector.close()

    def said(self, number: int, data: bytes) -> None:
        """The service has said that, on a connection."""

    # who comes

    def _listen(self, port: int, came: Callable[[int], None]) -> int:
        """The port, at which `came` hears of each connection by its number."""
        listener = socket.create_server(("127.0.0.1", port))
        found: int = listener.getsockname()[1]
        self._listeners[found] = listener

        def accept() -> None:
            opened, _ = listener.accept()
            came(self._take_on(opened))

        self._selector.register(listener, selectors.EVENT_READ, accept)
        return found

    def _take_on(self, opened: socket.socket) -> int:
        self._count += 1
        number = self._count
        self._connections[number] = Connection(opened)
        self._selector.register(opened, selectors.EVENT_READ, lambda: self._turn(number))
        return number

    def _connected(self, number: int) -> None:
        if self._implicit:
            assert self._tls
            connection = self._connections[number]
            connection.tls, connection.is_known = new_server(self._tls), False
        else:
            self.service.connect(time.monotonic_ns(), number)

    def _serve(self) -> bool:
        """Whatever the service wants now; whether that was all of it."""
        return not all(self._pass_on() for _ in range(_MOST_TURNS))

    def _pass_on(self) -> bool:
        """Whether the service has said something."""
        service = self.service
        if isinstance(service, Caller):
            for dial in service.take_dials(time.monotonic_ns()):
                service.answered(time.monotonic_ns(), dial.key, self._call(dial.port))
        room = {
            number: max(0, _MOST_WAITING - len(connection.unsent))
            for number, connection in self._connections.items()
        }
        output = service.take_output(room)
        for number, data in output:
            connection = self._connections[number]
            if isinstance(data, Why):
                connection.ends = data
                if connection.is_secure and connection.tls:
                    connection.tls.close()
            else:
                self.said(number, data)
                if connection.is_secure and connection.tls:
                    connection.tls.send(data)
                else:
                    connection.unsent += data
        if isinstance(service, ManyPorts):
            self._follow(service)
        for number in list(self._connections):
            self._push(number)
        return bool(output)

    def _call(self, port: int) -> int | None:
        try:
            return self._take_on(socket.create_connection(("127.0.0.1", port), HANGS_S))
        except ConnectionRefusedError:
            return None

    def _follow(self, service: ManyPorts) -> None:
        """Listen at just those ports at which the service can be reached."""
        for port in set(service.ports) - set(self._further):
            self._further[port] = port
            self._listen(port, lambda number, port=port: self._reached(number, port))  # type: ignore[misc]
        for port in set(self._further) - set(service.ports):
            del self._further[port]
            listener = self._listeners.pop(port)
            self._selector.unregister(listener)
            listener.close()

    def _reached(self, number: int, port: int) -> None:
        assert isinstance(self.service, ManyPorts)
        self.service.connect_at(time.monotonic_ns(), number, port)

    # bytes

    def _turn(self, number: int) -> None:
        """A socket can be read, or be written to."""
        connection = self._connections.get(number)
        if connection is None:
            return
        self._push(number)
        if number in self._connections and not connection.ends and not self._is_behind(number):
            self._read(number, connection)

    def _is_behind(self, number: int) -> bool:
        service = self.service
        return isinstance(service, SlowReader) and service.unread(number) >= _MOST_WAITING

    def _read(self, number: int, connection: Connection) -> None:
        try:
            data = connection.socket.recv(65_536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._gone(number)
            return
        service = self.service
        awaits = isinstance(service, Securable) and service.awaits_tls(number)
        if connection.tls is None and awaits and self._tls:
            connection.tls = new_server(self._tls)
        if connection.tls is None:
            service.receive(time.monotonic_ns(), number, data)
            return
        try:
            connection.tls.receive(data)
        except Broken:
            self._gone(number)
            return
        self._progress(number, connection, connection.tls)

    def _progress(self, number: int, connection: Connection, tls: TlsServer) -> None:
        """TLS has got something."""
        now_ns, service = time.monotonic_ns(), self.service
        if tls.is_established and not connection.is_secure:
            connection.is_secure = True
            if not connection.is_known:
                connection.is_known = True
                service.connect(now_ns, number)
            elif isinstance(service, Securable):
                service.secured(now_ns, number)
        if plain := tls.take_plain():
            service.receive(now_ns, number, plain)
        if tls.is_closed and not connection.ends:
            service.gone(now_ns, number)
            tls.close()
            connection.ends = Why.FIN
            self._push(number)

    def _push(self, number: int) -> None:
        """Send what can be sent."""
        connection = self._connections[number]
        if connection.tls:
            connection.unsent += connection.tls.take_output()
        try:
            while connection.unsent:
                count = connection.socket.send(connection.unsent)
                del connection.unsent[:count]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self._gone(number)
            return
        if connection.ends and not connection.unsent:
            if connection.ends is Why.RESET:
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS)
            self._drop(number)
            return
        wanted = 0 if connection.ends or self._is_behind(number) else selectors.EVENT_READ
        wanted |= selectors.EVENT_WRITE if connection.unsent else 0
        key = self._selector.get_map().get(connection.socket)
        if key is not None and key.events != wanted:
            if wanted:
                self._selector.modify(connection.socket, wanted, key.data)
            else:
                self._selector.unregister(connection.socket)
        elif key is None and wanted:
            self._selector.register(connection.socket, wanted, lambda: self._turn(number))

    def _gone(self, number: int) -> None:
        connection = self._connections[number]
        if connection.is_known and not connection.ends:
            self.service.gone(time.monotonic_ns(), number)
        self._drop(number)

    def _drop(self, number: int) -> None:
        connection = self._connections.pop(number)
        if connection.socket in self._selector.get_map():
            self._selector.unregister(connection.socket)
        connection.socket.close()

    def _listen_to(self, program: Program) -> None:
        data = os.read(program.fileno, 65_536)
        program.said += data
        if not data:
            self._selector.unregister(program.fileno)
            program.code = program.child.wait()


class ServedBroker(Served):
    """Sockets for a broker. `packets` is all that it has sent, to whomever."""

    def __init__(self, broker: Broker) -> None:
        super().__init__(broker)
        self.broker = broker
        self.packets: list[Packet] = []
        self._readers: dict[int, Reader] = {}

    def start(self, *command: str) -> Program:
        """One of mosquitto's clients, told where the broker is."""
        name, *options = command
        return super().start(name, "-h", "127.0.0.1", "-p", str(self.port), *options)

    def said(self, number: int, data: bytes) -> None:
        self.packets += self._readers.setdefault(number, Reader(1 << 24)).feed(data)

    def sent(self, kind: type[Packet]) -> int:
        """How many packets of that kind the broker has sent."""
        return sum(isinstance(packet, kind) for packet in self.packets)
