"""The form of a capture: read by dpkt, and by tshark where it is there."""

import io
from pathlib import Path

from dpkt import pcapng
from hypothesis import given
from hypothesis import strategies as st

from quecsim.packets.inside import note
from quecsim.packets.ip import Place, datagram
from quecsim.packets.pcapng import SNAP_BYTES, Interface, Packet, PcapngWriter
from tests.packets.tshark import shown, tshark

HERE, THERE = Place("10.0.0.2", 5000), Place("192.0.2.10", 6000)


def made(*packets: Packet, epoch_ns: int = 0, **options: str) -> bytes:
    out = io.BytesIO()
    writer = PcapngWriter(out, program="quecsim", **options)
    for packet in packets:
        writer.write(packet, epoch_ns)
    return out.getvalue()


@given(st.lists(st.tuples(st.integers(0, 1 << 60), st.binary(max_size=50), st.text(max_size=9))))
def test_whatever_is_in_it_can_be_read(rows: list[tuple[int, bytes, str]]) -> None:
    whole = made(*(Packet(at_ns, data, comment=text) for at_ns, data, text in rows))
    found = list(pcapng.Reader(io.BytesIO(whole)))
    assert [data for _, data in found] == [data for _, data, _ in rows]


def test_times_are_exact_to_the_nanosecond(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    file.write_bytes(made(Packet(123_456_789, datagram(HERE, THERE, b"x")), epoch_ns=17 * 10**17))
    assert shown(file, "udp", "frame.time_epoch") == [["1700000000.123456789"]]


def test_tshark_reads_all_that_a_file_says(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    data = datagram(HERE, THERE, b"x")
    file.write_bytes(
        made(
            Packet(1, data, comment="äh\nja"),
            Packet(2, data, Interface.INSIDE),
            Packet(3, data[:20], whole_bytes=len(data)),
            note(4, "the bearer is gone"),
        )
    )
    fields = ("frame.interface_name", "frame.cap_len", "frame.len", "frame.comment")
    assert shown(file, "frame", *fields) == [
        ["network", "29", "29", "äh\\nja"],
        ["inside", "29", "29", ""],
        ["network", "20", "29", ""],
        ["notes", "34", "34", "the bearer is gone"],
    ]
    assert "the bearer is gone" in tshark(file)[3]


def test_secrets_stand_where_they_were_written(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = PcapngWriter(out, program="quecsim")
    writer.write_secrets(b"CLIENT_RANDOM 00 11\n")
    writer.write(Packet(1, datagram(HERE, THERE, b"x")))
    block = out.getvalue()[out.getvalue().index(b"CLIENT_RANDOM") - 16 :]
    assert block[:4] == b"\x0a\0\0\0"
    assert block[8:16] == b"KSLT" + (20).to_bytes(4, "little")
    assert len(block[: int.from_bytes(block[4:8], "little")]) == 16 + 20 + 4
    (tmp_path / "a.pcapng").write_bytes(out.getvalue())
    assert len(tshark(tmp_path / "a.pcapng")) == 1


def test_nothing_is_longer_than_analysers_read(tmp_path: Path) -> None:
    file = tmp_path / "a.pcapng"
    file.write_bytes(made(Packet(1, bytes(SNAP_BYTES + 9)), comment="é" * 9000))
    assert shown(file, "frame", "frame.cap_len", "frame.len") == [["262144", "262153"]]


def test_no_character_of_a_comment_is_cut() -> None:
    whole = made(comment="é" * 9000)
    assert "é" * 2000 in whole.decode(errors="ignore")
    assert "é" * 2001 not in whole.decode(errors="ignore")
    made(comment="\ud800")
