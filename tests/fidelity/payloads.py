"""Payloads of the lengths and checksums that the documents print.

The files themselves were never published, so they are made: text in the shape of a certificate,
with a few letters chosen so that the checksum comes out as printed. Text alone cannot have a
checksum with the top bit of either byte set (`83a7`): there the last whole word is not text.
"""

from collections.abc import Callable
from functools import cache

from quecsim.checksum import checksum
from quecsim.firmware.package import build_package
from quecsim.peers.ftp_settings import FtpFile, FtpSettings
from quecsim.peers.http_settings import HttpFile, HttpSettings
from quecsim.profiles.schema import Profile
from quecsim.scenario.network import Service

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ROW = 65  # 64 letters and LF
_TOP_BITS = 0x8080


def certificate_like(size: int, printed_checksum: int | None = None) -> bytes:
    """`size` bytes in the shape of a PEM file, with the checksum that is printed for it."""
    body_bytes = size - len(_BEGIN) - len(_END)
    body = bytes(
        0x0A if at % _ROW == _ROW - 1 or at == body_bytes - 1 else _LETTERS[at * at % 64]
        for at in range(body_bytes)
    )
    data = bytearray(_BEGIN + body + _END)
    if printed_checksum is not None:
        _bend(data, printed_checksum)
        assert checksum(data) == printed_checksum
    assert len(data) == size
    return bytes(data)


def led_by_text(pem: bytes, size: int) -> bytes:
    """A PEM file with so much text in front of it that it is `size` bytes long."""
    text = b"Made to measure. " * (size // 17 + 1)
    return text[: size - len(pem) - 1] + b"\n" + pem


def with_checksum(certificate: bytes, size: int, printed_checksum: int) -> bytes:
    """A real certificate, with text in front of it so that length and checksum are as printed."""
    text = size - len(certificate) - 1
    data = bytearray(bytes(_LETTERS[at * at % 64] for at in range(text)) + b"\n" + certificate)
    _bend(data, printed_checksum)
    assert checksum(data) == printed_checksum
    assert len(data) == size
    return bytes(data)


def _bend(data: bytearray, wanted: int) -> None:
    """Change two letters of each half of the words, or else the last whole word."""
    difference = checksum(data) ^ wanted
    if difference & _TOP_BITS:
        at = len(data) // 2 * 2 - 2
        word = int.from_bytes(data[at : at + 2], "big") ^ difference
        data[at : at + 2] = word.to_bytes(2, "big")
        return
    first = len(_BEGIN) // 2 * 2 + 2
    for half, part in ((0, difference >> 8), (1, difference & 0xFF)):
        a, b = first + half, first + half + 2
        total = data[a] ^ data[b] ^ part
        data[a] = next(letter for letter in _LETTERS if letter ^ total in _LETTERS)
        data[b] = data[a] ^ total


@cache
def package(size: int, source: str, target: str) -> bytes:
    """A firmware package of exactly `size` bytes, from one revision to another."""
    payload_bytes = size
    while (made := len(build_package(bytes(payload_bytes), source, target))) != size:
        payload_bytes -= made - size
    return build_package((bytes(range(251)) * (size // 251 + 1))[:payload_bytes], source, target)


def package_servers(name: str, target: str) -> Callable[[Profile], list[Service]]:
    """The servers of the FOTA examples, with a package that leads from a device's revision to
    `target`: how long it is, is not printed.
    """

    def servers(profile: Profile) -> list[Service]:
        data = package(200_000, profile.identity.revision, target)
        ftp = FtpSettings(users={"test": "test"}, files={f"/{name}": FtpFile(base64=data)})
        http = HttpSettings(files={f"/{name}": HttpFile(base64=data)})
        return [
            Service(host="124.74.41.170", port=21, kind="ftp", ftp=ftp, address="124.74.41.170"),
            Service(host="www.quectel.com", port=100, kind="http", http=http),
        ]

    return servers


class PackageOf:
    """The payload of a FOTA example: a package that leads from a device's revision to `target`."""

    def __init__(self, size: int, target: str) -> None:
        self.size = size
        self.target = target

    def __call__(self, profile: Profile) -> bytes:
        return package(self.size, profile.identity.revision, self.target)
