"""Canned replies on a device: in place of the model, and on record as that."""

from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.profiles.canned import LaterLine, Reply
from quecsim.run.replay import replay
from quecsim.trace.event import Called, Result
from quecsim.units import ms, s
from tests.device.bench import Bench, profile, shipped


def bench(*replies: Reply, **commands: Any) -> Bench:
    device = profile(commands=commands) if commands else shipped()
    made = Bench(replace(device, replies=replies))
    made.ask("ATE0")
    return made


def test_text_and_result() -> None:
    on = bench(Reply("AT+QGPS?", text="+QGPS: 1\nmore"), Reply("AT+QX", result="NO CARRIER"))
    assert on.ask("at+qgps?") == b"\r\n+QGPS: 1\r\nmore\r\n\r\nOK\r\n"
    assert on.ask("AT+QX") == b"\r\nNO CARRIER\r\n"
    assert on.ask("AT+QY") == b"\r\nERROR\r\n"


def test_the_result_has_the_form_that_is_set() -> None:
    on = bench(Reply("AT+A"), Reply("AT+B", result="ERROR"), Reply("AT+C", result="+CME ERROR: 7"))
    on.ask("ATV0")
    assert on.ask("AT+A") == b"0\r"
    assert on.ask("AT+B") == b"4\r"
    assert on.ask("AT+C") == b"+CME ERROR: 7\r\n"
    on.ask("ATQ1")
    assert on.ask("AT+C") == b""


def test_no_result_at_all() -> None:
    on = bench(Reply("AT+QX", text="wait", result=""))
    assert on.ask("AT+QX;+CSQ") == b"\r\nwait\r\n"
    assert on.ask("AT") == b"\r\nOK\r\n"


def test_it_takes_its_time_and_the_device_is_not_busy_but_waits() -> None:
    on = bench(Reply("AT+QX", text="x", delay_ms=700, urcs=(LaterLine("+QIND: 1", 300),)))
    begin_ns = on.now_ns
    on.send(b"AT+QX\r")
    assert ms(700) < on.until(b"OK\r\n") - begin_ns < ms(750)
    done_ns = on.now_ns
    assert ms(290) < on.until(b"\r\n+QIND: 1\r\n") - done_ns < ms(310)


def test_once_and_then_the_next_that_fits_and_then_the_model() -> None:
    on = bench(
        Reply("AT+CSQ", result="ERROR", times="once"),
        Reply("AT+CSQ", text="+CSQ: 99,99", times="once"),
    )
    answers = [on.ask("AT+CSQ") for _ in range(3)]
    assert answers[0] == b"\r\nERROR\r\n"
    assert answers[1].startswith(b"\r\n+CSQ: 99,99")
    assert answers[2].startswith(b"\r\n+CSQ: 24,99")


def test_what_was_once_is_not_again_after_a_restart() -> None:
    on = bench(Reply("AT+QX", times="once"))
    assert b"OK" in on.ask("AT+QX")
    on.ask("AT+CFUN=1,1")
    on.run_for(s(20))
    assert b"ERROR" in on.ask("AT+QX")


def test_in_a_chain_each_is_looked_at_by_itself() -> None:
    on = bench(Reply('AT+QX="a;b"', text="x"), Reply("AT+BAD", result="+CME ERROR: 9"))
    assert on.ask('ATE0;+QX="a;b";+CSQ') == (b"\r\nx\r\n\r\n+CSQ: 24,99\r\n\r\nOK\r\n")
    assert on.ask("AT+BAD;+CSQ") == b"\r\n+CME ERROR: 9\r\n"


def test_what_no_grammar_knows_can_be_answered() -> None:
    on = bench(Reply('AT^X"y"z,*', text="odd"))
    assert b"odd" in on.ask('AT^X"y"z,1')


@pytest.mark.parametrize(("policy", "answer"), [("ok", b"\r\nOK\r\n"), ("silent", b"")])
def test_the_policy_for_unknown_commands(policy: str, answer: bytes) -> None:
    on = bench(unknown=policy)
    assert on.ask("AT+NIX=1,2") == answer
    assert on.ask("AT+CMEE=7").startswith(b"\r\n+CME ERROR")  # known, and wrong
    assert on.ask('AT+CMEE="') == b"\r\nERROR\r\n"
    assert on.ask("AT") == b"\r\nOK\r\n"


def test_the_record_says_what_was_canned_and_replays() -> None:
    on = bench(Reply("AT+QX", text="x", delay_ms=5, times="once"), unknown="ok")
    on.ask("AT+QX")
    on.ask("AT+QX;+CSQ")
    on.rig.finish(on.now_ns)
    calls = [(call.name, call.canned) for call in on.events(Called)]
    assert calls[1:] == [("+QX", "AT+QX"), ("+QX", "any unknown command"), ("+CSQ", "")]
    assert [result.text for result in on.events(Result)] == ["OK"] * 3
    assert replay(on.record()).is_same
