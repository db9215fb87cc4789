"""A broker of this process behind a real port, and programs that use it: one loop, one thread."""

import os
import selectors
import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from quecsim.border import Why
from quecsim.mqtt import Packet, Reader
from quecsim.peers.broker import Broker
from tests.examples.hosts import need
from tests.peers.talk import HANGS_S


class Program:
    """A child: what it has said, and how it ended (None: it runs)."""

    def __init__(self, *command: str) -> None:
        self.child = subprocess.Popen(
            [need(command[0]), *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.said = b""
        self.code: int | None = None

    @property
    def fileno(self) -> int:
        assert self.child.stdout
        return self.child.stdout.fileno()

    def stop(self) -> None:
        self.child.kill()
        self.child.wait()
        assert self.child.stdout
        self.child.stdout.close()


class Served:
    """Sockets for a broker. `packets` is all that it has sent, to whomever."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.packets: list[Packet] = []
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._sockets: dict[int, socket.socket] = {}
        self._readers: dict[int, Reader] = {}
        self._programs: list[Program] = []
        self._count = 0

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def start(self, *command: str) -> Program:
        """One of mosquitto's clients, told where the broker is."""
        name, *options = command
        program = Program(name, "-h", "127.0.0.1", "-p", str(self.port), *options)
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
            self._send()
            due_ns = self.broker.deadline_ns()
            wait_s = gives_up - time.monotonic()
            if wait_s <= 0:
                said = [program.said for program in self._programs]
                pytest.fail(f"it hangs: {self.broker.take_notes()}, {said}")
            if due_ns is not None:
                wait_s = min(wait_s, max(0, due_ns - time.monotonic_ns()) / 1e9)
            for key, _ in self._selector.select(wait_s):
                action: Any = key.data
                action()
            self.broker.advance(time.monotonic_ns())
            self._send()

    def sent(self, kind: type[Packet]) -> int:
        """How many packets of that kind the broker has sent."""
        return sum(isinstance(packet, kind) for packet in self.packets)

    def close(self) -> None:
        """All sockets, and the programs that still run."""
        for program in self._programs:
            program.stop()
        for opened in self._sockets.values():
            opened.close()
        self._listener.close()
        self._selector.close()

    def _accept(self) -> None:
        opened, _ = self._listener.accept()
        number = self._count
        self._count += 1
        self._sockets[number] = opened
        self._readers[number] = Reader(1 << 24)
        self._selector.register(opened, selectors.EVENT_READ, lambda: self._receive(number))
        self.broker.connect(time.monotonic_ns(), number)

    def _receive(self, number: int) -> None:
        opened = self._sockets.get(number)
        if opened is None:
            return
        try:
            data = opened.recv(65_536)
        except ConnectionResetError:
            data = b""
        if data:
            self.broker.receive(time.monotonic_ns(), number, data)
        else:
            self.broker.gone(time.monotonic_ns(), number)
            self._close(number)

    def _send(self) -> None:
        for number, data in self.broker.take_output():
            if isinstance(data, Why):
                self._close(number)
                continue
            self.packets += self._readers[number].feed(data)
            try:
                self._sockets[number].sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                self.broker.gone(time.monotonic_ns(), number)
                self._close(number)

    def _close(self, number: int) -> None:
        opened = self._sockets.pop(number, None)
        if opened:
            self._selector.unregister(opened)
            opened.close()

    def _listen_to(self, program: Program) -> None:
        data = os.read(program.fileno, 65_536)
        program.said += data
        if not data:
            self._selector.unregister(program.fileno)
            program.code = program.child.wait()
