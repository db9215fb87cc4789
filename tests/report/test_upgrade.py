"""What becomes of a package that is stored: the report follows the upgrade to its end."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Upgrade, Upload, Verdict
from quecsim.rig import RigConfig
from quecsim.trace.event import Event, Power, UpgradeStep, Urc, UrcDropped
from quecsim.trace.jsonl import TraceWriter, read_trace
from quecsim.units import ms, s, us
from tests.commands.fota import TARGET, package
from tests.report.story import Story

DEVICE = load_profile("ec200t")
PACKAGE = package(DEVICE, 5_000)
FAST = RigConfig(flash_mode=FlashMode.INSTANT)
SLOW = RigConfig(flash_mode=FlashMode.TYPICAL)  # checking the package takes a while
FILE_END, START = '+QIND: "FOTA","FILEEND",0', '+QIND: "FOTA","START"'
HALF_WAY, END = '+QIND: "FOTA","UPDATING",50', '+QIND: "FOTA","END",0'
ALL_BUT_END = '+QIND: "FOTA","UPDATING",100'
SILENCE = b'AT+QINDCFG="all",0\r'
TORN = (
    "the power went during the upgrade: the device does not start any more;"
    " --restore brings it back"
)


def begun(mode: int, *, until: str, before: bytes = b"AT\r", config: RigConfig = FAST) -> Story:
    """An upgrade up to one of its messages."""
    story = Story(DEVICE, config)
    command = f'AT+QFOTADL="FILE:{len(PACKAGE)}",{mode}\r'.encode()
    return story.tell([(0, before), (s(1), command), (s(3), PACKAGE)], 0).until(until)


def again(story: Story) -> Story:
    """The next run with what the flash holds."""
    return Story(DEVICE, FAST, story.flash)


def only(story: Story) -> Upload:
    (upload,) = story.report.uploads
    return upload


def seen(story: Story) -> tuple[Verdict, Upgrade, bool]:
    return only(story).verdict, only(story).upgrade, story.report.fell_short


# as it should be


@pytest.mark.parametrize("before", [b"AT\r", SILENCE])
def test_from_its_package_to_its_end(before: bytes) -> None:
    """Mode 1, with the messages and without: the report knows all the same."""
    story = begun(1, until=FILE_END, before=before)
    assert seen(story) == (Verdict.WAITING, Upgrade.RUNS, True)
    assert story.builder.is_upgrading
    story.until(START)
    assert only(story).sentence == (
        f"all {len(PACKAGE)} bytes came; the upgrade is going on: keep the device powered"
    )
    story.until(END)
    assert seen(story) == (Verdict.INTACT, Upgrade.ENDED, False)
    assert only(story).sentence == (
        f"all {len(PACKAGE)} bytes are stored, and the upgrade ended well (END,0)"
    )
    assert not story.builder.is_upgrading
    assert bool(story.of(UrcDropped)) == (before == SILENCE)


def test_the_restart_before_it() -> None:
    story = begun(0, until=FILE_END)
    assert seen(story) == (Verdict.INTACT, Upgrade.WAITS, False)
    assert only(story).sentence.endswith("stored; the upgrade waits for a restart")
    assert story.builder.is_upgrading
    story.until(START)
    assert seen(story) == (Verdict.WAITING, Upgrade.RUNS, True)
    story.until(END)
    assert seen(story) == (Verdict.INTACT, Upgrade.ENDED, False)


def test_one_that_goes_on_in_the_next_run() -> None:
    before = begun(0, until=FILE_END).wait(ms(500)).cut_power()
    assert seen(before) == (Verdict.INTACT, Upgrade.WAITS, False)
    story = again(before).until(START)
    assert seen(story) == (Verdict.WAITING, Upgrade.RUNS, True)
    story.until(END).wait(s(20))
    assert seen(story) == (Verdict.INTACT, Upgrade.ENDED, False)
    upload = only(story)
    assert upload.sentence == "the upgrade ended well (END,0)"
    assert (upload.command, upload.name, upload.size, upload.sent) == (
        "+QFOTADL", "firmware package", 0, 0,
    )  # fmt: skip
    assert render_text(story.report, False).startswith("intact   firmware package: the upgrade end")


def test_bytes_sent_meanwhile_are_not_the_upgrades() -> None:
    story = again(begun(0, until=FILE_END).wait(ms(500)).cut_power())
    story.until(START).say(0, bytes(100)).until(END).wait(s(20))
    assert (only(story).sent, only(story).lost) == (0, 0)
    assert story.report.lost_outside == 100


# power that goes


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("before", [b"AT\r", SILENCE])
def test_power_that_goes_during_it(mode: int, before: bytes) -> None:
    story = begun(mode, until=HALF_WAY, before=before).cut_power()
    assert seen(story) == (Verdict.BROKEN, Upgrade.BROKEN, True)
    assert only(story).sentence == TORN
    assert not story.builder.is_upgrading
    text = " ".join(render_text(story.report, False).split())
    assert text.startswith(f"broken firmware package: {TORN}")
    assert "fota.update_ms" in text
    story.power_on().wait(s(20))
    assert story.report.is_dead
    assert seen(story) == (Verdict.BROKEN, Upgrade.BROKEN, True)


def test_power_that_goes_in_the_run_that_only_went_on() -> None:
    story = again(begun(0, until=FILE_END).wait(ms(500)).cut_power()).until(HALF_WAY).cut_power()
    assert seen(story) == (Verdict.BROKEN, Upgrade.BROKEN, True)
    assert only(story).sentence == TORN


def test_firmware_that_is_put_back() -> None:
    story = begun(1, until=HALF_WAY).restore().wait(s(20))
    assert seen(story) == (Verdict.BROKEN, Upgrade.RESTORED, True)
    assert "firmware was put back" in only(story).sentence
    assert not story.report.is_dead
    command = f'AT+QFOTADL="FILE:{len(PACKAGE)}"\r'.encode()
    story.tell([(0, command), (s(3), PACKAGE)], s(120))
    assert [upload.verdict for upload in story.report.uploads] == ["broken", "intact"]
    assert not story.report.fell_short


def test_a_waiting_package_that_the_factorys_firmware_replaces() -> None:
    story = begun(0, until=FILE_END).wait(ms(500)).cut_power()
    assert seen(story) == (Verdict.INTACT, Upgrade.WAITS, False)
    story.restore()
    assert seen(story) == (Verdict.UNFINISHED, Upgrade.STOPPED, True)


@pytest.mark.parametrize("until", [FILE_END, START])
def test_power_that_takes_the_package_with_it(until: str) -> None:
    story = begun(1, until=until, config=SLOW)
    assert not story.rig.device.context.ufs.system_size("firmware-upgrading")
    story.cut_power()
    assert seen(story) == (Verdict.UNFINISHED, Upgrade.STOPPED, True)
    assert only(story).sentence == (
        f"all {len(PACKAGE)} bytes came, but the power went before the upgrade was over"
    )
    story.power_on().wait(s(60))
    assert not story.report.is_dead
    assert seen(story) == (Verdict.UNFINISHED, Upgrade.STOPPED, True)


def test_power_that_goes_twice_and_the_upgrade_goes_on() -> None:
    story = begun(0, until=FILE_END, config=SLOW).wait(ms(500)).cut_power().wait(s(1))
    story.power_on().until(START)
    assert story.rig.device.context.ufs.system_size("firmware-upgrading") is None
    story.cut_power()
    assert seen(story) == (Verdict.INTACT, Upgrade.WAITS, False)
    story.wait(s(1)).power_on().until(END)
    assert seen(story) == (Verdict.INTACT, Upgrade.ENDED, False)


def proven(at_us: int, mode: int) -> Upgrade:
    """Power goes `at_us` after the package was sent: the next start must bear the report out."""
    assert DEVICE.fota is not None
    quick = replace(DEVICE, fota=replace(DEVICE.fota, update_ms=1_000))
    story = Story(quick, RigConfig(flash_mode=FlashMode.WORST))
    command = f'AT+QFOTADL="FILE:{len(PACKAGE)}",{mode},0,25\r'.encode()
    story.tell([(0, command), (s(3), PACKAGE)], us(at_us)).cut_power()
    upload, before = only(story), story.events[:]
    story.wait(s(1)).power_on().wait(s(30))
    later = [event.text for event in story.events[len(before) :] if isinstance(event, Urc)]
    assert (upload.verdict is Verdict.BROKEN) == story.report.is_dead
    assert (upload.upgrade is Upgrade.WAITS) == (END in later)
    has_upgraded = story.rig.device.context.revision == TARGET
    is_last_moment = ALL_BUT_END in [event.text for event in before if isinstance(event, Urc)]
    is_open = upload.upgrade is Upgrade.STOPPED and is_last_moment  # it was in place, or not yet
    if upload.verdict is not Verdict.BROKEN and not is_open:
        assert has_upgraded == (upload.upgrade in (Upgrade.WAITS, Upgrade.ENDED))
    return upload.upgrade


@pytest.mark.parametrize(
    ("mode", "ends"),
    [
        (0, {Upgrade.NONE, Upgrade.WAITS, Upgrade.BROKEN, Upgrade.ENDED}),
        (1, {Upgrade.NONE, Upgrade.STOPPED, Upgrade.BROKEN, Upgrade.ENDED}),
    ],
)
def test_all_ends_are_met(mode: int, ends: set[Upgrade]) -> None:
    assert {proven(at_us, mode) for at_us in range(0, 12_000_000, 237_113)} == ends


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12_000_000), st.sampled_from([0, 1]))
def test_whenever_power_goes_the_next_start_proves_the_report_right(at_us: int, mode: int) -> None:
    proven(at_us, mode)


def test_a_device_that_was_dead_before() -> None:
    story = again(begun(1, until=HALF_WAY).cut_power())
    report = story.wait(s(1)).report
    assert (report.uploads, report.is_dead, report.fell_short) == ([], True, False)
    assert "The device does not start" in render_text(report, False)


# traces


def report_on(events: list[Event]) -> Report:
    builder = ReportBuilder()
    builder.feed(events)
    return builder.report(profile=DEVICE)


def test_a_trace_tells_the_same(tmp_path: Path) -> None:
    story = begun(1, until=HALF_WAY).cut_power()
    stream = io.BytesIO()
    TraceWriter(stream).write(story.events)
    path = tmp_path / "run.jsonl"
    path.write_bytes(stream.getvalue())
    assert report_on(read_trace(path)[1]).uploads == story.report.uploads


def test_a_new_firmware_that_could_not_be_put_in_place() -> None:
    """END,504 after the old firmware was overwritten: the restart finds neither."""
    story = begun(1, until=HALF_WAY)
    dead = Power(story.now_ns + s(9), "dead", "no firmware to start")
    story.builder.feed([UpgradeStep(story.now_ns, "END", 504), dead])
    assert seen(story) == (Verdict.BROKEN, Upgrade.BROKEN, True)
    assert "failed (END,504) and left no firmware" in only(story).sentence


def test_an_end_without_a_beginning_says_nothing() -> None:
    assert report_on([UpgradeStep(1, "END", 0)]).uploads == []
