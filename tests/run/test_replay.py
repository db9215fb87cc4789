"""A run again from its record alone; that it is the same is a law (`tests/laws/test_replay.py`)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

import quecsim
from quecsim.border import Data
from quecsim.border.ble import Came
from quecsim.errors import QuecsimError
from quecsim.faults.catalogue import read_fault
from quecsim.rig import Rig, RigConfig
from quecsim.rig.setup import flash_image, with_origin
from quecsim.run.device_run import new_run
from quecsim.run.replay import is_input, replay
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import (
    AdapterErrors,
    CommandLine,
    End,
    Event,
    HostBytes,
    HostLine,
    SendDropped,
    Sent,
    Start,
    Stored,
)
from quecsim.units import ms, s
from tests.device.bench import shipped

DATA = bytes(range(256)) * 20


def told(script: Callable[[Rig], None], rig: Rig, *, is_up: bool = True) -> list[Event]:
    rig.start(is_up=is_up)
    script(rig)
    rig.finish(s(40))
    return rig.take_events()


def upload(rig: Rig) -> None:
    rig.host_write(s(20), b'AT+QFUPL="a",%d\r' % len(DATA))
    rig.host_write(s(21), DATA)


def everything(rig: Rig) -> None:
    """Each kind of input that there is."""
    rig.host_port(0, is_open=True)
    rig.host_line(0, 115_200, "8N1", "none")
    rig.host_rts(ms(1), is_on=False)
    rig.host_rts(ms(2), is_on=True)
    rig.host_ready(ms(2), ready=False)
    rig.host_ready(ms(3), ready=True)
    rig.host_dtr(ms(3), is_on=False)
    rig.host_break(ms(3), is_on=True)
    rig.host_break(ms(4), is_on=False)
    rig.host_write(ms(4), b"AT\r" + bytes(500))
    rig.host_discard(ms(5))
    rig.host_missed(ms(5), 9)
    rig.host_unread(ms(5), 3, 17)
    rig.host_flushed(ms(5), 3, 17)
    rig.clock_stopped(ms(5), s(1))
    rig.adapter_errors(AdapterErrors(ms(5), 1, 2, 3, 5))
    rig.inject(ms(6), read_fault({"kind": "urc", "text": "+CREG: 1", "at_ms": 5}))
    upload(rig)
    rig.cut_power(s(21) + ms(90))
    rig.power_on(s(22))
    rig.hear_news(s(23), Data(1, b"for nobody"))
    rig.hear_ble(s(23), Came("fff2", b"for nobody"))
    rig.host_port(s(30), is_open=False)


def test_every_kind_of_input_is_repeated() -> None:
    record = told(everything, Rig(shipped()))
    kinds = {type(event).__name__ for event in record if is_input(event)}
    documented = {
        kind.__name__ for kind in get_args(Event) if (kind.__doc__ or "").startswith("Input.")
    }
    assert kinds | {"Start"} == documented | {"SendDropped", "End"}
    assert replay(record).is_same


def test_what_the_device_threw_away_itself_is_no_input() -> None:
    assert is_input(SendDropped(0, 1, "backlog"))
    assert not is_input(SendDropped(0, 1, "cts"))


@pytest.mark.parametrize("is_up", [True, False])
def test_a_device_that_is_switched_on_first(is_up: bool) -> None:
    record = told(upload, Rig(shipped()), is_up=is_up)
    assert replay(record).is_same


def test_the_whole_scenario_is_in_the_record() -> None:
    made = make_scenario(
        scenario="thread-57329",
        seed=9,
        flash="drawn",
        lag_bytes=3,
        files={"UFS:old": b"\0\xff"},
        faults=({"kind": "bit_error", "per_million": 900},),
    )
    run = new_run(made, date="2026-01-02T03:04:05+00:00", command=["./up", "{port}"])
    record = msgspec.json.decode(msgspec.json.encode(told(upload, run.rig)), type=list[Event])
    start = record[0]
    assert isinstance(start, Start)
    assert start.profile == made.profile()
    assert start.origin.name == "thread-57329"
    assert start.origin.scenario["ring"] == {"rx_bytes": 512}
    assert start.origin.scenario["files"] == {"UFS:old": {"base64": "AP8="}}
    assert (start.origin.version, start.origin.command) == (quecsim.__version__, ("./up", "{port}"))
    assert replay(record).is_same


def test_a_profile_of_ones_own_need_not_be_there_any_more(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'extends = "ec200u"\n[uart]\n'
        'rx_ring_bytes = { value = 64, how = "assumed", source = "me" }\n'
        'rts_off_bytes = { value = 60, how = "assumed", source = "me" }\n'
        'rts_on_bytes = { value = 6, how = "assumed", source = "me" }\n'
    )
    record = told(upload, new_run(make_scenario(own)).rig)
    own.unlink()
    assert replay(record).is_same


def test_the_first_event_that_differs() -> None:
    record = told(upload, Rig(shipped()))
    place = next(n for n, event in enumerate(record) if isinstance(event, Stored))
    was = replace(record[place], total=1)
    again = replay([*record[:place], was, *record[place + 1 :]])
    assert not again.is_same
    assert (again.same, again.was, again.now) == (place, was, record[place])


def test_another_input_is_another_run() -> None:
    record = told(upload, Rig(shipped()))
    place = next(n for n, event in enumerate(record) if isinstance(event, HostBytes))
    was = replace(record[place], data=b"ATI\r")
    again = replay([*record[:place], was, *record[place + 1 :]])
    assert isinstance(again.now, CommandLine | Sent)
    assert again.same > place


def test_an_event_too_much_and_one_too_few() -> None:
    record = told(upload, Rig(shipped()))
    much, few = replay([*record, record[-2]]), replay(record[:-2] + record[-1:])
    assert (much.same, much.was, much.now) == (len(record), record[-2], None)
    assert (few.was, few.now) == (record[-1], record[-2])


def test_a_record_without_its_end_goes_as_far_as_it_goes() -> None:
    again = replay(told(upload, Rig(shipped()))[:-1])
    assert (again.is_same, again.is_ended) == (True, False)


def test_one_by_another_version_says_so() -> None:
    config = with_origin(RigConfig(), version="0.0.7")
    again = replay(told(upload, Rig(shipped(), config)))
    assert again.is_same
    assert (again.is_other_version, again.version) == (True, "0.0.7")


def image_run(storage: bytearray, packs: bool = True) -> list[Event]:
    image = flash_image(storage)
    if not packs:
        image = replace(image, packed=b"")
    return told(upload, Rig(shipped(), with_origin(RigConfig(), image=image), storage=storage))


def used_flash() -> bytearray:
    files = shipped().files
    storage = bytearray(b"\xff" * (files.block_bytes * files.block_count))
    told(upload, Rig(shipped(), RigConfig(contents={"b": DATA}), storage=storage))
    return storage


def test_a_run_that_began_with_an_image() -> None:
    record = image_run(used_flash())
    assert replay(record).is_same


def test_an_image_that_is_too_large_is_asked_for() -> None:
    storage = used_flash()
    before = bytes(storage)
    record = image_run(storage, packs=False)
    with pytest.raises(QuecsimError, match="too large") as caught:
        replay(record)
    assert "--ufs" in caught.value.hint
    assert replay(record, before).is_same
    with pytest.raises(QuecsimError, match="not the image"):
        replay(record, before[:-1] + b"\0")


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ([], "does not begin"),
        ([HostBytes(0, 0, b"AT\r")], "does not begin"),
        ([Start(0, "ec200u", 1, "uart", {})], "not one that this quecsim knows"),
    ],
)
def test_what_cannot_be_run_again(record: list[Event], problem: str) -> None:
    with pytest.raises(QuecsimError, match=problem):
        replay(record)


@pytest.mark.parametrize(
    "wrong",
    [
        HostBytes(-5, 0, b"x"),
        HostLine(s(41), 0, "8N1", "none"),
        HostLine(s(41), 9600, "9X9", "none"),
        HostLine(s(41), 9600, "8N1", "magic"),
        End(1, {}),
    ],
)
def test_events_that_cannot_have_happened(wrong: Any) -> None:
    record = told(upload, Rig(shipped()))
    with pytest.raises(QuecsimError, match="cannot have happened") as caught:
        replay([*record[:-1], wrong])
    assert f"event {len(record)} " in str(caught.value)


def test_a_program_that_no_record_holds() -> None:
    made = make_scenario("ec200t")
    run = new_run(made, protocol_download=lambda _context, _length: iter(()))  # type: ignore[arg-type,return-value]
    with pytest.raises(QuecsimError, match="protocol_download"):
        replay(told(upload, run.rig))
