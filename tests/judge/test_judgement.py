"""The verdict about the upload, what the host believes of it, and when that is a pass."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as replace_in

from quecsim.faults import Fault, ResetFault
from quecsim.host.plan import Mistake, UploadPlan
from quecsim.judge.judgement import Judgement, judge, quiet_faults
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.options import make_scenario
from quecsim.testing.strategies import faults as any_fault
from quecsim.virtual.port import VirtualPort
from tests.testing.judged import Host, JudgedRun, ask, read_until, uploader

DATA = b"-----BEGIN CERTIFICATE-----\n" * 40
PLAN = UploadPlan("UFS:ca.pem", DATA)
PLAIN = make_scenario("ec200u")
THREAD = load_scenario("thread-57329")


def wrong(mistake: Mistake, scenario: Any = PLAIN, **changes: Any) -> JudgedRun:
    plan = replace(PLAN, mistakes=frozenset({mistake}), **changes)
    return JudgedRun(scenario, uploader(plan))


def sends(announced: int, sent: bytes, *, says: bool = True, ending: bytes = b"") -> Host:
    """A host that announces one size and sends something of another."""

    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, f'AT+QFUPL="UFS:ca.pem",{announced},1')
        port.write(sent)
        read_until(port, (b"OK\r\n", b"ERROR"), 6)
        port.sleep(0.5)
        if ending:
            port.write(ending)
            port.sleep(0.2)
        return says

    return host


def test_a_good_upload_passes() -> None:
    judgement = JudgedRun(PLAIN, uploader(PLAN)).judge(expected=DATA)
    assert judgement.passed
    assert judgement.verdict == "intact"
    assert (judgement.reasons, judgement.cause, judgement.because) == ([], "", "")


def test_lost_bytes_have_their_reason() -> None:
    judgement = JudgedRun(THREAD, uploader(PLAN)).judge(expected=DATA)
    assert (judgement.verdict, judgement.passed) == ("lost", False)
    assert judgement.cause == "lost by-ring"
    assert judgement.because.startswith("byte 1024 was lost because nothing held you back")
    assert judgement.lost == sum(loss.count for loss in judgement.losses) > 0


def test_the_byte_that_was_lost_because_nobody_waited_for_the_ack() -> None:
    judgement = wrong(Mistake.IGNORE_ACK, THREAD).judge(expected=DATA)
    assert judgement.because.startswith("byte 1024 was lost because you did not wait for `A`")
    assert judgement.cause == "lost by-ring no-wait-for-ack"


def test_bytes_that_were_lost_before_connect() -> None:
    scenario = make_scenario("ec200u", ring_bytes=32, flash="worst")
    judgement = wrong(Mistake.NO_WAIT_CONNECT, scenario, chunk_bytes=4096).judge(expected=DATA)
    assert judgement.cause == "lost by-ring data-before-connect"
    assert judgement.because == "byte 32 was lost because you sent it before CONNECT"


@pytest.mark.parametrize(
    ("mistake", "verdict", "rules"),
    [
        (Mistake.PRINTLN, "wrong", []),
        (Mistake.NO_VERIFY, "lost", ["ignored-error"]),
    ],
)
def test_mistakes_of_the_field(mistake: Mistake, verdict: str, rules: list[str]) -> None:
    scenario = THREAD if mistake is Mistake.NO_VERIFY else PLAIN
    run = wrong(mistake, scenario)
    if mistake is Mistake.PRINTLN:
        judgement = run.judge(expected=DATA)
        assert "each LF came as CR LF" in judgement.sentence
    else:
        run = JudgedRun(THREAD, sends(len(DATA), DATA))
        judgement = run.judge(expected=DATA)
    assert judgement.verdict == verdict
    assert [each.rule for each in judgement.breaches] == rules


def test_a_short_announcement_is_short_even_if_all_that_was_announced_came() -> None:
    judgement = JudgedRun(PLAIN, sends(1000, DATA[:1000])).judge(expected=DATA)
    assert judgement.verdict == "short"
    assert [each.rule for each in judgement.breaches] == ["trusted-short-upload"]
    assert "+QFUPL: 1000," in judgement.breaches[0].text
    assert JudgedRun(PLAIN, sends(1000, DATA[:1000])).judge().verdict == "intact"  # who knows


def test_bytes_beyond_the_announced_ones_are_surplus() -> None:
    run = JudgedRun(PLAIN, sends(len(DATA), DATA + b"more"))
    assert run.judge(expected=DATA).verdict == "surplus"
    assert run.judge(expected=DATA).passed is False


def test_blank_bytes_behind_the_file_are_none() -> None:
    run = JudgedRun(PLAIN, sends(len(DATA), DATA, ending=b"\r\n"))
    assert run.judge(expected=DATA).passed


def test_the_wrong_bytes_show_where() -> None:
    damaged = DATA[:77] + b"\0" + DATA[78:]
    judgement = JudgedRun(PLAIN, sends(len(DATA), damaged)).judge(expected=DATA)
    assert judgement.verdict == "wrong"
    assert "differs from byte 77 on: 0x00, should be 0x" in judgement.sentence


def test_without_the_content_the_devices_checksum_decides() -> None:
    good = JudgedRun(PLAIN, sends(len(DATA), DATA))
    assert good.judge(content=None, expected=DATA).verdict == "intact"
    bad = JudgedRun(PLAIN, sends(len(DATA), DATA[:-1] + b"!"))
    judgement = bad.judge(content=None, expected=DATA)
    assert judgement.verdict == "wrong"
    assert "checksum" in judgement.sentence


def test_no_upload_at_all() -> None:
    run = JudgedRun(PLAIN, lambda port: bool(ask(port, "AT")))
    judgement = run.judge()
    assert (judgement.verdict, judgement.passed) == ("none", False)
    assert "no upload command" in judgement.sentence
    silent = JudgedRun(PLAIN, lambda port: True).judge()
    assert silent.sentence == "the host wrote nothing to the port"


def test_an_upload_of_another_name_is_not_the_one() -> None:
    run = JudgedRun(PLAIN, uploader(PLAN))
    judgement = run.judge(name="UFS:other.pem")
    assert judgement.verdict == "none"
    assert "there was one of ca.pem" in judgement.sentence
    assert run.judge(name="ufs:/ca.pem", expected=DATA).passed


def test_a_host_that_is_stopped_is_unfinished() -> None:
    run = JudgedRun(PLAIN, uploader(PLAN))
    judgement = run.judge(expected=DATA, unfinished="it was stopped after 3 s", claim=False)
    assert judgement.verdict == "unfinished"
    assert judgement.sentence.startswith("it was stopped after 3 s; ")


@pytest.mark.parametrize(
    ("says", "expect", "is_good"),
    [
        (False, "intact", False),
        (False, "failure", True),
        (False, "honest", True),
        (True, "failure", False),
        (True, "honest", False),
    ],
)
def test_where_the_upload_must_fail(says: bool, expect: str, is_good: bool) -> None:
    def host(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        assert b"ERROR" in ask(port, 'AT+QFUPL="UFS:ca.pem",2000000000,5')
        return says

    judgement = JudgedRun(PLAIN, host).judge(expect=expect)
    assert judgement.verdict == "refused"
    assert judgement.passed is is_good
    assert bool(judgement.reasons) is not is_good


def test_where_the_upload_is_intact() -> None:
    run = JudgedRun(PLAIN, uploader(PLAN))
    assert not run.judge(expect="failure").passed
    assert run.judge(expect="honest").passed
    for expect in ("intact", "honest"):
        denied = run.judge(claim=False, expect=expect)
        assert not denied.passed
        assert "said that it failed" in denied.reasons[0]
    assert run.judge(claim=None).passed  # nothing said, nothing to hold against it


def test_faults_that_never_fired() -> None:
    late, never = ResetFault(at_ms=100_000), ResetFault(at_byte=1 << 20)
    run = JudgedRun(replace_in(PLAIN, faults=(late, never)), uploader(PLAN))
    assert len(quiet_faults(run.report)) == 2
    judgement = run.judge(expected=DATA)
    assert judgement.passed
    assert judgement.quiet_faults == quiet_faults(run.report)
    assert not run.judge(expected=DATA, need_faults=True).passed


def test_an_honest_host_that_could_not_learn_of_its_luck() -> None:
    """The device restarts when the file is there and the host has yet to look at it."""
    run = JudgedRun(replace_in(PLAIN, faults=(ResetFault(at_ms=290),)), uploader(PLAN))
    assert run.report.faults[0].fired == 1
    told = run.judge(expected=DATA, expect="honest")
    assert (told.verdict, told.claim, told.passed) == ("intact", False, True)


@settings(max_examples=40, deadline=None)
@given(faults=st.lists(any_fault(), min_size=1, max_size=2), ack=st.booleans())
def test_under_any_fault_our_own_uploader_is_right(faults: list[Fault], ack: bool) -> None:
    scenario = replace_in(PLAIN, faults=tuple(faults))
    run = JudgedRun(scenario, uploader(replace(PLAN, ack=ack)))
    judgement = run.judge(expected=DATA, expect="honest")
    assert judgement.breaches == []
    assert judgement.passed, judgement.reasons


def test_a_host_that_has_read_nothing_cannot_know() -> None:
    run = JudgedRun(PLAIN, uploader(PLAN))
    judgement = run.judge(expected=DATA, has_read=False)
    assert (judgement.verdict, judgement.passed) == ("intact", False)
    assert [each.rule for each in judgement.breaches] == ["never-read"]
    assert run.judge(expected=DATA, has_read=False, allow=("never-read",)).passed
    mute = JudgedRun(PLAIN, lambda port: bool(port.write(b"xyz")))
    assert mute.rules(has_read=False) == []  # the device has said nothing


def test_it_is_json_and_back() -> None:
    judgement = JudgedRun(THREAD, uploader(PLAN)).judge(expected=DATA)
    assert msgspec.json.decode(msgspec.json.encode(judgement), type=Judgement) == judgement


def test_a_watch_that_has_seen_the_events_will_do() -> None:
    from quecsim.judge.conduct import ConductWatch

    run = wrong(Mistake.IGNORE_ACK)
    watch = ConductWatch()
    for event in run.events:
        watch.feed([event])
    told = judge(run.report, watch, claim=True, content=run.content, expected=DATA)
    assert told == run.judge(expected=DATA, claim=True, left_ns=None)


def test_a_retry_that_ends_well_is_a_pass() -> None:
    def host(port: VirtualPort) -> bool:
        first = sends(len(DATA), DATA[:500])
        first(port)
        ask(port, 'AT+QFDEL="UFS:ca.pem"')
        return sends(len(DATA), DATA)(port) is True

    assert JudgedRun(PLAIN, host).judge(expected=DATA).passed
