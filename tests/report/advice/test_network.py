"""What to do about a connection that failed: by its reason, or by what became of its file."""

import pytest

from quecsim.border import Why
from tests.report.network_story import CA, NetworkStory, asked, failed, report_of, result


def test_a_file_that_lost_bytes_is_to_be_uploaded_again() -> None:
    story = NetworkStory().upload("ca.pem", CA[:700], len(CA)).names_ca().opens().opens()
    (advice,) = [each for each in story.report.advice if each.kind.startswith("network")]
    assert (advice.kind, advice.name, advice.count) == ("network-tls-ca", "ca.pem", 2)
    assert advice.advice.startswith("upload UFS:ca.pem again so that every byte of it arrives")


def test_a_file_that_came_as_it_was_sent_is_not() -> None:
    story = NetworkStory().upload("ca.pem", CA[:700]).names_ca().opens()
    advice = story.report.advice[-1]
    assert advice.kind == "network-tls-ca"
    assert advice.advice.startswith("compare the file with its original")


def test_a_name_that_nothing_gives_has_the_lines_to_add() -> None:
    advice = NetworkStory().opens(host="other.example").report.advice[-1]
    assert advice.kind == "network-not-allowed"
    assert '[[service]] host = "other.example", port = 8883' in advice.advice
    assert "--route other.example:8883=ADDRESS:PORT" in advice.advice


@pytest.mark.parametrize(
    ("why", "part"),
    [
        (Why.TLS_TIME, "renew the certificate"),
        (Why.TLS_VERSION, "which is its limit"),
        (Why.TLS_ALERT, 'AT+QSSLCFG="seclevel",<context>,2'),
        (Why.UNREACHABLE, "AT+QIACT=1"),
        (Why.REFUSED, "with TLS 8883"),
    ],
)
def test_each_reason_has_its_own(why: Why, part: str) -> None:
    (advice,) = report_of([asked(), failed(why)]).advice
    assert part in advice.advice
    assert advice.kind == f"network-{why.value.replace(':', '-')}"


def test_a_clock_that_nobody_has_set() -> None:
    (advice,) = report_of([asked(calendar_s=0), failed(Why.TLS_TIME)]).advice
    assert advice.advice.endswith('AT+QSSLCFG="ignorelocaltime",<context>,1')


def test_a_server_that_wants_tls_of_a_client_without() -> None:
    story = NetworkStory().opens(8883).ask('AT+QMTCONN=0,"me"')
    assert story.last.sentence == (
        "MQTT client 0 was not taken by broker.example:8883 (AT+QMTCONN): the server speaks TLS, "
        "and the device did not"
    )
    advice = story.report.advice[-1]
    assert advice.kind == "network-client-refused"
    assert advice.advice.startswith("see that both speak TLS, or neither does")


def test_a_connection_that_was_never_asked_for() -> None:
    lost = result("+QMTOPEN", 3, "unreachable", "packet context 1 is not up", link=0)
    (advice,) = report_of([lost]).advice
    assert advice.seen == "MQTT client 0 could not connect to ?:0 (unreachable)"
