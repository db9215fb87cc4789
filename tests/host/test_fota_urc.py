"""The messages of an upgrade, whole and damaged, and the waits for them."""

import pytest

from quecsim.host.at_client import AtClient
from quecsim.host.fota_urc import FotaStep, FotaTalk, FotaUrc, parse
from quecsim.host.plan import UploadPlan, UploadResult, Via
from tests.host.peer import Peer


@pytest.mark.parametrize(
    ("line", "urc"),
    [
        ('+QIND: "FOTA","FILESTART"', FotaUrc(FotaStep.FILESTART, None)),
        ('+QIND: "FOTA","DOWNLOADING",50', FotaUrc(FotaStep.DOWNLOADING, 50)),
        ('+QIND: "FOTA"," DOWNLOADING",50', FotaUrc(FotaStep.DOWNLOADING, 50)),
        ('+QIND: "FOTA","FILEEND",0', FotaUrc(FotaStep.FILEEND, 0)),
        ('\ufffd\x00+QIND: "FOTA","START"', FotaUrc(FotaStep.START, None)),
        ('ND: "FOTA","UPDATING",7', FotaUrc(FotaStep.UPDATING, 7)),
        ('+QIND: "FOTA", "END", 504', FotaUrc(FotaStep.END, 504)),
        ('+QIND: "FOTA","HTTPEND",0', None),
        ('+QIND: "FOTA","END', None),
        ("+QIND: SMS DONE", None),
        ("RDY", None),
    ],
)
def test_parse(line: str, urc: FotaUrc | None) -> None:
    assert parse(line) == urc


def talk(port: Peer, update_urcs: int = 100) -> tuple[FotaTalk, list[tuple[int, int]]]:
    plan = UploadPlan("p", b"x", via=Via.QFOTADL)
    told: list[tuple[int, int]] = []
    client = AtClient(port)
    return FotaTalk(
        client, UploadResult.of(plan), update_urcs, lambda *step: told.append(step)
    ), told


def test_a_step_is_waited_for_and_no_longer() -> None:
    port = Peer()
    made, _ = talk(port)
    port.say_in(3.0, '+QIND: "FOTA","START"')
    assert made.await_step({FotaStep.START, FotaStep.END}, 10.0) is FotaStep.START
    assert 3.0 <= port.now_s < 3.2
    assert made.await_step({FotaStep.END}, 10.0) is None
    assert 13.0 <= port.now_s < 13.4


def test_a_step_that_came_while_nobody_waited_counts() -> None:
    port = Peer()
    made, _ = talk(port)
    port.say('+QIND: "FOTA","DOWNLOADING",3')
    port.say('+QIND: "FOTA","FILEEND",500')
    made.client.receive_waiting()
    assert made.hear_waiting()
    assert made.await_step({FotaStep.FILEEND}, 1.0) is FotaStep.FILEEND
    assert (made.result.downloading, made.result.file_error) == (3, 500)
    assert port.now_s == 0.0


def test_an_error_before_the_first_step_is_a_refusal_and_later_it_is_not() -> None:
    port = Peer()
    made, _ = talk(port)
    port.say('+QIND: "FOTA","FILESTART"')
    port.say("ERROR")
    assert made.await_step({FotaStep.FILEEND}, 1.0) is None
    assert made.refusal == ""
    other = Peer()
    made, _ = talk(other)
    other.say("ERROR")
    assert made.await_step({FotaStep.FILESTART}, 10.0) is None
    assert made.refusal == "ERROR"
    assert other.now_s < 1.0


@pytest.mark.parametrize(
    ("update_urcs", "numbers", "told"),
    [
        (5, (1, 2, 3, 4, 5), [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]),  # ordinals
        (5, (20, 40, 60, 80, 100), [(20, 100), (40, 100), (60, 100), (80, 100), (100, 100)]),
        (100, (1, 2, 100), [(1, 100), (2, 100), (100, 100)]),
    ],
)
def test_numbers_that_count_and_numbers_that_are_percentages(
    update_urcs: int, numbers: tuple[int, ...], told: list[tuple[int, int]]
) -> None:
    port = Peer()
    made, steps = talk(port, update_urcs)
    for number in numbers:
        assert not made.is_updated
        port.say(f'+QIND: "FOTA","UPDATING",{number}')
        assert made.await_step({FotaStep.UPDATING}, 1.0)
    assert steps == told
    assert made.is_updated
    assert made.result.updating == numbers[-1]
