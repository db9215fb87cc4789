from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from quecsim.demo.play import DemoOutcome, play
from quecsim.demo.ways import CARGOES, WAYS, Way
from quecsim.report.model import Verdict
from quecsim.trace.event import DataBegin, End, HostLine
from quecsim.units import S
from tests.demo.made import DAMAGED, INTACT, outcome

USB, NAIVE, RTSCTS, ACK, PACED = WAYS


def good() -> DemoOutcome:
    return outcome(RTSCTS, CARGOES[0], loses=False)


def test_numbers_come_from_the_devices_side() -> None:
    made = outcome(NAIVE, CARGOES[0], loses=True)
    assert (made.stored, made.lost, made.first_loss) == (1073, 115, DAMAGED.losses[0])
    assert (good().lost, good().first_loss) == (0, None)


def test_an_upload_that_the_device_never_saw() -> None:
    made = replace(good(), upload=None)
    assert (made.stored, made.lost, made.first_loss, made.is_intact) == (0, 0, None, False)


@pytest.mark.parametrize(
    "made",
    [
        replace(good(), stored_sum="2d14"),
        replace(good(), problems=["no answer"]),
        replace(good(), upload=changed(INTACT, verdict=Verdict.SHORT)),
    ],
)
def test_intact_means_that_host_device_and_flash_agree(made: DemoOutcome) -> None:
    assert good().is_intact
    assert not made.is_intact


def test_as_told() -> None:
    assert good().is_as_told
    assert outcome(NAIVE, CARGOES[0], loses=True).is_as_told
    assert not outcome(NAIVE, CARGOES[0], loses=False).is_as_told
    assert not outcome(USB, CARGOES[0], loses=True).is_as_told


@pytest.mark.pty
def test_rts_cts_over_a_real_pty_is_taken_from_the_port() -> None:
    steps: list[tuple[int, int]] = []
    made = play(RTSCTS, CARGOES[0], lambda sent, total: steps.append((sent, total)))
    assert made.is_as_told, made.problems
    assert made.stored == made.sent == 1188
    assert steps == [(1188, 1188)]
    assert [line.flow for line in made.events if isinstance(line, HostLine)] == ["rtscts"]
    assert [begin.name for begin in made.events if isinstance(begin, DataBegin)] == ["ca.pem"]


def test_the_time_of_the_bundle_is_the_modules_and_no_machines() -> None:
    """In virtual time: the same to the nanosecond, however busy the machine is."""
    bundle = CARGOES[1]
    first, again = play(ACK, bundle), play(ACK, bundle)
    assert first.is_as_told, first.problems
    assert first.answer_ns == again.answer_ns
    line_ns = len(bundle.data()) * 10 * S // 115200
    assert 2 * line_ns < first.answer_ns < 3 * line_ns
    assert first.events == again.events


@pytest.mark.parametrize("way", WAYS)
def test_quick_is_the_same_in_virtual_time_up_to_the_broker(way: Way) -> None:
    made = play(way, CARGOES[0], is_quick=True)
    assert made.is_as_told, made.problems
    assert isinstance(made.events[-1], End)
    assert made.broker is not None
    assert made.broker.is_let_in != way.loses


def test_the_broker_refuses_for_the_bytes_that_are_lost() -> None:
    made = play(NAIVE, CARGOES[0], is_quick=True)
    assert made.broker is not None
    assert (made.broker.command, made.broker.code) == ("+QMTOPEN", 5)
    assert "because bytes 1024..1176 of it were lost at" in made.broker.why


def test_what_leans_on_the_clock_is_played_in_virtual_time() -> None:
    assert [way.key for way in WAYS if CARGOES[0].is_timed(way)] == ["paced"]
    assert all(CARGOES[1].is_timed(way) for way in WAYS)
