"""A child process whose words are heard as they come."""

import subprocess

from tests.examples.hosts import need


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
