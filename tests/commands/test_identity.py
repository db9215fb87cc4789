"""Who the device and its SIM are."""

import pytest

from tests.device.bench import ERROR, OK, Bench, info, profile


@pytest.mark.parametrize(
    ("commands", "text"),
    [
        (("AT+GMI", "AT+CGMI"), "Quectel"),
        (("AT+GMM", "AT+CGMM"), "EC200U"),
        (("AT+GMR", "AT+CGMR"), "EC200UCNAAR03A15M08"),
        (("AT+GSN", "AT+CGSN"), "860000000000009"),
        (("AT+CIMI",), "001010000000001"),
        (("AT+QCCID",), "+QCCID: 89880000000000000017"),
    ],
)
def test_identification_and_its_c_forms(commands: tuple[str, ...], text: str) -> None:
    bench = Bench()
    for command in commands:
        assert bench.ask(command) == info(text)
        assert bench.ask(f"{command}=?") == OK
        assert bench.ask(f"{command}?") == ERROR
        assert bench.ask(f"{command}=1") == ERROR


def test_the_factorys_revision_has_an_edition_which_an_upgrade_has_not() -> None:
    bench = Bench(profile(identity={"revision": "X1R01", "edition": "20.200"}))
    assert bench.ask("AT+QGMR") == info("X1R01_20.200")
    assert bench.ask("AT+GMR") == info("X1R01")
    bench.rig.device.context.revision = "X1R02"
    assert bench.ask("AT+QGMR") == info("X1R02")
    assert Bench().ask("AT+QGMR") == Bench().ask("AT+GMR")


def test_the_answers_are_the_profiles() -> None:
    bench = Bench(
        profile(identity={"model": "X1", "revision": "X1R01"}, radio={"imei": "490154203237518"})
    )
    assert bench.ask("ATI") == info("Quectel", "X1", "Revision: X1R01")
    assert bench.ask("AT+GMM;+GMR;+GSN") == info("X1", "", "X1R01", "", "490154203237518")
