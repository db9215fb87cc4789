"""An unsolicited result code at an awkward moment."""

import pytest

from quecsim.faults import UrcFault
from quecsim.units import s
from tests.device.bench import OK, Bench
from tests.faults.bench import DATA, fired


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        ("before_connect", b"\r\nX\r\n\r\nCONNECT\r\n"),
        ("after_connect", b"\r\nCONNECT\r\n\r\nX\r\n"),
        ("before_ack", b"\r\nX\r\nA"),
        ("inside_reply", b"\r\nX\r\n\r\n+QFUPL: 1500,"),
        ("before_result", b"\r\nX\r\n\r\nOK\r\n"),
    ],
)
def test_a_urc_at_an_awkward_moment(moment: str, heard: bytes) -> None:
    bench = Bench(faults=[UrcFault(text="X", moment=moment)])
    bench.send(b'AT+QFUPL="x",1500,5,1\r')
    bench.run_for(s(1))
    bench.send(DATA[:1500])
    bench.rest()
    assert heard in bench.output
    assert bench.file("x") == DATA[:1500]
    assert fired(bench) == [(0, "urc")]


def test_a_urc_at_a_byte_and_at_a_time() -> None:
    faults = [UrcFault(text="X", at_byte=100), UrcFault(text="Y", at_ms=20)]
    bench = Bench(faults=faults)
    heard = bench.upload('AT+QFUPL="x",200', DATA[:200])
    assert heard.startswith(b"\r\nX\r\n")
    assert bench.output.count(b"\r\nY\r\n") == 1
    assert sorted(fired(bench)) == [(0, "urc"), (1, "urc")]


def test_a_urc_that_the_host_has_off_does_not_fire() -> None:
    bench = Bench(faults=[UrcFault(text="X", moment="before_result", nth=2)])
    bench.ask('AT+QINDCFG="all",0')
    assert bench.ask("AT") == OK
    assert fired(bench) == []
