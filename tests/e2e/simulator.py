"""`quecsim run` in a process of its own, as a user runs it, for the end-to-end tests."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

import serial

READ_TIMEOUT_S = 60.0  # a bound for broken runs, never waited for in good ones


class RunningSimulator:
    """A simulator process. `port` is the path it printed; empty where a program has it.
    `command` is another one that has a port for hosts.
    """

    def __init__(
        self, *arguments: str, env: dict[str, str] | None = None, command: str = "run"
    ) -> None:
        self.stderr_file = tempfile.TemporaryFile()  # noqa: SIM115 - read after the end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quecsim", command, *arguments],
            stdout=subprocess.PIPE,
            stderr=self.stderr_file,
            env={**os.environ, **(env or {})},
        )
        assert self.process.stdout is not None
        self.port = ""
        if "--json" in arguments:
            self.until_it_says("\n")
            self.port = os.pread(self.stderr_file.fileno(), 1 << 12, 0).decode().split("\n")[0]
        elif "--" not in arguments:
            self.port = self.process.stdout.readline().decode().rstrip("\n")

    def open(self, **options: Any) -> serial.Serial:
        """The port, as a host opens it."""
        return serial.Serial(
            self.port, **{"baudrate": 115_200, "timeout": READ_TIMEOUT_S, **options}
        )

    def stop(self, number: int = signal.SIGINT) -> int:
        """End it by a signal; returns its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; returns its exit code."""
        code = self.process.wait(READ_TIMEOUT_S)
        assert self.process.stdout is not None
        self.output = self.process.stdout.read().decode()
        self.process.stdout.close()
        self.stderr_file.seek(0)
        self.stderr = self.stderr_file.read().decode()
        return code

    def until_it_says(self, text: str) -> None:
        """Wait for `text` on standard error."""
        end_s = time.monotonic() + READ_TIMEOUT_S
        while text.encode() not in os.pread(self.stderr_file.fileno(), 1 << 20, 0):
            assert time.monotonic() < end_s, f"it never said: {text}"
            assert self.process.poll() is None, f"it ended without saying: {text}"
            time.sleep(0.01)

    def said(self) -> str:
        """Standard error so far."""
        return os.pread(self.stderr_file.fileno(), 1 << 20, 0).decode()

    @property
    def reports(self) -> list[Any]:
        """The JSON reports it printed, after its end."""
        return [json.loads(line) for line in self.output.splitlines()]

    def __enter__(self) -> "RunningSimulator":
        return self

    def __exit__(self, *_details: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.stderr_file.close()


def ask(port: serial.Serial, command: bytes, until: bytes = b"OK\r\n") -> bytes:
    """Send a command line, read up to `until`."""
    port.write(command + b"\r")
    reply: bytes = port.read_until(until)
    assert reply.endswith(until), reply
    return reply
