"""Commands that only keep values: set, read back, left out, refused."""

import pytest

from quecsim.at.context import Context
from quecsim.at.keyed import Values, need
from quecsim.at.spec import Integer, Text
from quecsim.at.stored import stored_command
from quecsim.commands import catalogue as module
from quecsim.commands.catalogue import FAMILIES
from tests.device.bench import ERROR, OK, Bench
from tests.device.bench import info as shown


def _not_alike(_context: Context, values: Values) -> None:
    need(holds=values[0] != values[1])


PAIR = stored_command(
    "+QPAIR",
    "Two numbers and a name",
    "this test",
    (Integer("a"), Integer("b", optional=True), Text("name", optional=True)),
    (1, 2, "x"),
    check=_not_alike,
)
MODEL = stored_command(
    "+QMODEL", "A name", "this test", (Text("name"),), lambda c: (c.profile.identity.model,)
)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setitem(FAMILIES, "config", (PAIR, MODEL))
    monkeypatch.setattr(module, "_catalogue", module._catalogue.__wrapped__)
    return Bench()


def test_values_are_kept_until_the_restart(bench: Bench) -> None:
    assert bench.ask("AT+QPAIR?") == shown('+QPAIR: 1,2,"x"')
    assert bench.ask('AT+QPAIR=3,4,"y"') == OK
    assert bench.ask("AT+QPAIR?") == shown('+QPAIR: 3,4,"y"')
    bench.ask("AT+CFUN=1,1")
    assert bench.ask("AT+QPAIR?") == shown('+QPAIR: 1,2,"x"')


def test_what_is_left_out_stays(bench: Bench) -> None:
    bench.ask('AT+QPAIR=3,4,"y"')
    assert bench.ask("AT+QPAIR=5") == OK
    assert bench.ask("AT+QPAIR?") == shown('+QPAIR: 5,4,"y"')


def test_the_check_sees_what_would_be(bench: Bench) -> None:
    assert bench.ask("AT+QPAIR=2") == ERROR, "b is 2 already"
    assert bench.ask("AT+QPAIR?") == shown('+QPAIR: 1,2,"x"')


def test_the_factorys_value_may_be_the_devices_own(bench: Bench) -> None:
    assert bench.ask("AT+QMODEL?") == shown('+QMODEL: "EC200U"')
    assert bench.ask("AT+QMODEL=mine") == OK
    assert bench.ask("AT+QMODEL?") == shown('+QMODEL: "mine"')
