"""A file to the module with AT+QFUPL in ACK mode, and proof that it arrived.

    python right.py PORT FILE          as UFS:ca.pem; exit code 0: it is there, whole
    upload(port, name, data)           the same on an open pyserial port; raises if it is not

Every wait ends, whatever the module says. After a failure it starts anew, and deletes the old file.
"""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import serial

NAME = "UFS:ca.pem"
BLOCK_BYTES = 1024  # the module acknowledges each
DATA_MODE_S = 5  # the module gives up after so long without data
REPLY_S = DATA_MODE_S + 5  # so we wait longer: its own error says more than our time-out
GUARD_S = 1.2  # silence around +++
ATTEMPTS = 3
LINE = re.compile(rb"[\r\n]*([^\r\n][^\n]*)\n")
FINAL = re.compile(r"OK|ERROR|CONNECT|\+CM[ES] ERROR:.*")


class UploadError(Exception):
    """The file is not on the module, or nobody can tell."""


class Modem:
    """An AT conversation: commands out, lines and acknowledgements in."""

    def __init__(self, port: serial.Serial) -> None:
        self.port = port
        self.input = b""
        self.in_data_mode = False  # or may be: a command went out, and no result came
        port.timeout = 0.1  # one read; the waits are counted in `items`
        port.write_timeout = REPLY_S

    def items(self, wait_s: float, bare_a: bool = False) -> Iterator[str]:
        """What the module says: lines that are not empty and, where it may send one, a bare `A`."""
        end = time.monotonic() + wait_s
        while True:
            if bare_a and self.input.startswith(b"A"):  # a line would begin with CR LF
                self.input = self.input[1:]
                yield "A"
            elif line := LINE.match(self.input):
                self.input = self.input[line.end() :]
                text = line[1].decode("ascii", "replace").strip()
                if FINAL.fullmatch(text):
                    self.in_data_mode = text == "CONNECT"
                yield text
            elif time.monotonic() > end:
                raise UploadError(f"no answer within {wait_s:g} s")
            else:
                self.input += self.port.read(self.port.in_waiting or 1)

    def reply(self, wait_s: float = REPLY_S, bare_a: bool = False) -> list[str]:
        """All lines up to the final result; the echo and other news may be among them."""
        lines = []
        for line in self.items(wait_s, bare_a):
            lines.append(line)
            if FINAL.fullmatch(line):
                return lines
        raise AssertionError("items() ends with an answer or an error")

    def command(self, text: str, wait_s: float = REPLY_S) -> list[str]:
        """Send a command; its reply."""
        self.port.reset_input_buffer()  # what came unasked is no answer to this
        self.input = b""
        self.in_data_mode = True
        self.port.write(text.encode() + b"\r")
        return self.reply(wait_s)

    def expect(self, text: str, *finals: str) -> list[str]:
        """Send a command that must end with one of `finals`."""
        lines = self.command(text)
        if lines[-1] not in finals:
            raise UploadError(f"{text}: {lines[-1]}")
        return lines

    def sync(self) -> None:
        """AT until it is answered: the module may be starting, or looking for our baud rate."""
        for tries in range(10):
            if tries == 3:
                self.leave_data_mode()  # perhaps another program left the module there
            with suppress(UploadError):
                if self.command("AT", wait_s=1)[-1] == "OK":
                    if tries:  # answers to the earlier ones may be under way
                        time.sleep(GUARD_S)
                    return
        raise TimeoutError("no answer to AT")  # no use to try that again

    def leave_data_mode(self) -> None:
        """+++ between two silences; no harm where there is no data mode."""
        time.sleep(GUARD_S)
        self.port.write(b"+++")
        with suppress(UploadError):  # no answer: it was not in data mode
            self.reply(wait_s=2 * GUARD_S)

    def send(self, data: bytes) -> list[str]:
        """The file, a block at a time; the reply at its end."""
        for start in range(0, len(data), BLOCK_BYTES):
            if start:
                self.wait_for_a()
            self.port.write(data[start : start + BLOCK_BYTES])
        return self.reply(bare_a=True)  # not every module sends an `A` for a last full block

    def wait_for_a(self) -> None:
        """Wait until the block is stored."""
        for item in self.items(REPLY_S, bare_a=True):
            if item == "A":
                return
            if FINAL.fullmatch(item):
                raise UploadError(f"the upload ended early: {item}")


def checksum(data: bytes) -> int:
    """Exclusive or of the 16-bit words, high byte first; an odd last byte is a high byte."""
    total = 0
    for high, low in zip(data[::2], data[1::2] + b"\0", strict=False):
        total ^= high << 8 | low
    return total


def attempt(modem: Modem, name: str, data: bytes) -> None:
    """One upload from the first AT to the last check."""
    modem.sync()
    modem.expect("ATE0", "OK")
    modem.expect("AT+CMEE=1", "OK")
    modem.command(f'AT+QFDEL="{name}"')  # an error: there was none. Its number differs: 418, 405
    modem.expect(f'AT+QFUPL="{name}",{len(data)},{DATA_MODE_S},1', "CONNECT")
    lines = modem.send(data)
    if lines[-1] != "OK":
        raise UploadError(f"the module ended the upload with {lines[-1]}")
    expected = rf"\+QFUPL: {len(data)},0*{checksum(data):x}"  # some modules print four digits
    if not any(re.fullmatch(expected, line) for line in lines):
        raise UploadError(f"the module says {lines}, and should say {expected}")
    listing = " ".join(modem.expect(f'AT+QFLST="{name}"', "OK"))
    if not re.search(rf'\+QFLST: "[^"]*",{len(data)}\b', listing):
        raise UploadError(f"the module lists {listing}, and should list {len(data)} bytes")


def upload(port: serial.Serial, name: str, data: bytes) -> None:
    """Put `data` into the file `name`; UploadError or OSError says why it is not there."""
    modem = Modem(port)
    for left in reversed(range(ATTEMPTS)):
        try:
            attempt(modem, name, data)
            return
        except UploadError:
            if modem.in_data_mode:
                modem.leave_data_mode()
            if not left:
                raise


def main(path: str, file: str) -> None:
    """Upload `file` over the port `path`."""
    data = Path(file).read_bytes()
    with serial.Serial(path, 115200) as port:
        upload(port, NAME, data)
    print(f"{NAME}: {len(data)} bytes, checksum {checksum(data):x}, verified")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (UploadError, OSError) as error:
        raise SystemExit(f"right.py: {error}") from error
