"""The other end: quecsim as a user runs it, or a bare program, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

HERE = Path(__file__).parent
ZERO_LATENCY = str(HERE / "zero-latency.toml")


def quecsim_command() -> list[str]:
    """The command that a user types; `python -m quecsim` where no script is installed."""
    script = Path(sys.executable).with_name("quecsim")
    return [str(script)] if script.exists() else [sys.executable, "-m", "quecsim"]


class Peer:
    """A process that prints the path of its port first. A context manager: it ends with it."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HERE.parent,
        )
        self.port = self.line()
        if not self.port:
            raise RuntimeError(f"{' '.join(command)} did not start")

    @classmethod
    def simulator(cls, device: str, *options: str) -> Self:
        """`quecsim run DEVICE OPTIONS`."""
        return cls(*quecsim_command(), "run", device, *options)

    @classmethod
    def bare(cls, program: str, *arguments: str) -> Self:
        """One of the bare programs of this folder."""
        return cls(sys.executable, str(HERE / program), *arguments)

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def ask(self, line: str) -> str:
        """Its answer to a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()
        return self.line()

    @property
    def cpu_ns_of_all(self) -> int:
        """Time on a processor so far, of all its threads."""
        place = Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in place.iterdir())

    @property
    def cpu_ns(self) -> int:
        """Time on a processor so far (Linux: /proc/PID/schedstat)."""
        return int(self._proc("schedstat").split()[0])

    @property
    def cpu_ticks(self) -> int:
        """User and system time so far as `ps` and `top` count it, in clock ticks."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    @property
    def rss_bytes(self) -> int:
        """Resident memory."""
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self.process.terminate()
        self.process.communicate()
