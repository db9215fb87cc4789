"""Bluetooth LE without a peer: name, role, intervals."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info


@pytest.fixture
def bench() -> Bench:
    return Bench(load_profile("fcm242d"))


def test_role_and_state(bench: Bench) -> None:
    assert bench.ask("AT+QBLEINIT?") == info("+QBLEINIT: 0")
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "NOINIT"')
    assert bench.ask("AT+QBLEINIT=1") == OK
    assert bench.ask("AT+QBLESTAT") == info('+QBLESTAT: "INIT"')
    assert bench.ask("AT+QBLEINIT=1") == ERROR, "once"
    for wrong in ("4", "2,2", ""):
        assert bench.ask(f"AT+QBLEINIT={wrong}") == ERROR
    bench.ask("AT+QRST")
    assert bench.ask("AT+QBLEINIT?") == info("+QBLEINIT: 0"), "not saved"


@pytest.mark.parametrize(("device", "name"), [("fcm242d", "FCM242D"), ("fgm842d", "FGM842D")])
def test_name_and_address(device: str, name: str) -> None:
    bench = Bench(load_profile(device))
    assert bench.ask('AT+QBLENAME="x"') == ERROR
    assert bench.ask("AT+QBLEINIT=2") == OK
    assert bench.ask("AT+QBLENAME?") == info(f'+QBLENAME: "{name}"')
    assert bench.ask(f'AT+QBLENAME="{"n" * 25}"') == OK
    assert bench.ask(f'AT+QBLENAME="{"n" * 26}"') == ERROR
    assert bench.ask("AT+QBLENAME?") == info(f'+QBLENAME: "{"n" * 25}"')
    assert bench.ask("AT+QBLEADDR?") == info('+QBLEADDR: "c8e4a1b1c1f9"')


@pytest.mark.parametrize(
    ("role", "command", "initial", "good", "wrong"),
    [
        (
            2,
            "+QBLEADVPARAM",
            "160,160",
            "32,16384",
            ["31,160", "160,16385", "200,100", "160", "1,2,3"],
        ),
        (1, "+QBLESCANPARAM", "100,30", "4096,4096", ["17,17", "100,16", "4097,17", "30,31"]),
        (
            1,
            "+QBLECONNPARAM",
            "0,20,500,0",
            "0,6,3200,499",
            ["1,20,500,0", "0,5,500,0", "0,20,9,0", "0,20,500,500", "0,3200,10,499", "0,20,500"],
        ),
        (1, "+QBLECFGMTU", "64", "512", ["63", "513", ""]),
    ],
)
def test_timing(
    bench: Bench, role: int, command: str, initial: str, good: str, wrong: list[str]
) -> None:
    assert bench.ask(f"AT{command}?") == info(f"{command}: {initial}")
    assert bench.ask(f"AT{command}={good}") == ERROR, "before AT+QBLEINIT"
    bench.ask(f"AT+QBLEINIT={3 - role}")
    assert bench.ask(f"AT{command}={good}") == ERROR, "it is for the other role"
    bench.ask("AT+QBLEINIT=0")
    assert bench.ask(f"AT+QBLEINIT={role}") == OK
    assert bench.ask(f"AT{command}={good}") == OK
    for values in wrong:
        assert bench.ask(f"AT{command}={values}") == ERROR, values
    assert bench.ask(f"AT{command}?") == info(f"{command}: {good}")
    bench.ask("AT+QRST")
    assert bench.ask(f"AT{command}?") == info(f"{command}: {initial}"), "not saved"
