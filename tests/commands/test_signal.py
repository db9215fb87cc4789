"""+CESQ, +QCSQ, +QNWINFO in each system, with the radio off, and at the ends of their ranges."""

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.units import s
from tests.device.bench import ERROR, Bench, info, profile


@pytest.mark.parametrize(
    ("device", "cesq", "qcsq", "network"),
    [
        (
            "ec200u",
            "99,99,255,255,20,55",
            '"LTE",-65,-86,15,-10',
            '"FDD LTE","00101","LTE BAND 3",1300',
        ),
        (
            "uc200t",
            "99,99,41,37,255,255",
            '"WCDMA",-65,-80,-6',
            '"WCDMA","00101","WCDMA 2100",10700',
        ),
    ],
)
def test_on_a_cell(device: str, cesq: str, qcsq: str, network: str) -> None:
    """27.007 8.69: RSRP -86 dBm is 55, RSRQ -10 dB is 20; RSCP -80 dBm is 41, Ec/No -6 dB is 37."""
    bench = Bench(load_profile(device))
    assert bench.ask("AT+CESQ") == info(f"+CESQ: {cesq}")
    assert bench.ask("AT+QCSQ") == info(f"+QCSQ: {qcsq}")
    assert bench.ask("AT+QNWINFO") == info(f"+QNWINFO: {network}")


def test_a_device_with_words_and_a_scale_of_its_own() -> None:
    """Published logs of an EC25 and a BG96: 15 dB are 175 fifths above -20 dB."""
    bench = Bench(load_profile("ec25"))
    assert bench.ask("AT+QCSQ") == info('+QCSQ: "LTE",-65,-86,175,-10')
    cat_m1 = {"access_technology": 8, "sinr_fifths": True, "lte_words": ("CAT-M1", "CAT-M1")}
    bench = Bench(profile(radio=cat_m1))
    assert bench.ask("AT+CESQ") == info("+CESQ: 99,99,255,255,20,55")
    assert bench.ask("AT+QCSQ") == info('+QCSQ: "CAT-M1",-65,-86,175,-10')
    assert bench.ask("AT+QNWINFO") == info('+QNWINFO: "CAT-M1","00101","LTE BAND 3",1300')
    assert bench.ask("AT+CGATT?;+CGACT?").count(b"1") == 3, "registered, with a context"


def test_on_gsm() -> None:
    """RXLEV: -65 dBm is 46."""
    gsm = {"access_technology": 0, "level_dbm": -65, "csq_ber": 0, "band": "GSM 900", "channel": 62}
    bench = Bench(profile(radio=gsm))
    assert bench.ask("AT+CESQ") == info("+CESQ: 46,0,255,255,255,255")
    assert bench.ask("AT+QCSQ") == info('+QCSQ: "GSM",-65')
    assert bench.ask("AT+QNWINFO") == info('+QNWINFO: "GSM","00101","GSM 900",62')


@pytest.mark.parametrize(
    ("level", "quality", "cesq"), [(-140, -20, "0,1"), (-25, 0, "34,97"), (-44, -3, "34,97")]
)
def test_the_ends_of_the_range(level: int, quality: int, cesq: str) -> None:
    bench = Bench(profile(radio={"level_dbm": level, "quality_db": quality}))
    assert bench.ask("AT+CESQ") == info(f"+CESQ: 99,99,255,255,{cesq}")


def test_with_the_radio_off_and_while_it_looks() -> None:
    bench = Bench()
    bench.ask("AT+CFUN=4")
    assert bench.ask("AT+CESQ") == info("+CESQ: 99,99,255,255,255,255")
    nowhere = info('+QCSQ: "NOSERVICE"', "", "+QNWINFO: No Service")
    assert bench.ask("AT+QCSQ;+QNWINFO") == nowhere
    bench.send(b"AT+CFUN=1\r")
    bench.run_for(s(1))
    bench.send(b"AT+QCSQ;+QNWINFO\r")
    bench.until(nowhere)
    bench.run_for(s(2))
    assert b'"LTE BAND 3"' in bench.ask("AT+QNWINFO")


def test_what_they_list() -> None:
    bench = Bench()
    ranges = "(0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)"
    assert bench.ask("AT+CESQ=?") == info(f"+CESQ: {ranges}")
    assert bench.ask("AT+QCSQ?") == ERROR
