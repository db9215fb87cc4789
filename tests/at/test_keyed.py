"""Settings commands with keys: declared once, set and queried by the same rules."""

import pytest

from quecsim.at.context import Context
from quecsim.at.keyed import Given, Setting, need, settings_command
from quecsim.at.results import AtError
from quecsim.at.spec import Choice, Integer, Key, Text
from quecsim.commands import catalogue as module
from quecsim.commands.catalogue import FAMILIES
from tests.device.bench import ERROR, OK, Bench, profile
from tests.device.bench import info as shown

CONTEXT = Integer("ctxid", high=5)


def _odd_only(_context: Context, given: Given) -> None:
    need(holds=isinstance(given[0], int) and given[0] % 2 == 1)


SETTINGS = (
    Setting(Key("level", (CONTEXT, Integer("level", high=2)), index=1), (0,)),
    Setting(Key("cert", (CONTEXT, Text("name")), index=1), ("",), echoes_index=False),
    Setting(Key("pair", (Integer("a"), Integer("b", optional=True))), (1, 2)),
    Setting(Key("suite", (Choice("suite", ("0XFFFF", "0X0035")),)), ("0XFFFF",)),
    Setting(Key("odd", (Integer("n"),)), (1,), check=_odd_only),
)
COMMAND = settings_command("+QX", "Test settings", "this test", SETTINGS)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setitem(FAMILIES, "config", (COMMAND,))
    monkeypatch.setattr(module, "_catalogue", module._catalogue.__wrapped__)
    return Bench()


@pytest.mark.parametrize(
    ("change", "query", "answer"),
    [
        ('"level",3,2', '"level",3', '"level",3,2'),
        ('"LEVEL",3,1', '"level",3', '"level",3,1'),
        ('"cert",0,"ca.pem"', '"cert",0', '"cert","ca.pem"'),
        ('"pair",7', '"pair"', '"pair",7,2'),
        ('"pair",7,9', '"pair"', '"pair",7,9'),
        ('"suite","0x0035"', '"suite"', '"suite",0X0035'),
        ('"suite",0X0035', '"suite"', '"suite",0X0035'),
        ('"odd",5', '"odd"', '"odd",5'),
    ],
)
def test_a_key_is_set_and_queried(bench: Bench, change: str, query: str, answer: str) -> None:
    assert bench.ask(f"AT+QX={change}") == OK
    assert bench.ask(f"AT+QX={query}") == shown(f"+QX: {answer}")


@pytest.mark.parametrize(
    "wrong",
    [
        '"nokey"', 'level,1', '"level"', '"level",6', '"level",1,3', '"level",1,2,3', '"level",,1',
        '"cert",0,"x","y"', '"suite",0X0036', '"odd",2', '"pair",,', '"level",1,', "",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_changes_nothing(bench: Bench, wrong: str) -> None:
    before = dict(bench.rig.device.settings.config)
    assert bench.ask(f"AT+QX={wrong}") == ERROR
    assert bench.rig.device.settings.config == before


def test_the_test_reply_has_a_line_for_each_key(bench: Bench) -> None:
    reply = bench.ask("AT+QX=?").split(b"\r\n")
    assert b'+QX: "level",(0-5),(0-2)' in reply
    assert b'+QX: "cert",(0-5),<name>' in reply
    assert b'+QX: "suite",(0XFFFF,0X0035)' in reply


def test_values_of_one_index_leave_the_others_alone(bench: Bench) -> None:
    assert bench.ask('AT+QX="level",1,2') == OK
    assert bench.ask('AT+QX="level",2') == shown('+QX: "level",2,0')


def test_a_restart_brings_back_what_was_not_kept(bench: Bench) -> None:
    bench.ask('AT+QX="pair",5,6')
    bench.ask("AT&W")
    bench.ask('AT+QX="level",0,1')
    bench.ask("AT+CFUN=1,1")
    bench.rest()
    assert bench.ask('AT+QX="pair"') == shown('+QX: "pair",5,6')
    assert bench.ask('AT+QX="level",0') == shown('+QX: "level",0,0')


def test_a_device_knows_only_the_keys_of_its_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAMILIES, "config", (COMMAND,))
    monkeypatch.setattr(module, "_catalogue", module._catalogue.__wrapped__)
    bench = Bench(profile(commands={"keys": {"+QX": ("pair",)}}))
    assert bench.ask('AT+QX="pair"') == shown('+QX: "pair",1,2')
    assert bench.ask('AT+QX="odd"') == ERROR
    assert bench.ask("AT+QX=?") == shown('+QX: "pair",(0-255),(0-255)')


def test_a_need_that_does_not_hold_is_a_plain_error() -> None:
    need(holds=True)
    with pytest.raises(AtError) as caught:
        need(holds=False)
    assert caught.value.cme is None
