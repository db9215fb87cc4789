"""Connections, results and messages, as the report counts them."""

import msgspec
import pytest

from quecsim.border import Why
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.report.codes import INTRODUCTIONS, is_harmless, meaning
from quecsim.report.connection import Connection, Outcome
from quecsim.report.model import Report
from quecsim.report.network import MOST_CONNECTIONS
from quecsim.trace import event as ev
from quecsim.units import s
from tests.report.network_story import CA, OWNER, NetworkStory, asked, failed, report_of, result


def connected(settings: BrokerSettings | None = None) -> NetworkStory:
    return NetworkStory(settings=settings).opens(1883).ask('AT+QMTCONN=0,"me"')


def test_a_connection_over_tls() -> None:
    story = NetworkStory().upload("ca.pem", CA).names_ca().opens().ask('AT+QMTCONN=0,"me"')
    made = story.last
    assert (made.outcome, made.owner, made.link) == (Outcome.OPEN, OWNER, 1)
    assert (made.host, made.port, made.peer) == ("broker.example", 8883, "192.0.2.10")
    assert (made.level, made.version) == (1, "TLSv1.2")
    assert (made.command, made.code, made.sentence) == ("+QMTCONN", 0, "")
    assert made.opened_ns is not None
    assert made.opened_ns > made.asked_ns
    assert (made.sent_bytes, made.received_bytes) == (16, 4)
    assert story.report.advice == []


@pytest.mark.parametrize(
    ("command", "outcome"), [("AT+QMTDISC=0", "closed"), ("AT+QMTCLOSE=0", "closed")]
)
def test_what_the_host_ends_is_closed(command: str, outcome: str) -> None:
    story = connected().ask(command)
    assert story.last.outcome == outcome
    assert story.network.troubles == []


def test_a_broker_that_refuses_and_takes_the_client_at_last() -> None:
    story = connected(BrokerSettings(users={"a": "b"}))
    made = story.last
    assert (made.outcome, made.code) == (Outcome.REFUSED, 5)
    assert made.sentence == (
        "MQTT client 0 was not taken by broker.example:1883 (AT+QMTCONN): the broker refuses: "
        "not authorized"
    )
    assert story.network.troubles[0].meaning == "not authorized"
    again = story.opens(1883).ask('AT+QMTCONN=0,"me","a","b"')
    assert [one.outcome for one in again.network.connections] == ["refused", "open"]


def test_a_server_that_does_not_let_the_client_in_as_it_opens() -> None:
    """FTP: the log-in is part of AT+QFTPOPEN."""
    told = [asked(), ev.LinkOpened(s(1), 1, OWNER, "ftp.example", 21)]
    told += [
        ev.LinkShut(s(2), 1, False),
        result("+QFTPOPEN", -530, "refused", "the server said 530 no"),
    ]
    [made] = report_of(told).network.connections
    assert made.outcome is Outcome.REFUSED
    assert "(AT+QFTPOPEN): the server said 530 no" in made.sentence


def refused_behind(command: str) -> Connection:
    """The server says no to what the client wants of it over its connection."""
    told = [
        asked(),
        ev.LinkOpened(s(1), 1, OWNER, "fota.example", 80),
        ev.LinkShut(s(2), 1, False),
        result(command, 723, "refused", "the server answered 404 Not Found"),
    ]
    [made] = report_of(told).network.connections
    return made


def test_a_server_that_gives_no_firmware() -> None:
    """That is all that the connection was for; other requests leave it well."""
    made = refused_behind("+QFOTADL")
    assert made.outcome is Outcome.REFUSED
    assert "got nothing from" in made.sentence
    assert "404 Not Found" in made.sentence
    other = refused_behind("+QFTPDEL")
    assert (other.outcome, other.sentence) == (Outcome.CLOSED, "")


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        ("+QFTPOPEN", -4, "the name does not resolve"),
        ("+QFTPPUT", -13, "no memory"),
        ("+QFTPGET", -550, ""),
        ("+QFTPGET", 627, ""),
    ],
)
def test_numbers_of_ftp(command: str, code: int, words: str) -> None:
    assert meaning(command, code) == words


def test_the_same_connection_may_be_taken_later() -> None:
    told = [asked(), ev.LinkOpened(s(1), 1, OWNER, "broker.example", 8883)]
    told += [result("+QMTOPEN", 0), result("+QMTCONN", 4, "refused", "no")]
    assert report_of(told).network.connections[0].outcome is Outcome.REFUSED
    told.append(result("+QMTCONN", 0))
    (made,) = report_of(told).network.connections
    assert (made.outcome, made.why, made.over_ns, made.sentence) == (Outcome.OPEN, "", None, "")


def test_a_broker_that_says_nothing_to_a_connect() -> None:
    told = [asked(), ev.LinkOpened(s(1), 1, OWNER, "broker.example", 8883), result("+QMTOPEN", 0)]
    told += [ev.LinkShut(s(2), 1, is_abort=True), result("+QMTCONN", 2, "timeout", "no CONNACK")]
    report = report_of(told)
    (made,) = report.network.connections
    assert (made.outcome, made.code) == (Outcome.REFUSED, 2)
    assert report.network.troubles[0].meaning == "CONNECT failed"


@pytest.mark.parametrize("has_shut", [False, True])
def test_a_connection_that_is_lost(has_shut: bool) -> None:
    told: list[ev.Event] = [asked(), ev.LinkOpened(s(1), 1, OWNER, "broker.example", 8883)]
    told += [ev.LinkSent(s(1), 1, 20, ""), result("+QMTOPEN", 0), result("+QMTCONN", 0)]
    if has_shut:  # the client breaks it off itself: no answer to its PINGREQ
        told += [ev.LinkShut(s(2), 1, is_abort=True)]
    else:
        told += [ev.LinkShut(s(2), 1, is_abort=False), ev.LinkClosed(s(2), 1, OWNER, Why.FIN)]
    told += [result("+QMTSTAT", 1, "fin")]
    report = report_of(told)
    (made,) = report.network.connections
    assert (made.outcome, made.code) == (Outcome.DROPPED, 0)
    assert made.sentence == (
        "MQTT client 0 lost its connection to broker.example:8883: the other side ended it"
    )
    assert [one.kind for one in report.advice] == ["network-dropped"]


def test_messages_are_counted() -> None:
    story = connected().ask('AT+QMTCFG="recv/mode",0,1,0').ask('AT+QMTSUB=0,1,"t",1')
    for number in range(2, 9):
        story.ask(f'AT+QMTPUB=0,{number},1,0,"t","x"')
    (count,) = story.network.messages
    assert (count.client, count.published, count.received, count.dropped) == (OWNER, 7, 5, 2)


def test_a_topic_that_the_broker_refuses() -> None:
    story = connected(BrokerSettings(deny=("t/#",))).ask('AT+QMTSUB=0,1,"t/x",1')
    (trouble,) = story.network.troubles
    assert (trouble.code, trouble.meaning) == (128, "the broker refuses the subscription")
    assert story.last.outcome is Outcome.OPEN


def test_a_client_that_is_in_use() -> None:
    story = connected().opens(1883)
    (trouble,) = story.network.troubles
    assert trouble.sentence == "MQTT client 0: +QMTOPEN said 2 (the client is in use already)"
    assert [one.outcome for one in story.network.connections] == ["open"]


def test_an_attempt_that_the_host_gives_up() -> None:
    told = [asked(), ev.LinkShut(s(2), 1, is_abort=True), result("+QMTCLOSE", 0)]
    (made,) = report_of(told).network.connections
    assert (made.outcome, made.opened_ns, made.sentence) == (Outcome.CLOSED, None, "")


def test_a_long_run_keeps_the_newest() -> None:
    count = MOST_CONNECTIONS + 5
    told = [
        each
        for link in range(1, count + 1)
        for each in (
            asked(link),
            failed(Why.REFUSED, link=link),
            result("+QMTOPEN", 5, "refused", link=link),
        )
    ]
    network = report_of(told).network
    assert len(network.connections) == len(network.troubles) == MOST_CONNECTIONS
    assert network.connections[-1].link == count
    assert (network.unlisted, network.troubles_unlisted) == (5, 5)


def test_it_survives_json() -> None:
    report = NetworkStory().upload("ca.pem", CA[:500]).names_ca().opens().report
    assert report.network.connections[0].sentence
    assert msgspec.json.decode(report.to_json(), type=Report) == report


def test_codes_have_words() -> None:
    assert meaning("+QMTCONN", 2, "refused") != meaning("+QMTCONN", 2, "timeout") != ""
    assert meaning("+QMTOPEN", 99) == meaning("+QXYZ", 1) == ""
    assert is_harmless("+QMTSTAT", 5)
    assert not is_harmless("+QMTSTAT", 1)
    assert INTRODUCTIONS == ("+QMTCONN",)


def test_questions_that_came_to_nothing() -> None:
    story = NetworkStory().ask('AT+QIDNSGIP=1,"none.example"').ask('AT+QPING=1,"192.0.2.77",1,1')
    story.ask('AT+QIDNSGIP=1,"broker.example"')
    assert [made.sentence for made in story.network.connections] == [
        "DNS had no answer about none.example: nothing gives the device none.example",
        "ping had no answer about 192.0.2.77: nothing gives the device 192.0.2.77",
    ]
    advice = next(each for each in story.report.advice if each.kind == "network-not-allowed")
    assert advice.seen == "DNS had no answer about none.example (not-allowed)"
    assert '[[name]] host = "none.example"' in advice.advice


def test_a_request_that_came_to_nothing() -> None:
    story = NetworkStory()
    story.say(0, b"AT+QHTTPURL=24\r").wait(s(1)).say(0, b"http://broker.example:81").wait(s(1))
    story.ask("AT+QHTTPGET=60")
    assert story.last.sentence == (
        "HTTP could not connect to broker.example:81: nobody listens at broker.example:81 (that "
        "host has servers at port 1883, 8883)"
    )
    assert (story.last.command, story.last.code) == ("+QHTTPGET", 716)
