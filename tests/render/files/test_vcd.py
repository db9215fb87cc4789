"""The waveforms: sigrok's decoder reads both directions back, and the rest is in step with them."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from vcd.reader import TokenKind, tokenize

from quecsim.render.files.vcd import vcd_notes, write_vcd
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import timeline
from quecsim.rig import Rig
from quecsim.rig.tap import Tap, Trains
from quecsim.run.recorded import recorded
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.trace import event as ev
from quecsim.uart.rate import uart_rate
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s
from tests.cli.test_report import CERTIFICATE, record
from tests.render.files.sigrok import decoded

SAMPLES_A_BIT = 20
_ICF = {"8N1": "3,3", "8N2": "1,3", "8E1": "2,1"}


def file_of(made: Recorded) -> bytes:
    stream = BytesIO()
    write_vcd(made, stream)
    assert not stream.closed
    return stream.getvalue()


def changes_of(file: bytes) -> dict[str, list[tuple[int, float]]]:
    """(time, value) of each signal, read by the library's reader: the first is the beginning's."""
    names: dict[str, str] = {}
    made: dict[str, list[tuple[int, float]]] = {}
    now_ns = 0
    for token in tokenize(BytesIO(file)):
        if token.kind is TokenKind.VAR:
            names[token.var.id_code] = token.var.reference
        elif token.kind is TokenKind.CHANGE_TIME:
            now_ns = token.time_change
        elif token.kind is TokenKind.CHANGE_SCALAR:
            change = token.scalar_change
            made.setdefault(names[change.id_code], []).append((now_ns, int(change.value)))
        elif token.kind is TokenKind.CHANGE_REAL:
            real = token.real_change
            made.setdefault(names[real.id_code], []).append((now_ns, real.value))
    return made


def sent(trains: Trains) -> bytes:
    return b"".join(run.data for run in trains.runs())


def tap_of(made: Recorded) -> Tap:
    assert made.wire.tap is not None
    return made.wire.tap


def read_back(path: Path, made: Recorded, wire: str, baud: int, frame: str = "8N1") -> bytes:
    path.write_bytes(file_of(made))
    bit_ns = 10**9 // baud
    return decoded(path, wire, baud, frame, nanoseconds=bit_ns // SAMPLES_A_BIT)


def test_sigrok_reads_both_directions_back(tmp_path: Path) -> None:
    made = upload(115200, "8N1")
    tap = tap_of(made)
    assert len(sent(tap.to_device)) > len(CERTIFICATE)
    assert b"+QFUPL: 1035" in sent(tap.to_host)
    assert read_back(tmp_path / "a", made, "TXD", 115200) == sent(tap.to_device)
    assert read_back(tmp_path / "a", made, "RXD", 115200) == sent(tap.to_host)


@pytest.mark.parametrize("baud", [115200, 921600])
@pytest.mark.parametrize("frame", ["8N1", "7E1", "8N2", "8O1", "7O2"])
def test_sigrok_reads_all_frames_at_all_rates(tmp_path: Path, baud: int, frame: str) -> None:
    whole = bytes(range(256)) * 3
    trains = Trains()
    trains.add(ByteRun(ms(1), 0, uart_rate(baud, frame), whole, 0))
    trains.add(ByteRun(ms(100) + 77, 5, uart_rate(baud, frame), b"behind a pause", len(whole)))
    made = of_trains(trains)
    mask = (1 << int(frame[0])) - 1
    assert read_back(tmp_path / "a", made, "TXD", baud, frame) == bytes(
        byte & mask for byte in sent(trains)
    )


def of_trains(to_device: Trains) -> Recorded:
    made = recorded(record("typical-flash"))
    tap = Tap(to_device=to_device)
    return replace(made, wire=replace(made.wire, tap=tap), window=(0, ms(200)))


def upload(baud: int, frame: str) -> Recorded:
    """A host that asks the device for another speed, and uploads with it."""
    scenario = make_scenario(scenario="thread-57329")
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    rig.advance(ms(1))
    rig.host_line(ms(1), 115200, "8N1", "none")
    rig.host_write(ms(1), f"ATI\rAT+IPR={baud};+ICF={_ICF[frame]}\r".encode())
    rig.advance(s(1))
    rig.host_line(s(1), baud, frame, "none")
    rig.advance(s(1) + 1)
    rig.host_write(s(1) + 1, f'AT+QFUPL="ca.pem",{len(CERTIFICATE)}\r'.encode())
    rig.advance(ms(1200))
    rig.host_write(ms(1200), CERTIFICATE)
    rig.advance(s(8))
    rig.finish(s(8))
    return recorded(rig.take_events())


def test_each_byte_has_its_own_rate_when_that_changes(tmp_path: Path) -> None:
    made = upload(921600, "8N2")
    assert [event.baud for event in made.events if isinstance(event, ev.DeviceLine)] == [921600] * 2
    tap = tap_of(made)
    slow, fast = replace(made, window=(0, s(1))), replace(made, window=(ms(990), ms(1300)))
    for wire, trains in (("TXD", tap.to_device), ("RXD", tap.to_host)):
        before = [run.data for run in trains.runs() if run.origin_ns < s(1)]
        behind = [run.data for run in trains.runs() if s(1) <= run.origin_ns < ms(1300)]
        assert before
        assert behind
        assert read_back(tmp_path / "a", slow, wire, 115200) == b"".join(before)
        assert read_back(tmp_path / "a", fast, wire, 921600, "8N2") == b"".join(behind)


def test_what_the_device_was_at_is_in_step(tmp_path: Path) -> None:
    made = recorded(record("thread-57329"))
    changes = changes_of(file_of(made))
    (lost,) = [event for event in made.events if isinstance(event, ev.Lost)]
    assert changes["lost"] == [(0, 0), (lost.at_ns, 1), (lost.last_ns, 0)]
    assert changes["lost_bytes"] == [(0, 0), (lost.last_ns, 153)]
    assert changes["stored_bytes"][-1][1] == 1035
    assert max(level for _, level in changes["ring_bytes"]) == 512
    (begin,) = [event for event in made.events if isinstance(event, ev.DataBegin)]
    (end,) = [event for event in made.events if isinstance(event, ev.DataEnd)]
    assert changes["mode_data"] == [(0, 0), (begin.at_ns, 1), (end.at_ns, 0)]
    assert changes["mode_command"] == [(0, 1), (begin.at_ns, 0), (end.at_ns, 1)]
    assert changes["CTS_n"] == [(0, 0)]
    assert any(value for _, value in changes["flash_busy"])


def test_the_rising_ring_is_no_further_than_the_bytes_on_the_wire() -> None:
    made = recorded(record("thread-57329"))
    changes = changes_of(file_of(made))
    runs = tap_of(made).to_device.runs()
    for (_, before), (at_ns, level) in zip(
        changes["ring_bytes"], changes["ring_bytes"][1:], strict=False
    ):
        if level > before:
            assert level <= sum(run.arrived(at_ns + ms(1)) for run in runs)


def test_cts_is_high_while_the_device_does_not_want_more() -> None:
    made = recorded(record("thread-57329", flow="rtscts", ifc=(2, 2)))
    changes = changes_of(file_of(made))
    told = [(event.at_ns, int(not event.on)) for event in made.events if isinstance(event, ev.Rts)]
    assert told
    assert changes["CTS_n"] == [(0, 0), *told]
    held = [at_ns for at_ns, value in changes["host_held"] if value]
    assert all(any(off <= at_ns for off, high in told if high) for at_ns in held)


def test_xon_and_xoff_are_bytes_and_no_wire() -> None:
    events = record("thread-57329", flow="rtscts", ifc=(2, 2))
    with_xon: list[ev.Event] = [
        ev.DeviceLine(0, 115200, "8N1", (1, 1)) if isinstance(event, ev.HostLine) else event
        for event in events
    ]
    with_xon.insert(1, ev.DeviceLine(0, 115200, "8N1", (1, 1)))
    made = replace(recorded(events), events=with_xon)
    assert changes_of(file_of(made))["CTS_n"] == [(0, 0)]


def test_a_break_of_the_hosts_is_a_low_line() -> None:
    scenario = make_scenario(scenario="thread-57329")
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    for at_ns, is_on in ((ms(5), True), (ms(8), False), (ms(20), True)):
        rig.advance(at_ns)
        rig.host_break(at_ns, is_on=is_on)
    rig.host_write(ms(20), b"A")
    rig.advance(ms(30))
    rig.host_break(ms(30), is_on=False)
    rig.advance(ms(40))
    rig.host_write(ms(40), b"T")
    rig.advance(ms(50))
    rig.finish(ms(50))
    made = recorded(rig.take_events())
    changes = changes_of(file_of(made))["TXD"]
    breaks = [(ms(5), 0), (ms(8), 1), (ms(20), 0), (ms(30), 1)]
    assert changes[:5] == [(0, 1), *breaks]
    assert changes[5][0] == ms(40)
    spans = timeline(made).lane("writes").spans
    assert [(span.begin_ns, span.end_ns) for span in spans if "break" in span.text] == [
        (ms(5), ms(8)), (ms(20), ms(30)),
    ]  # fmt: skip


def test_usb_has_bursts_and_no_bits() -> None:
    made = recorded(record("thread-57329", interface="usb"))
    file = file_of(made)
    changes = changes_of(file)
    assert {"TXD", "RXD", "RTS_n", "CTS_n"}.isdisjoint(changes)
    assert b"TXD_busy: host to device, before any noise; USB: it has no bits" in file
    runs = tap_of(made).to_device.runs()
    assert changes["TXD_busy"][:2] == [(0, 1), (125_000, 0)]
    assert sum(value for _, value in changes["TXD_busy"]) <= len(runs)


def test_without_a_speed_there_are_no_bits_either() -> None:
    changes = changes_of(file_of(recorded(record("thread-57329", speed="unlimited"))))
    assert "TXD" not in changes
    assert changes["TXD_busy"]


def cut(
    changes: Sequence[tuple[int, float]], begin_ns: int, end_ns: int
) -> list[tuple[int, float]]:
    before = [value for at_ns, value in changes if at_ns <= begin_ns]
    inside = [change for change in changes if begin_ns < change[0] <= end_ns]
    return [(begin_ns, before[-1]), *inside]


def test_a_window_is_a_part_of_the_whole() -> None:
    made = recorded(record("thread-57329"))
    begin_ns, end_ns = ms(150), s(2)
    whole = changes_of(file_of(made))
    part = changes_of(file_of(replace(made, window=(begin_ns, end_ns))))
    assert part.keys() == whole.keys()
    for name in part.keys() - {"TXD", "RXD", "ring_bytes"}:
        assert part[name] == cut(whole[name], begin_ns, end_ns)
    assert part["TXD"][0] == (begin_ns, 1)
    assert set(part["TXD"][1:]) <= set(whole["TXD"])


def test_a_record_that_cannot_be_run_again_says_what_is_missing() -> None:
    events = record("thread-57329")
    del events[20]
    made = recorded(events)
    assert vcd_notes(made) == [f"there is no TXD and no RXD: {made.wire.why_not}"]
    file = file_of(made)
    assert b"TXD and RXD are missing: it runs otherwise" in file
    assert "TXD" not in changes_of(file)
    assert changes_of(file)["lost_bytes"][-1][1] == 153


def test_a_large_file_is_told_of_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorded(record("thread-57329"))
    assert vcd_notes(made) == []
    size = len(file_of(made))
    monkeypatch.setattr("quecsim.render.files.vcd._LARGE_BYTES", size * 9 // 10)
    (note,) = vcd_notes(made)
    assert note == "it will have about 0 MB: --from and --to, or --around-loss N, make a part of it"
    assert vcd_notes(replace(made, window=(0, s(1)))) == []


def test_the_same_record_gives_the_same_bytes() -> None:
    assert file_of(recorded(record("thread-57329"))) == file_of(recorded(record("thread-57329")))


@pytest.mark.parametrize("name", ["$end", "$enddefinitions $end", "#0 1!", "\x00\n\u4e2d"])
def test_no_text_is_a_word_of_the_format(name: str) -> None:
    made = recorded(record("thread-57329"))
    origin = type(made.report.origin)(title=name, scenario=name, version=name)
    from msgspec.structs import replace as with_values

    hostile = replace(made, report=with_values(made.report, origin=origin))
    file = file_of(hostile)
    assert changes_of(file) == changes_of(file_of(made))
    assert file.isascii()
