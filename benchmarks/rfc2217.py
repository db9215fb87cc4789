"""Pacing over RFC 2217: an upload takes as long as the line does, and the network adds nothing."""

import socket
import warnings
from collections.abc import Iterator

import serial

from benchmarks.host import PyserialHost
from benchmarks.measure import Measurement
from benchmarks.peer import Peer
from benchmarks.sizes import Sizes

_BITS = 10  # 8N1


class RemoteHost(PyserialHost):
    """pyserial's own client."""

    name = "pyserial over RFC 2217"

    def __init__(self, url: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # how it names its thread
            self._port = serial.serial_for_url(url, 115_200)

    def set_baud(self, baud: int) -> None:
        """Our side of the line."""
        self._port.baudrate = baud


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """From the first byte of the file to the last of the final OK, flash out of the picture."""
    data = bytes(range(256)) * -(-sizes.paced_bytes // 256)  # with bytes that telnet doubles
    for baud in sizes.bauds:
        place = f"127.0.0.1:{_free_port()}"
        options = ("--flash", "instant", "--rfc2217", place)
        with Peer.simulator("ec200u", *options), RemoteHost(f"rfc2217://{place}") as host:
            host.ask(b"ATE0")
            host.ask(b"AT+IPR=%d" % baud)
            host.set_baud(baud)
            seconds, reply = host.upload(data)
        line_s = (len(data) + len(reply)) * _BITS / baud
        yield Measurement(
            f"RFC 2217 at {baud}",
            abs(seconds / line_s - 1) * 100,
            "% off the line's own time",
            f"{len(data)} bytes: {seconds:.4f} s, the line {line_s:.4f} s",
            1.0,
        )


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        number: int = made.getsockname()[1]
        return number
