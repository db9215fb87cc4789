"""Reports on real runs: what a host does wrong, and what the report makes of it."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.flash.stall import AddedStall
from quecsim.flash.timing import FlashMode
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import EarlyBytes, Upload, Verdict
from quecsim.rig import RigConfig
from quecsim.trace.event import Lost, Rts
from quecsim.trace.jsonl import TraceWriter, read_trace
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl

DATA = PAYLOAD[:4000]
STALLED = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
LIST = b"AT+QFLST\r"


def _closed_window(upload: Upload) -> None:
    """Every byte of a closed window has one place."""
    assert upload.sent == upload.end - upload.start
    assert upload.sent == upload.stored + upload.lost + upload.eaten


def _only(story: Story) -> Upload:
    (upload,) = story.report.uploads
    return upload


def test_an_intact_upload() -> None:
    story = Story().tell([(0, b"AT\r\n"), (ms(50), qfupl(4000)), (ms(50), DATA)])
    upload = _only(story)
    assert (upload.verdict, upload.ended, upload.result) == (Verdict.INTACT, "size", "OK")
    assert (upload.command, upload.name, upload.size, upload.ack) == (
        "+QFUPL", "ca.pem", 4000, False,
    )  # fmt: skip
    assert (upload.sent, upload.stored, upload.lost, upload.stray) == (4000, 4000, 0, 0)
    assert upload.start == len(b"AT\r\n") + len(qfupl(4000))
    assert upload.sentence == "all 4000 bytes are stored"
    assert not story.report.fell_short
    assert story.report.eaten == []  # the LF of AT\r\n is part of its line
    _closed_window(upload)


def test_lost_bytes_with_place_time_and_cause() -> None:
    story = Story(device(ring_bytes=64), STALLED)
    story.tell([(0, qfupl(4000)), (ms(50), DATA)])
    upload = _only(story)
    (event,) = [event for event in story.of(Lost) if isinstance(event, Lost)]
    (loss,) = upload.losses
    assert upload.verdict is Verdict.LOST
    # Byte 0 starts the stall, the next 64 are in the ring, then bytes are gone for 50 ms.
    assert loss.at_byte == 65
    assert loss.offset == upload.start + 65 == event.offset
    assert loss.count == upload.lost == event.count > 400
    assert (loss.first_ns, loss.last_ns) == (event.at_ns, event.last_ns)
    assert (loss.cause, loss.ring_bytes) == ("ring", 64)
    # 64 byte times of 10 bits at 115200 Bd fill the ring; it is full for the rest of the stall.
    assert abs(loss.full_ns - (ms(50) - 64 * 10 * s(1) // 115200)) <= 1
    assert loss.why == (
        "ring full for 44.4 ms while the stall that was asked for at byte 1 lasted;"
        " flow control: device off, host off"
    )
    assert (upload.ended, upload.result) == ("idle", "+CME ERROR: 421")
    assert story.report.fell_short
    _closed_window(upload)


def test_a_command_swallowed_while_the_module_waits() -> None:
    story = Story(device(ring_bytes=64), STALLED)
    story.tell([(0, qfupl(4000)), (ms(50), DATA)], rest_ns=s(1))
    waiting = _only(story)
    assert waiting.verdict is Verdict.WAITING
    assert f"still waiting for {waiting.lost} of 4000 bytes" in waiting.sentence
    assert waiting.end_ns is None
    assert story.report.fell_short
    story.say(0, LIST).wait(s(20))
    upload = _only(story)
    (line,) = upload.swallowed
    assert (line.text, line.at_byte) == ("AT+QFLST", 4000)
    assert "'AT+QFLST' became file data" in upload.sentence
    assert upload.sent == 4000 + len(LIST)
    _closed_window(upload)


def test_swallowed_commands_can_fill_the_file_up() -> None:
    """The size was reached and nothing is missing by the count, but it is not the host's file."""
    story = Story().tell([(0, qfupl(4000)), (ms(50), DATA[:3991]), (s(1), LIST)])
    upload = _only(story)
    assert (upload.ended, upload.result, upload.stored) == ("size", "OK", 4000)
    assert upload.verdict is Verdict.WRONG
    assert upload.sentence == (
        "all 4000 bytes came, but the last 9 bytes are your next command ('AT+QFLST'): the size is"
        " 9 too large"
    )
    assert story.report.fell_short


def test_a_file_may_begin_like_a_command() -> None:
    script = b"AT+CSQ\r" + DATA[:993]
    upload = _only(Story().tell([(0, qfupl(1000)), (ms(500), script)]))
    assert [line.at_byte for line in upload.swallowed] == [0]
    assert upload.verdict is Verdict.INTACT


def test_a_block_after_an_ack_may_begin_like_a_command() -> None:
    blocks = [DATA[:1024], b"AT+CSQ\r" + DATA[:1017]]
    script = [(0, qfupl(2048, ack=True)), *((s(1), block) for block in blocks)]
    upload = _only(Story().tell(script))
    assert upload.ack
    assert [line.at_byte for line in upload.swallowed] == [1024]
    assert upload.verdict is Verdict.INTACT


def test_a_wrong_size_is_short_not_lost() -> None:
    upload = _only(Story().tell([(0, qfupl(4000)), (ms(50), DATA[:3000])]))
    assert (upload.verdict, upload.lost, upload.stored) == (Verdict.SHORT, 0, 3000)
    assert upload.sentence == "only 3000 of 4000 bytes came before the time-out; none was lost"


def test_an_escape_ends_it() -> None:
    script = [(0, qfupl(4000)), (ms(50), DATA[:3000]), (s(2), b"+++")]
    upload = _only(Story().tell(script))
    assert (upload.verdict, upload.ended, upload.eaten) == (Verdict.SHORT, "escape", 3)
    assert upload.sent == 3003
    _closed_window(upload)


@pytest.mark.parametrize("surplus", ["command", "discard"])
def test_println_sends_two_bytes_too_many(surplus: str) -> None:
    story = Story(device(surplus=surplus))
    story.tell([(0, qfupl(4000)), (ms(50), DATA + b"\r\n"), (s(1), LIST)])
    upload = _only(story)
    assert (upload.verdict, upload.stray) == (Verdict.INTACT, 2)
    assert upload.sentence.endswith("2 bytes sent after the file met the command line")


def test_a_refused_upload_and_the_data_after_it() -> None:
    story = Story(config=RigConfig(contents={"ca.pem": b"old"}))
    story.tell([(0, qfupl(4000)), (ms(10), DATA), (s(1), LIST)])
    upload = _only(story)
    assert (upload.verdict, upload.result, upload.name) == (
        Verdict.REFUSED, "+CME ERROR: 407", "ca.pem",
    )  # fmt: skip
    assert (upload.stray, upload.sent, upload.lost) == (4000, 0, 0)
    assert upload.sentence == (
        "the answer was +CME ERROR: 407 (file already existed);"
        " 4000 bytes that look like file data met the command line"
    )
    assert story.report.fell_short


def test_refused_data_that_holds_a_command_by_chance() -> None:
    """`AT` in the data begins a line in the middle, and the next CR ends it: all of it is data."""
    data = b"MIIC" + b"QUAT" + b"a" * 100 + b"\r" + b"b" * 50
    story = Story(config=RigConfig(contents={"ca.pem": b"old"}))
    story.tell([(0, qfupl(len(data))), (ms(10), data + b"\r\n"), (s(1), LIST)])
    assert _only(story).stray == len(data) + 2


def test_refused_for_its_form_it_has_no_name_until_another_is_intact() -> None:
    story = Story().tell([(0, b'AT+QFUPL="UFS:ca.pem,4000\r')], s(1))
    upload = _only(story)
    assert (upload.verdict, upload.name) == (Verdict.REFUSED, "")
    assert story.report.fell_short
    story.tell([(0, qfupl(4000)), (ms(50), DATA)], s(1))
    assert not story.report.fell_short


@pytest.mark.parametrize(
    "line", [b"AT+QFUPL=?\r", b"AT+QFWRITE=?\r", b"AT+QFLST\r", b"AT+QFDEL=1\r"]
)
def test_what_is_no_upload_is_not_listed(line: bytes) -> None:
    report = Story().tell([(0, line)], s(1)).report
    assert report.uploads == []
    assert not report.fell_short


def test_a_retry_makes_it_good() -> None:
    story = Story(config=RigConfig(contents={"ca.pem": b"old"}))
    story.tell([(0, qfupl(4000)), (ms(50), b'AT+QFDEL="ca.pem"\r')], s(1))
    assert story.report.fell_short
    story.tell([(0, qfupl(4000)), (ms(50), DATA)], s(1))
    assert [upload.verdict for upload in story.report.uploads] == [Verdict.REFUSED, Verdict.INTACT]
    assert not story.report.fell_short


def test_early_bytes_taken_as_data() -> None:
    story = Story().tell([(0, qfupl(4000) + DATA)])
    upload = _only(story)
    assert upload.verdict is Verdict.INTACT
    assert upload.early.taken_as_data > 0
    assert (upload.early.thrown_away, upload.early.lost) == (0, 0)
    assert "came before CONNECT" in upload.sentence


def test_early_bytes_lost_before_connect_belong_to_the_upload() -> None:
    story = Story(device(ring_bytes=32)).tell([(0, qfupl(4000) + DATA)])
    upload = _only(story)
    first = upload.losses[0]
    assert upload.early.taken_as_data == 32
    assert upload.early.lost == first.count > 0
    assert (first.at_byte, first.first_ns < upload.begin_ns) == (32, True)
    assert upload.verdict is Verdict.LOST
    assert story.report.lost_outside == 0
    _closed_window(upload)


def test_the_host_goes_on_after_early_bytes_were_thrown_away() -> None:
    """They filled the ring and took RTS away: an empty ring must give it back."""
    profile = device(ring_bytes=32, early_bytes="discard")
    profile = replace(profile, uart=replace(profile.uart, flow_scope="always"))
    config = RigConfig(ifc=(2, 2), host_flow="rtscts")
    story = Story(profile, config).tell([(0, qfupl(4000, timeout_s=1) + DATA)])
    upload = _only(story)
    edges = [event.on for event in story.events if isinstance(event, Rts)]
    assert edges[:2] == [False, True]
    assert 24 <= upload.early.thrown_away <= 32
    assert upload.stored == 4000 - upload.early.thrown_away


def test_early_bytes_thrown_away() -> None:
    story = Story(device(early_bytes="discard")).tell([(0, qfupl(4000) + DATA)])
    upload = _only(story)
    assert upload.early == EarlyBytes(thrown_away=upload.early.count)
    assert upload.early.count > 0
    assert upload.verdict is Verdict.SHORT
    assert upload.start == len(qfupl(4000))  # where the host believes its file begins
    _closed_window(upload)


def test_bytes_lost_behind_the_file_are_not_its_own() -> None:
    """The upload is intact; what came too soon after it, and too much, is lost outside of it."""
    story = Story(device(ring_bytes=16), RigConfig(flash_mode=FlashMode.WORST))
    story.tell([(0, qfupl(100)), (ms(50), DATA)])
    report = story.report
    assert [upload.verdict for upload in report.uploads] == [Verdict.SURPLUS]
    assert report.uploads[0].lost == 0
    assert report.lost_outside == report.counters.lost > 0
    assert report.losses_outside[0].at_byte is None
    assert sum(loss.count for loss in report.losses_outside) == report.lost_outside


def test_a_full_disk_in_the_middle() -> None:
    """By handle the size is not checked first: the storage gives out while it takes data."""
    full = {"big": bytes(1376 * 4096 - 4096 * 20)}
    story = Story(config=RigConfig(contents=full))
    story.tell([(0, b'AT+QFOPEN="x"\r')], s(1))
    script = [(0, b"AT+QFWRITE=1027,90000\r"), (ms(50), PAYLOAD * 9)]
    story.tell(script, s(60))
    upload = _only(story)
    assert (upload.command, upload.name, upload.ended) == ("+QFWRITE", "x", "error")
    assert upload.verdict is Verdict.LOST
    assert {loss.cause for loss in upload.losses} == {"storage"}
    assert upload.losses[-1].why == "the storage did not take them"
    assert upload.stray > 0
    assert story.report.counters.holds
    _closed_window(upload)


def test_writes_by_handle_add_up() -> None:
    """A piece that was lost is not made good by the next piece, but by opening the file anew."""
    story = Story(device(ring_bytes=64), STALLED)
    opened, closed = b'AT+QFOPEN="x",1\r', b"AT+QFCLOSE=1027\r"
    story.tell([(0, opened), (ms(50), b"AT+QFWRITE=1027,4000,1\r"), (ms(50), DATA)], s(4))
    assert _only(story).verdict is Verdict.LOST
    story.tell([(0, b"AT+QFWRITE=1027,50,1\r"), (ms(50), DATA[:50])], s(4))
    assert story.report.uploads[-1].verdict is Verdict.INTACT
    assert story.report.fell_short
    story.tell([(0, closed), (ms(50), opened)], s(1))
    handle = b"1028" if b"1028" in _said(story) else b"1027"
    story.tell([(0, b"AT+QFWRITE=" + handle + b",50,1\r"), (ms(50), DATA[:50])], s(4))
    assert story.report.uploads[-1].verdict is Verdict.INTACT
    assert not story.report.fell_short


def _said(story: Story) -> bytes:
    return b"".join(run.data for run in story.rig.take_output())


def test_a_download_is_no_upload() -> None:
    story = Story(config=RigConfig(contents={"x": DATA}))
    story.tell([(0, b'AT+QFDWL="x"\r'), (ms(100), b"junk"), (s(2), b"+++")])
    report = story.report
    assert report.uploads == []
    assert report.counters.holds
    assert report.counters.eaten == report.counters.sent


def test_power_gone_in_the_middle() -> None:
    story = Story(config=RigConfig(flash_mode=FlashMode.WORST))
    story.tell([(0, qfupl(9000)), (ms(50), PAYLOAD[:9000])], ms(600)).cut_power()
    upload = _only(story)
    assert (upload.verdict, upload.ended, upload.result) == (Verdict.LOST, "power", "")
    assert {loss.cause for loss in upload.losses} == {"power"}
    assert upload.stored == 0  # nothing of a file that was never closed survives
    assert story.report.counters.lost_by_cause.keys() == {"power"}
    assert story.report.counters.holds
    _closed_window(upload)


def test_bytes_for_a_device_that_is_off() -> None:
    story = Story().cut_power().tell([(0, b"AT\r"), (ms(1), b"AT\r")], s(1))
    report = story.report
    (loss,) = report.losses_outside  # joined: one unbroken stretch
    assert (loss.cause, loss.count, loss.why) == ("off", 6, "the device was off")
    assert report.lost_outside == 6


def test_held_back_is_late_not_lost() -> None:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),), ifc=(2, 2), host_flow="rtscts")
    upload = _only(Story(device(ring_bytes=64), config).tell([(0, qfupl(4000)), (ms(50), DATA)]))
    assert upload.verdict is Verdict.INTACT
    assert ms(40) < upload.held_ns < ms(50)
    assert 48 <= upload.ring_peak_bytes <= 64


def test_an_open_loss_is_in_the_report_and_not_counted_twice() -> None:
    story = Story(device(ring_bytes=64), STALLED)
    story.tell([(0, qfupl(4000)), (ms(50), DATA)], ms(30))
    during = story.report
    assert not story.of(Lost)
    assert during.uploads[0].lost == during.counters.lost > 0
    assert during.counters.holds
    after = story.wait(s(20)).report
    assert after.counters.holds
    assert after.uploads[0].losses[0].offset == during.uploads[0].losses[0].offset


def test_a_different_baud_rate_is_told() -> None:
    story = Story(config=RigConfig(host_baud=9600, garbles=True)).tell([(0, b"AT\r")], s(1))
    (mismatch,) = story.report.mismatches
    assert (mismatch.host, mismatch.device, mismatch.garbled) == ("9600 8N1", "115200 8N1", True)


def test_a_ledger_that_differs_is_noticed() -> None:
    story = Story().tell([(0, b"AT\r")], s(1))
    wrong = story.rig.counters() | {"stored": 1}
    assert story.report.counters.holds
    assert not story.builder.report(counters=wrong).counters.holds


def test_an_empty_record() -> None:
    report = ReportBuilder().report()
    assert (report.uploads, report.fell_short, report.counters.holds) == ([], False, True)


# laws

BYTES = st.one_of(
    st.just(b"AT\r\n"),
    st.just(LIST),
    st.just(b"+++"),
    st.just(b"AT+CFUN=1,1\r"),
    st.just(b'AT+QFDWL="ca.pem"\r'),
    st.just(b'AT+QFDEL="ca.pem"\r'),
    st.just(b'AT+QFOPEN="ca.pem"\r'),
    st.just(b"AT+QFWRITE=1027,2000,1\r\n"),
    st.just(b"AT+IFC=2,2;+IPR=57600\r"),
    st.builds(lambda n, ack: qfupl(n, timeout_s=1, ack=ack), st.integers(1, 3000), st.booleans()),
    st.integers(0, 3000).map(lambda n: PAYLOAD[:n]),
    st.binary(max_size=40),
)
PAUSES = st.sampled_from([0, ms(3), ms(40), ms(600), s(2)])
SCRIPTS = st.lists(st.tuples(PAUSES, BYTES), max_size=6)
CONFIGS = st.builds(
    RigConfig,
    port=st.sampled_from(["uart", "uart", "usb"]),
    host_baud=st.sampled_from([None, None, None, 57600]),
    garbles=st.booleans(),
    host_flow=st.sampled_from(["none", "rtscts", "xonxoff"]),
    ifc=st.sampled_from([(0, 0), (2, 2), (1, 1)]),
    flash_mode=st.sampled_from(list(FlashMode)),
    stalls=st.sampled_from([(), (AddedStall(ms(30), every_bytes=700),)]),
)
DEVICES = st.builds(
    device,
    ring_bytes=st.sampled_from([16, 100, 4096]),
    early_bytes=st.sampled_from(["data", "discard"]),
    surplus=st.sampled_from(["command", "discard"]),
    data_buffer_bytes=st.sampled_from([1, 700, 4096]),
)
LAW = settings(max_examples=80, deadline=None)


@given(DEVICES, CONFIGS, SCRIPTS, st.booleans())
@LAW
def test_the_counts_are_the_devices_own(profile, config, script, cuts) -> None:  # type: ignore[no-untyped-def]
    story = Story(profile, config).tell(script, ms(100))
    assert story.report.counters.holds  # in the middle of things, with a loss going on
    if cuts:
        story.cut_power()
    story.wait(s(20))
    report, ledger = story.report, story.rig.counters()
    assert report.counters.holds
    assert report.counters.in_flight == ledger["in_flight"]
    causes = {
        name[5:]: count for name, count in ledger.items() if name.startswith("lost_") and count
    }
    assert report.counters.lost_by_cause == causes
    inside = sum(upload.lost for upload in report.uploads)
    assert inside + report.lost_outside == ledger["lost"]
    for upload in report.uploads:
        assert sum(loss.count for loss in upload.losses) == upload.lost
        if upload.end_ns is not None:
            _closed_window(upload)
    places = [(loss.offset, loss.count) for u in report.uploads for loss in u.losses]
    places += [(loss.offset, loss.count) for loss in report.losses_outside]
    in_places = {offset + i for offset, count in places for i in range(count)}
    assert in_places == story.lost_offsets
    assert len(in_places) == ledger["lost"]  # no byte is lost twice


@given(DEVICES, CONFIGS, SCRIPTS, st.integers(1, 50))
@LAW
def test_other_chunks_give_the_same_report(profile, config, script, size) -> None:  # type: ignore[no-untyped-def]
    cut = [
        (pause if start == 0 else 0, data[start : start + size])
        for pause, data in script
        for start in range(0, max(len(data), 1), size)
    ]
    assert Story(profile, config).tell(cut).report == Story(profile, config).tell(script).report


@given(DEVICES, CONFIGS, SCRIPTS)
@LAW
def test_a_trace_file_gives_the_same_report(tmp_path_factory, profile, config, script) -> None:  # type: ignore[no-untyped-def]
    story = Story(profile, config).tell(script)
    live = story.report
    story.rig.finish(story.now_ns)
    story._take()
    stream = io.BytesIO()
    TraceWriter(stream).write(story.events)
    path: Path = tmp_path_factory.getbasetemp() / "law.jsonl"
    path.write_bytes(stream.getvalue())
    _, events = read_trace(path)
    builder = ReportBuilder()
    builder.feed(events)
    recorded = builder.report(profile=profile)
    assert recorded.is_ended
    assert recorded == story.report
    assert recorded.uploads == live.uploads
    assert recorded.counters == live.counters
