"""Three ways to take for a page what is none; fetch.py beside it has none of them.

    python wrong_fetch.py MISTAKE PORT URL

Each works on a good day: with a server that has the page, and is near.
"""

import sys
from contextlib import suppress

import fetch
import serial
from fetch import FetchError, Http
from right import UploadError


class NoWaitForResult(Http):
    """OK is taken for the result: the page is read while it is still being asked for."""

    def get(self) -> int:
        """Ask for the page, and go on at the OK."""
        self.expect("AT+QHTTPGET=60", "OK")
        return 1


class MoreThanAsked(Http):
    """The address goes out with a word behind it that nobody has asked for."""

    def set_url(self, url: str) -> None:
        """The length is that of the address, and more is sent."""
        self.expect(f"AT+QHTTPURL={len(url)},60", "CONNECT")
        self.port.write(url.encode() + b" HTTP/1.1\r\n")
        self.reply()


class NothingCompared(Http):
    """The result is not looked at: success is told in any case."""

    def get(self) -> int:
        """Whatever has come of it."""
        with suppress(FetchError, UploadError):
            return super().get()
        return 0

    def read(self, size: int) -> bytes:
        """As much as there is."""
        with suppress(FetchError, UploadError):
            return super().read(size)
        return b""


MISTAKES = {
    "no_wait_for_result": NoWaitForResult,
    "more_than_asked": MoreThanAsked,
    "nothing_compared": NothingCompared,
}


def nothing_compared(port: serial.Serial, _name: str, _data: bytes) -> None:
    """That one, in the form in which `quecsim fuzz` calls a host."""
    fetch.fetch(port, "http://web.example/hello.txt", NothingCompared)


def main(mistake: str, path: str, url: str) -> None:
    """Fetch `url` over the port `path`, in the wrong way of that name."""
    with serial.Serial(path, 115200) as port:
        sys.stdout.buffer.write(fetch.fetch(port, url, MISTAKES[mistake]))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (FetchError, UploadError, OSError) as error:
        raise SystemExit(f"wrong_fetch.py: {error}") from error
