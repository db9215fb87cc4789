"""A connection that failed, and what the host says: the one that keeps it quiet is wrong."""

import pytest
from msgspec.structs import replace

from quecsim.check.results import CheckRun
from quecsim.check.text import render_run
from quecsim.fuzz.finding import finding_of
from quecsim.judge.connection import connection_verdict
from quecsim.judge.judgement import Judgement
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.report.connection import Outcome
from quecsim.scenario.loader import load_scenario
from quecsim.scenario.network import Service
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Scenario
from quecsim.tls.authority import authority_pem
from quecsim.units import S
from quecsim.virtual.port import VirtualPort
from tests.report.network_story import asked, report_of
from tests.testing.judged import Host, JudgedRun, ask, read_until

DATA = b"a certificate"


def scenario(settings: BrokerSettings | None = None) -> Scenario:
    broker = Service(host="broker.example", port=1883, mqtt=settings or BrokerSettings())
    return replace(make_scenario("ec200u"), services=(broker,))


def host(claim: bool, *hosts: str, wait: bool = True, data: bytes = DATA) -> Host:
    """Uploads, connects to each in turn, and says what it was told to say."""

    def run(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, f'AT+QFUPL="UFS:ca.pem",{len(DATA)},1')
        port.write(data)
        read_until(port, (b"OK\r\n", b"ERROR"), 4)
        for name in hosts:
            ask(port, f'AT+QMTOPEN=0,"{name}",1883')
            if wait and b"0,0\r\n" in read_until(port, (b"0,0\r\n", b"0,4\r\n")):
                ask(port, 'AT+QMTCONN=0,"me"')
                read_until(port, (b"+QMTCONN: 0,0,0\r\n", b"+QMTCONN: 0,0,5\r\n"))
        return claim

    return run


def judged(run: Host, settings: BrokerSettings | None = None, **options: object) -> Judgement:
    return JudgedRun(scenario(settings), run, after_s=1.0).judge(expected=DATA, **options)


def test_a_failure_that_is_taken_for_success() -> None:
    judgement = judged(host(True, "other.example"))
    (breach,) = judgement.breaches
    assert breach.rule == "ignored-connection"
    assert breach.text == (
        "the host said that all went well, but +QMTOPEN had said 4 to MQTT client 0"
    )
    assert (judgement.passed, judgement.verdict) == (False, "intact")
    assert judgement.cause == "intact connection-not-allowed ignored-connection"
    assert judgement.connection.startswith("MQTT client 0 could not connect to other.example:1883:")
    assert [each.kind for each in judgement.advice] == ["network-not-allowed"]


def test_a_broker_that_refuses_and_is_not_heard() -> None:
    judgement = judged(host(True, "broker.example"), BrokerSettings(refuse=5))
    assert [each.rule for each in judgement.breaches] == ["ignored-connection"]
    assert "+QMTCONN had said 5" in judgement.breaches[0].text


@pytest.mark.parametrize("expect", ["intact", "honest"])
def test_a_host_that_reports_the_failure_is_right(expect: str) -> None:
    judgement = judged(host(False, "other.example"), expect=expect)
    assert (judgement.passed, judgement.reasons, judgement.cause) == (True, [], "")
    assert judgement.connection


def test_a_host_that_found_another_way_is_right_too() -> None:
    judgement = judged(host(True, "other.example", "broker.example"))
    assert (judgement.passed, judgement.connection) == (True, "")


def test_a_host_that_says_failure_without_one_is_not() -> None:
    judgement = judged(host(False, "broker.example"))
    assert judgement.reasons == ["the upload is intact, but the host said that it failed"]


def test_claims_about_the_file_stay_as_they_are() -> None:
    judgement = judged(host(False, "other.example", data=DATA[:5]))
    assert judgement.reasons == ["the upload is not intact: short"]
    judgement = judged(host(False, "other.example"), expect="failure")
    assert judgement.reasons == ["the upload should have failed, and is intact"]


def test_a_host_that_does_not_wait_for_the_result() -> None:
    judgement = judged(host(True, "broker.example", wait=False))
    assert [each.rule for each in judgement.breaches] == ["ignored-connection"]
    assert judgement.connection == (
        "MQTT client 0 had no result yet for its connection to broker.example:1883 when the host "
        "ended"
    )
    assert judged(host(False, "broker.example", wait=False)).passed


def test_the_rule_can_be_switched_off() -> None:
    judgement = judged(host(True, "other.example"), allow=("ignored-connection",))
    assert judgement.passed
    assert judgement.allowed == ["ignored-connection"]


def test_the_text_of_a_check_has_the_sentence() -> None:
    judgement = judged(host(True, "other.example"))
    run = CheckRun(
        number=1, seed=1, exit_code=0, ended="", took_s=1.0, judgement=judgement, output="",
        is_shown=True, notes=[], kept="", repeat_with="",
    )  # fmt: skip
    text = " ".join(render_run("ec200u", run, colour=False).split())
    assert judgement.connection in text
    assert "ignored-connection at " in text


def test_the_story_of_the_thread_ends_in_one_sentence() -> None:
    data = authority_pem()

    def careless(port: VirtualPort) -> bool:
        ask(port, "ATE0")
        ask(port, f'AT+QFUPL="UFS:ca.pem",{len(data)},5')
        port.write(data)
        read_until(port, (b"OK\r\n", b"ERROR: 421\r\n"), 8)
        ask(port, 'AT+QSSLCFG="cacert",1,"UFS:ca.pem"')
        ask(port, 'AT+QSSLCFG="seclevel",1,1')
        ask(port, 'AT+QMTCFG="ssl",0,1,1')
        ask(port, 'AT+QMTOPEN=0,"broker.example",8883')
        read_until(port, (b"+QMTOPEN: 0,0\r\n", b"+QMTOPEN: 0,5\r\n"))
        return True

    judgement = JudgedRun(load_scenario("thread-57329"), careless).judge(expected=data)
    (loss,) = judgement.losses
    assert judgement.connection == (
        "MQTT client 0 could not connect to broker.example:8883: the CA in UFS:ca.pem is no "
        "certificate (1035 of 1188 bytes, no END line: the file ends after 1035 bytes in the "
        "middle of a certificate), because bytes 1024..1176 of it were lost at "
        f"{loss.first_ns / S:.3f} s: ring full for 13.3 ms while the stall that was asked for at "
        "byte 512 lasted; flow control: device off, host off"
    )
    assert {each.rule for each in judgement.breaches} == {"ignored-connection", "ignored-error"}
    assert judgement.cause == "lost by-ring connection-tls-ca ignored-connection ignored-error"


def test_a_search_takes_a_failed_connection_for_an_answer() -> None:
    honest = judged(host(False, "other.example"))
    assert finding_of(honest, frozenset()) is None
    careless = finding_of(judged(host(True, "other.example")), frozenset())
    assert careless is not None
    assert careless.base == "ignored-connection"
    assert honest.headline == honest.connection


def test_no_connection_is_no_trouble() -> None:
    assert connection_verdict(report_of([])).sentence == ""


def test_one_that_waits_for_ever_is_not_known() -> None:
    report = report_of([asked()])
    assert report.network.connections[0].outcome is Outcome.WAITING
    assert connection_verdict(report).is_bad


@pytest.mark.parametrize(
    ("hosts", "fails"), [((), True), (("broker.example",), False), (("nowhere.example",), True)]
)
def test_a_connection_can_be_needed(hosts: tuple[str, ...], fails: bool) -> None:
    run = JudgedRun(scenario(), host(hosts != ("nowhere.example",), *hosts))
    assert run.judge(expected=DATA).passed
    assert run.judge(expected=DATA, need_connection=True).passed is not fails
