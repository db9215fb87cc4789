"""Three ways to miss that the broker was not reached; connect.py beside it has none of them.

    python wrong_connect.py MISTAKE PORT FILE HOST BROKER-PORT

Each works on a good day: with a certificate that is whole, a broker that is near, a module that is
quick.
"""

import sys
from contextlib import suppress
from pathlib import Path

import serial
import wrong
from connect import ConnectError, Mqtt
from right import NAME, UploadError, upload


class NoWaitForResult(Mqtt):
    """OK is taken for the result: the next command comes while the connection is being opened."""

    def request(self, command: str, good: str, wait_s: float) -> None:  # noqa: ARG002
        """Send a command, and go on at its OK."""
        self.expect(command, "OK")


class NoWaitForPrompt(Mqtt):
    """The message goes right behind its command."""

    def prompt(self, command: str) -> None:
        """Send the command, and be done."""
        self.port.write(command.encode() + b"\r")


class NothingCompared(Mqtt):
    """The file is not compared, and an error is no reason to stop: success is told in any case."""

    def publish(self, host: str, port: str) -> None:
        """As far as it goes."""
        with suppress(ConnectError, UploadError):
            super().publish(host, port)


MISTAKES = {
    "no_wait_for_result": (upload, NoWaitForResult),
    "no_wait_for_prompt": (upload, NoWaitForPrompt),
    "nothing_compared": (wrong.no_compare, NothingCompared),
}


def main(mistake: str, path: str, file: str, host: str, broker_port: str) -> None:
    """Make `mistake` on the way to the broker."""
    data = Path(file).read_bytes()
    put, client = MISTAKES[mistake]
    with serial.Serial(path, 115200) as port:
        put(port, NAME, data)
        client(port).publish(host, broker_port)
    print("published")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ConnectError, UploadError, OSError) as error:
        raise SystemExit(f"wrong_connect.py: {error}") from error
