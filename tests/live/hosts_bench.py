"""A simulator with ways in, and hosts at them, all turned by the test in one thread.

Nothing sleeps: the loop waits for whoever is ready, and a wait that takes too long is a failure.
"""

import contextlib
import os
import socket
import time
from collections.abc import Callable
from typing import Any, TypeVar

from quecsim.live.ports.entrance import parse_gate
from quecsim.live.simulator import Simulator
from quecsim.run.replay import replay
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import Event

HANG_S = 30.0
_E = TypeVar("_E")


class Caller:
    """A connection to a way in. `got` is all that it was sent."""

    def __init__(self, port: int, receive_bytes: int = 0) -> None:
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.got = b""
        self.has_ended = False
        self.reads = True

    @property
    def name(self) -> str:
        address, port = self.socket.getsockname()
        return f"{address}:{port}"

    def look(self) -> None:
        try:
            data = self.socket.recv(1 << 16)
        except BlockingIOError:
            return
        self.got += data
        self.has_ended = not data

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def close(self) -> None:
        self.socket.close()


class HostsBench:
    """`told` is what people were told; `events` all that happened."""

    def __init__(self, *kinds: str, scale: float = 100.0, **options: Any) -> None:
        self.told: list[str] = []
        self.events: list[Event] = []
        self.simulator = Simulator(
            make_scenario("ec200u", time_scale=scale, **options),
            gates=[parse_gate(kind, "0") for kind in kinds],
            tell_hosts=self.told.append,
            watch=self.events.extend,
        )
        self.simulator.start()
        self.loop, self.rig = self.simulator.loop, self.simulator.rig
        self.callers: list[Caller] = []
        self.pty = os.open(self.simulator.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.pty_got = b""

    def call(self, index: int = 0, receive_bytes: int = 0) -> Caller:
        caller = Caller(self.simulator.entrances[index].port, receive_bytes)
        self.callers.append(caller)
        return caller

    def turn(self) -> None:
        self.loop.wait(0.02)
        self.loop.turn()
        for caller in self.callers:
            if caller.reads and not caller.has_ended and caller.socket.fileno() >= 0:
                caller.look()
        with contextlib.suppress(BlockingIOError):
            self.pty_got += os.read(self.pty, 1 << 16)

    def until(self, has_come: Callable[[], Any]) -> None:
        """Turn until it is so."""
        end_s = time.monotonic() + HANG_S
        while not has_come():
            assert time.monotonic() < end_s, f"it never came: {self.told}"
            self.turn()

    def found(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.events if isinstance(event, kind)]

    def told_that(self, text: str) -> bool:
        return any(text in each for each in self.told)

    def finish(self) -> None:
        """The record repeats, and no byte is unaccounted for."""
        self.simulator.finish()
        again = replay(self.events)
        assert again.is_same, (again.was, again.now)

    def close(self) -> None:
        for caller in self.callers:
            caller.close()
        os.close(self.pty)
        self.simulator.close()
