"""Saleae's tables: the same bytes and times come back as were on the wire."""

from pathlib import Path

import pytest

from quecsim.captures.imported import open_import_of_two
from quecsim.captures.opened import Options
from quecsim.errors import QuecsimError
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev
from tests.captures.wire import (
    BYTE_NS,
    assert_same,
    heard_device,
    heard_host,
    imported,
    said,
    wire_bytes,
)

HEADER = "name,type,start_time,duration,data,error\n"
BIT_NS = BYTE_NS // 10


def row(at_ns: int, name: str, data: str, error: str = "") -> str:
    start_ns = at_ns - BYTE_NS
    return f'"{name}","data",{start_ns / 1e9:.9f},{BYTE_NS / 1e9:.9g},{data},{error}\n'


def table(names: dict[str, str], show: str = "0x{:02X}") -> str:
    rows = [row(at_ns, names[side], show.format(byte)) for at_ns, side, byte in wire_bytes()]
    return HEADER + "".join(rows)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "session.csv"
    path.write_text(table({"host": "TX", "device": "RX"}))
    return path


def test_bytes_and_times_come_back(csv: Path) -> None:
    made, _ = imported(csv)
    assert made.format.name == "saleae"
    assert (made.source.baud, made.source.frame) == (115200, "8N1")
    assert made.source.lacks == ("modem-lines",)
    assert_same(made, within_ns=BIT_NS)
    assert made.profile.name == "ec200u"
    assert made.is_known


def test_bytes_that_follow_one_another_are_one_run(csv: Path) -> None:
    _, record = imported(csv)
    runs = [each for each in record if isinstance(each, ev.HostBytes | ev.Sent)]
    assert len(runs) * 10 < len(wire_bytes())


def test_who_is_the_host_is_told_by_what_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table({"host": "D1", "device": "A host?"}))
    _, record = imported(path)
    assert heard_host(record) == said(wire_bytes(), "host")
    assert heard_device(imported(path, swap=True)[1]) == said(wire_bytes(), "host")
    assert heard_host(imported(path, host_channel="A host?")[1]) == said(wire_bytes(), "device")


def test_an_unknown_channel_is_refused_with_those_that_there_are(csv: Path) -> None:
    with pytest.raises(QuecsimError, match='no channel "RTS"') as error:
        imported(csv, host_channel="RTS")
    assert '"TX"' in error.value.hint


@pytest.mark.parametrize("show", ["{:d}", "0b{:08b}", "'{:d}'", "x (0x{:02X})"])
def test_every_radix_is_read(tmp_path: Path, show: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table({"host": "TX", "device": "RX"}, show))
    _, record = imported(path)
    assert heard_host(record) == said(wire_bytes(), "host")


def test_characters_are_read_and_said_to_be_less_exact(tmp_path: Path) -> None:
    shown = {"\r": "\\r", "\n": "\\n", " ": '" "', ",": '","', '"': '""""'}
    rows = [
        row(at_ns, side, shown.get(chr(byte), chr(byte)))
        for at_ns, side, byte in wire_bytes()
        if 32 <= byte < 127 or byte in b"\r\n"
    ]
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(rows))
    made, record = imported(path)
    assert "exact-bytes" in made.source.lacks
    assert heard_host(record).startswith(b'AT\rATI\rAT+CMEE=2\rAT+QFUPL="a",1536\r')


def test_one_channel_behind_the_other_is_put_in_order(tmp_path: Path) -> None:
    both = [
        [row(at_ns, side, f"0x{byte:02X}") for at_ns, who, byte in wire_bytes() if who == side]
        for side in ("device", "host")
    ]
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(both[0] + both[1]))
    made, _ = imported(path)
    assert_same(made, within_ns=BIT_NS)
    assert made.tally.backward == 0


def test_a_decoder_that_says_the_same_is_left_out(tmp_path: Path) -> None:
    rows = []
    for at_ns, side, byte in wire_bytes():
        rows.append(row(at_ns, side, f"0x{byte:02X}"))
        if side == "host":
            rows.append(row(at_ns, "Async Serial [2]", f"0x{byte:02X}"))
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(rows))
    made, record = imported(path)
    assert heard_host(record) == said(wire_bytes(), "host")
    assert heard_device(record) == said(wire_bytes(), "device")
    assert any("says the same" in note for note in made.notes)


def logic_1(side: str) -> str:
    rows = [
        f"{(at_ns - BYTE_NS) / 1e9:.15f},0x{byte:02X},,\n"
        for at_ns, who, byte in wire_bytes()
        if who == side
    ]
    return "Time [s],Value,Parity Error,Framing Error\n" + "".join(rows)


def test_two_files_of_logic_1_are_one_session(tmp_path: Path) -> None:
    paths = {"host": tmp_path / "tx.csv", "device": tmp_path / "rx.csv"}
    for side, path in paths.items():
        path.write_text(logic_1(side))
    usual = load_profile("ec200u")
    made = open_import_of_two(paths, "auto", Options(baud=115200), usual=usual)  # type: ignore[arg-type]
    assert_same(made, within_ns=BIT_NS)
    assert made.source.lacks == ("modem-lines",)


@pytest.mark.parametrize(("side", "lack"), [("host", "device-bytes"), ("device", "host-bytes")])
def test_one_wire_alone_lacks_the_other(tmp_path: Path, side: str, lack: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(logic_1(side))
    made, record = imported(path)
    assert lack in made.source.lacks
    heard = heard_host(record) if side == "host" else heard_device(record)
    assert heard == said(wire_bytes(), side)  # type: ignore[arg-type]


def test_a_cut_file_is_read_up_to_the_cut(csv: Path) -> None:
    whole = csv.read_text()
    csv.write_text(whole[: len(whole) // 2 + 7])
    made, record = imported(csv)
    assert made.tally.torn
    count = len(heard_host(record) + heard_device(record))
    assert count == whole[: len(whole) // 2 + 7].count("\n") - 1


def test_errors_of_the_line_are_counted(tmp_path: Path) -> None:
    rows = [
        row(at_ns, side, f"0x{byte ^ 0xA5:02X}", "framing error" if number % 3 == 0 else "")
        for number, (at_ns, side, byte) in enumerate(wire_bytes())
        if side == "device"
    ]
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(rows))
    made, _ = imported(path)
    assert made.tally.framing_errors == sum("framing" in each for each in rows) > 40
    assert made.looks_wrong()


def test_times_before_the_trigger_count_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + '"a","data",-1.5,8.68e-05,0x41,\n"a","data",0.25,8.68e-05,0x54,\n')
    _, record = imported(path)
    said_at = [each.at_ns for each in record if isinstance(each, ev.HostBytes)]
    assert said_at == [0, 1_750_000_000]


def test_moments_in_place_of_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        HEADER
        + '"a","data",2026-06-01T12:34:56.789000000Z,8.68e-05,0x41,\n'
        + '"a","data",2026-06-01T12:34:57.789000000Z,8.68e-05,0x54,\n'
    )
    _, record = imported(path)
    assert [each.at_ns for each in record if isinstance(each, ev.HostBytes)] == [0, 1_000_000_000]


def test_rows_of_other_analysers_are_no_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = "name,type,start_time,duration,data,ack,address,read\n"
    path.write_text(
        header
        + '"I2C","start",0,0.000000002,,,,\n"I2C","address",0.1,0.0000001,,true,0x20,false\n'
        + '"Async Serial","data",0.4,0.1,"A",,,\n"Async Serial","data",0.5,0.1,"T",,,\n'
    )
    made, record = imported(path)
    assert heard_host(record) == b"AT"
    assert made.tally.bad_lines == 0
