"""What was heard, as a record on disk; and begun anew where the module says who it is."""

from pathlib import Path

import pytest

from quecsim.observed.heard import Heard, Source
from quecsim.profiles.loader import load_profile
from quecsim.tap.record import Device, Recorder, TracePlace
from quecsim.trace import event as ev
from quecsim.trace.jsonl import read_trace

NAMES = ("ec200u", "m95")
ATI = [
    Heard(10, "host", b"ATI\r"),
    Heard(20, "device", b"\r\nQuectel_Ltd\r\nQuectel_M95\r\nRevision: M95FAR02A08\r\n\r\nOK\r\n"),
]
AT = [Heard(5, "host", b"AT\r"), Heard(6, "device", b"\r\nOK\r\n")]


class Kept:
    def __init__(self, path: Path, *, is_given: bool = False) -> None:
        self.told: list[str] = []
        self.seen: list[ev.Event] = []
        self.path = path
        self.recorder = Recorder(
            Source(words="tap of here"),
            Device(load_profile("ec200u"), is_given=is_given),
            place := TracePlace(str(path), "full", self.told.append),
            [self.seen.extend],
            self.told.append,
            NAMES,
        )
        self.place = place

    def end(self) -> list[ev.Event]:
        self.recorder.end(100)
        self.place.close()
        return list(read_trace(self.path)[1])


def heard(events: list[ev.Event]) -> bytes:
    return b"".join(each.data for each in events if isinstance(each, ev.HostBytes | ev.Sent))


@pytest.mark.parametrize("name", ["tap.jsonl", "tap.jsonl.gz"])
def test_it_begins_anew_as_the_device_that_it_is(tmp_path: Path, name: str) -> None:
    kept = Kept(tmp_path / name)
    kept.recorder.take(AT)
    kept.recorder.take(ATI)
    kept.recorder.take([Heard(30, "host", b"ATZ\r")])
    events = kept.end()
    start = events[0]
    assert isinstance(start, ev.Start)
    assert start.device == "m95"
    assert start.profile == load_profile("m95")
    both = AT[0].data + AT[1].data + ATI[0].data + ATI[1].data + b"ATZ\r"
    assert heard(events) == heard(kept.seen) == both
    assert kept.recorder.how_known == "heard"
    assert kept.told == ["the module says that it is m95: its commands are read as such"]
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_what_was_given_stays(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "tap.jsonl", is_given=True)
    kept.recorder.take(ATI)
    start = kept.end()[0]
    assert isinstance(start, ev.Start)
    assert start.device == "ec200u"
    assert kept.recorder.how_known == "given"
    assert kept.told == []


def test_a_pipe_cannot_begin_anew() -> None:
    kept = Kept(Path("/dev/null"))
    kept.recorder.take(ATI)
    kept.recorder.end(100)
    kept.place.close()
    assert kept.recorder.how_known == "default"
    assert "--profile m95" in kept.told[0]


def test_a_module_without_a_profile(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "tap.jsonl")
    kept.recorder.take([ATI[0], Heard(20, "device", b"\r\nQuectel\r\nEC99X\r\n\r\nOK\r\n")])
    kept.end()
    assert kept.recorder.how_known == "default"
    assert "EC99X" in kept.told[0]


def test_nothing_is_spared_for_ever(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "tap.jsonl")
    kept.recorder.take([Heard(5, "device", bytes(70_000))])
    assert kept.recorder._spared == []
    kept.recorder.take(ATI)
    start = kept.end()[0]
    assert isinstance(start, ev.Start)
    assert start.device == "ec200u"
