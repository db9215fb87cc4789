"""A page from a web server by the module's own HTTP client, byte for byte.

    python fetch.py PORT URL [FILE]
    exit code 0: all of the page has come; it is written to FILE, or to standard output

For LTE modules (EC200U). OK only says that a command was understood: what came of it is a line of
its own behind that, and each of them is waited for. How long the page is, the module says before
its first byte.
"""

import re
import sys
import time
from pathlib import Path

import serial
from right import Modem, UploadError

NETWORK_S = 60
ACTIVATE_S = 155  # these are the manuals' times, and some to spare
ANSWER_S = 90
PIECE_S = 60
REGISTERED = re.compile(r"\+CEREG: \d,[15]\b")
GOT = re.compile(r"\+QHTTPGET: 0,(\d+),(\d+)")


class FetchError(Exception):
    """The page is not here, or not all of it."""


class Http(Modem):
    """The module's HTTP client."""

    def result(self, name: str, wait_s: float) -> str:
        """The line that tells what came of a command, behind its OK."""
        for line in self.items(wait_s):
            if line.startswith(f"{name}:") or "ERROR" in line:
                return line
        raise AssertionError("items() ends with a line or an error")

    def join(self) -> None:
        """Wait until the network has taken the module in; have a packet context."""
        end = time.monotonic() + NETWORK_S
        while not any(map(REGISTERED.match, self.expect("AT+CEREG?", "OK"))):
            if time.monotonic() > end:
                raise FetchError(f"no network within {NETWORK_S} s")
            time.sleep(1)
        if any(line.startswith("+QIACT: 1,1") for line in self.expect("AT+QIACT?", "OK")):
            return
        if (result := self.command("AT+QIACT=1", ACTIVATE_S)[-1]) != "OK":
            raise FetchError(f"AT+QIACT=1: {result}")

    def set_url(self, url: str) -> None:
        """The address is data: as many bytes as the command says, not one before CONNECT."""
        self.expect(f"AT+QHTTPURL={len(url)},{ANSWER_S}", "CONNECT")
        self.port.write(url.encode())
        if (result := self.reply()[-1]) != "OK":
            raise FetchError(f"AT+QHTTPURL: {result}")

    def get(self) -> int:
        """Ask for the page; how many bytes it has."""
        self.expect(f"AT+QHTTPGET={ANSWER_S}", "OK")
        line = self.result("+QHTTPGET", ANSWER_S + 5)
        found = GOT.fullmatch(line)
        if found is None or found[1] != "200":
            raise FetchError(f"{line}, and should be +QHTTPGET: 0,200,<length>")
        return int(found[2])

    def read(self, size: int) -> bytes:
        """All of it; what comes behind must be OK and +QHTTPREAD: 0."""
        self.expect(f"AT+QHTTPREAD={PIECE_S}", "CONNECT")
        last = time.monotonic()
        while len(self.input) < size:
            piece = self.port.read(min(self.port.in_waiting or 1, size - len(self.input)))
            self.input += piece
            if piece:
                last = time.monotonic()
            elif time.monotonic() > last + PIECE_S:
                raise FetchError(f"{len(self.input)} of {size} bytes, and no more")
        page, self.input = self.input[:size], self.input[size:]
        if (result := self.reply()[-1]) != "OK":
            raise FetchError(f"AT+QHTTPREAD: {result}")
        line = self.result("+QHTTPREAD", ANSWER_S)
        if line != "+QHTTPREAD: 0":
            raise FetchError(f"{line}, and should be +QHTTPREAD: 0")
        return page


def fetch(port: serial.Serial, url: str, client: type[Http] = Http) -> bytes:
    """The page, on an open port."""
    modem = client(port)
    modem.sync()
    modem.expect("ATE0", "OK")
    modem.join()
    modem.set_url(url)
    return modem.read(modem.get())


def hello(port: serial.Serial, _name: str, _data: bytes) -> None:
    """One page, in the form in which `quecsim fuzz` calls a host. Raises where it has not come."""
    fetch(port, "http://web.example/hello.txt")


def main(path: str, url: str, file: str = "") -> None:
    """Fetch `url` over the port `path`."""
    with serial.Serial(path, 115200) as port:
        page = fetch(port, url)
    if file:
        Path(file).write_bytes(page)
        print(f"{url}: {len(page)} bytes in {file}")
    else:
        sys.stdout.buffer.write(page)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (FetchError, UploadError, OSError) as error:
        raise SystemExit(f"fetch.py: {error}") from error
