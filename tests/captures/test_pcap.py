"""Packet captures in both forms and both byte orders, and what is wrong with some."""

import struct
from pathlib import Path

import pytest

from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Tally
from quecsim.captures.pcap import MOST_BYTES, Packet, packets


def pcap(order: str, *, nano: bool, link: int = 220) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link)
    return head + struct.pack(f"{order}IIII", 7, 500, 3, 5) + b"abc"


def block(order: str, kind: int, body: bytes) -> bytes:
    length = 12 + len(body) + -len(body) % 4
    return struct.pack(f"{order}II", kind, length) + body.ljust(length - 12, b"\0") + struct.pack(
        f"{order}I", length
    )  # fmt: skip


def section(order: str) -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str, link: int, options: bytes = b"") -> bytes:
    return block(order, 1, struct.pack(f"{order}HHI", link, 0, 0) + options)


def option(order: str, code: int, value: bytes, size: int | None = None) -> bytes:
    return struct.pack(f"{order}HH", code, len(value) if size is None else size) + value.ljust(
        len(value) + -len(value) % 4, b"\0"
    )


def packet(order: str, number: int, ticks: int, data: bytes) -> bytes:
    head = struct.pack(
        f"{order}IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data)
    )
    return block(order, 6, head + data)


def read(path: Path, data: bytes) -> tuple[list[Packet], Tally]:
    path.write_bytes(data)
    tally = Tally()
    return list(packets(CaptureFile(path), tally)), tally


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("nano", [True, False])
def test_the_older_form(tmp_path: Path, order: str, *, nano: bool) -> None:
    found, _ = read(tmp_path / "a", pcap(order, nano=nano))
    at_ns = 7 * 10**9 + (500 if nano else 500_000)
    assert found == [Packet(at_ns, 220, order, b"abc", True)]


@pytest.mark.parametrize("order", "<>")
def test_the_newer_form_with_its_interfaces(tmp_path: Path, order: str) -> None:
    data = section(order) + interface(order, 1)
    data += interface(order, 220, option(order, 9, b"\x09") + option(order, 0, b""))
    data += interface(order, 189, option(order, 9, b"\x8a") + option(
        order, 14, struct.pack(f"{order}q", 100)
    ))  # fmt: skip
    data += packet(order, 0, 5, b"a") + packet(order, 1, 5, b"b") + packet(order, 2, 512, b"c")
    data += block(order, 5, b"statistics") + block(order, 3, struct.pack(f"{order}I", 1) + b"d")
    data += section(order) + interface(order, 249) + packet(order, 0, 1 << 40, b"e")
    found, tally = read(tmp_path / "a", data)
    assert [(each.at_ns, each.link_type, each.data) for each in found] == [
        (5_000, 1, b"a"), (5, 220, b"b"), (100 * 10**9 + 10**9 // 2, 189, b"c"),
        (0, 1, b"d"), ((1 << 40) * 1000, 249, b"e"),
    ]  # fmt: skip
    assert [each.is_cut for each in found] == [False] * 5
    assert tally == Tally()


@pytest.mark.parametrize(
    "nonsense",
    [
        packet("<", 7, 0, b"x"),
        block("<", 6, b"short"),
        block("<", 1, b"x"),
        struct.pack("<II", 6, MOST_BYTES * 2),
        struct.pack("<II", 6, 4),
        struct.pack("<III", 0x0A0D0D0A, 28, 0x12345678),
    ],
)
def test_what_makes_no_sense_ends_it_with_a_word(tmp_path: Path, nonsense: bytes) -> None:
    data = section("<") + interface("<", 220) + packet("<", 0, 5, b"a") + nonsense
    found, tally = read(tmp_path / "a", data + bytes(64))
    assert [each.data for each in found] == [b"a"]
    assert tally.bad_lines == 1


@pytest.mark.parametrize("options", [option("<", 9, b"", 1), option("<", 14, b"x", 8), b"\x09\x00"])
def test_options_that_are_cut_are_no_options(tmp_path: Path, options: bytes) -> None:
    data = section("<") + interface("<", 220, options) + packet("<", 0, 5, b"a")
    found, _ = read(tmp_path / "a", data)
    assert found[0].data == b"a"


def test_a_file_that_is_cut(tmp_path: Path) -> None:
    for whole in (pcap("<", nano=True), section("<") + interface("<", 1) + packet("<", 0, 5, b"a")):
        for end in range(9, len(whole)):
            _, tally = read(tmp_path / "a", whole[:end])
            assert tally.bad_lines == 0
