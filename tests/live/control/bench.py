"""A simulator that the test itself turns, and a raw client of its control socket."""

import json
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial

from quecsim.live.control.server import ControlServer, open_control
from quecsim.live.simulator import Simulator
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import Result
from quecsim.units import ms

PATIENCE_S = 60.0  # a bound for broken runs, never waited for in good ones
_TURN_NS = ms(20)  # of the model's time
_TURN_S = 0.001  # of ours, while nothing comes


@contextmanager
def runtime_folder() -> Iterator[Path]:
    """A folder for sockets, of the test's own, with a path that is short enough."""
    folder = Path(tempfile.mkdtemp(prefix="q"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.delenv("QUECSIM_CTL", raising=False)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


class SteppedClock:
    """In place of the wall's: model time passes turn by turn, however busy the machine is. So no
    answer of a server's comes too late for the device that waits for it.
    """

    def __init__(self) -> None:
        self.at_ns = 0

    def now_ns(self) -> int:
        return self.at_ns

    def seconds_until(self, at_ns: int) -> float:
        return (at_ns > self.at_ns) * _TURN_S

    def set_back(self, _at_ns: int) -> int:
        raise AssertionError("no turn is late")


class Bench:
    """A started simulator with its socket, whose clock the turns move on."""

    def __init__(self, link: Path | None = None, **options: Any) -> None:
        self.simulator = Simulator(make_scenario("ec200u", **options))
        self._clock = SteppedClock()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("quecsim.live.simulator.WallClock", lambda _scale: self._clock)
            self.simulator.start()
        self.clients: list[Client] = []
        self.server: ControlServer = open_control(self.simulator, link)

    def close(self) -> None:
        """The end of everything."""
        for client in self.clients:
            client.socket.close()
        self.simulator.close()

    def turn(self, limit_s: float = 0.0) -> None:
        """One turn of the loop, and what it has left for the next."""
        self.simulator.loop.wait(limit_s)
        self._clock.at_ns += _TURN_NS
        self.simulator.loop.turn()

    def say(self, text: bytes) -> None:
        """The host says something, and the device does what it makes of it."""
        with serial.Serial(self.simulator.path, 115_200, timeout=PATIENCE_S) as port:
            answers = self._answers()
            port.write(text)
            while self._answers() == answers or not self.simulator.loop.is_quiet:
                self.turn(_TURN_S)

    def _answers(self) -> int:
        return sum(isinstance(event, Result) for _, event in self.simulator.log.since(0))


class Client:
    """Somebody at the socket, who waits for nothing: the bench has to be turned for it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.clients.append(self)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(bench.server.path)
        self.socket.setblocking(False)
        self.input = b""

    def send(self, request: dict[str, Any] | bytes) -> None:
        """A request, or any bytes."""
        if isinstance(request, dict):
            request = json.dumps({"v": 1, **request}).encode() + b"\n"
        self.socket.sendall(request)

    def look(self) -> bool:
        """Take what is there; False: the other side has hung up."""
        try:
            data = self.socket.recv(1 << 20)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        self.input += data
        return bool(data)

    def replies(self, count: int = 1) -> list[Any]:
        """The next `count` replies; the bench is turned until they are there."""
        for _ in range(100_000):
            if self.input.count(b"\n") >= count:
                break
            self.bench.turn()
            assert self.look() or self.input.count(b"\n") >= count, "it has hung up"
        *lines, self.input = self.input.split(b"\n", count)
        assert len(lines) == count, "no reply"
        return [json.loads(line) for line in lines]

    def ask(self, do: str, **fields: Any) -> Any:
        """A request, and its reply."""
        self.send({"do": do, **fields})
        return self.replies()[0]

    def is_hung_up(self) -> bool:
        """Whether the other side hangs up within some turns."""
        for _ in range(1000):
            self.bench.turn()
            if not self.look():
                return True
        return False
