"""Transfers are numbered, and none stays open, whichever way its command ends."""

import pytest

from quecsim.trace.event import Called, DataBegin, Result, Stored, TransferAsked, TransferEnd
from quecsim.units import ms
from tests.device.bench import Bench


def ends(bench: Bench) -> list[tuple[int, str, int | None]]:
    return [(e.transfer, e.result, e.error) for e in bench.events(TransferEnd)]


def test_two_uploads_on_one_line_are_two_transfers() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a",3;+QFUPL="UFS:b",4\r')
    bench.run_for(ms(500))
    bench.send(b"abc")
    bench.run_for(ms(500))
    bench.send(b"defg")
    bench.run_for(ms(500))
    assert [(e.transfer, e.number, e.name, e.size) for e in bench.events(TransferAsked)] == [
        (1, 1, "a", 3),
        (2, 1, "b", 4),
    ]
    assert ends(bench) == [(1, "OK", None), (2, "OK", None)]
    assert [e.transfer for e in bench.events(DataBegin)] == [1, 2]
    assert [(e.transfer, e.total) for e in bench.events(Stored)] == [(1, 3), (2, 4)]


@pytest.mark.parametrize("cmee", [0, 1, 2])
def test_a_refusal_has_its_number_whatever_cmee_is(cmee: int) -> None:
    bench = Bench()
    bench.send(b"AT+CMEE=%d\r" % cmee)
    bench.run_for(ms(100))
    bench.send(b'AT+QFDEL="UFS:none"\r')
    bench.run_for(ms(100))
    result = bench.events(Result)[-1]
    assert (result.number, result.error, result.cause) == (2, 405, "file_not_found")


def test_a_command_without_sense_still_names_itself() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a,3\r')
    bench.run_for(ms(100))
    assert [(e.name, e.form, e.is_known) for e in bench.events(Called)] == [
        ("+QFUPL", "malformed", True)
    ]
    assert ends(bench) == [(1, "ERROR", None)]


def test_the_power_ends_a_transfer_without_an_answer() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a",3\r')
    bench.run_for(ms(500))
    bench.rig.cut_power(bench.now_ns)
    assert ends(bench) == [(1, "", None)]
