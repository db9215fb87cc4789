"""The network on a terminal: the sentence comes first, then all there was."""

from msgspec.structs import replace

from quecsim.border import Why
from quecsim.render.text import render_text
from quecsim.report.connection import MessageCount, NetworkReport, Outcome
from quecsim.trace import event as ev
from quecsim.units import s
from tests.report.network_story import CA, OWNER, NetworkStory, asked, failed, report_of, result


def test_the_sentence_stands_below_the_verdict() -> None:
    report = NetworkStory().upload("ca.pem", CA[:700], len(CA)).names_ca().opens().report
    text = render_text(report, colour=False)
    assert text.splitlines()[0].startswith("short    ca.pem: only 700 of 1188 bytes came")
    assert "\nfailed   MQTT client 0 could not connect to broker.example:8883: the CA in\n" in text
    (made,) = report.network.connections
    assert made.sentence in " ".join(text.split())
    assert "(+QMTOPEN: 5)" in text
    assert "s, MQTT client 0 to broker.example:8883: failed at " in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b[1;31mfailed\x1b[0m   MQTT" in render_text(report, colour=True)


def test_a_connection_without_an_upload_is_no_empty_report() -> None:
    story = NetworkStory().opens(1883).ask('AT+QMTCONN=0,"me"').ask('AT+QMTPUB=0,0,0,0,"t","x"')
    text = render_text(story.report, colour=False)
    assert text.startswith("Connections that the device asked for:\n")
    assert " s, 22 bytes out, 4 in " in " ".join(text.split())
    assert "  MQTT client 0: 1 message published, 0 received\n" in text


def test_a_connection_over_tls_tells_version_and_suite() -> None:
    text = render_text(NetworkStory().upload("ca.pem", CA).names_ca().opens().report, colour=False)
    assert "(TLSv1.2, ECDHE-" in " ".join(text.split())


def test_what_else_the_host_was_told() -> None:
    told = [asked(), ev.LinkOpened(s(1), 1, OWNER, "broker.example", 8883), result("+QMTOPEN", 0)]
    told += [result("+QMTCONN", 0), result("+QMTPUB", 2, "timeout", "no answer in time")]
    text = " ".join(render_text(report_of(told), colour=False).split())
    assert (
        "What the host was told besides: 1.000 s, MQTT client 0, broker.example:8883: +QMTPUB "
        in (text)
    )
    assert "said 2 (failed: it was not sent, or not answered): no answer in time" in text


def test_many_are_summed_up() -> None:
    told = [each for link in range(1, 31) for each in (asked(link), failed(Why.RESET, link=link))]
    text = render_text(report_of(told), colour=False)
    assert "10 earlier connections that came to no good\n" in text
    assert "  20 earlier ones\n" in text
    assert text.count("\nfailed   ") == 20


def test_every_outcome_has_a_line() -> None:
    report = report_of([asked(), failed(Why.REFUSED)])
    (made,) = report.network.connections

    def line(outcome: Outcome, opened_ns: int | None) -> str:
        one = replace(made, outcome=outcome, opened_ns=opened_ns)
        told = replace(report, network=NetworkReport(connections=[one]))
        return " ".join(render_text(told, colour=False).split())

    assert "broker.example:8883: no answer yet" in line(Outcome.WAITING, None)
    assert ": given up at 1.000 s, before it was open" in line(Outcome.CLOSED, None)
    for outcome in (Outcome.CLOSED, Outcome.DROPPED, Outcome.REFUSED):
        assert f"0 bytes out, 0 in, {outcome} at 1.000 s" in line(outcome, s(3))
    assert ": failed at 1.000 s (refused)" in line(Outcome.FAILED, None)
    assert line(Outcome.OPEN, s(3)).count("open at 3.000 s, 0 bytes out") == 1


def test_messages_that_were_dropped() -> None:
    network = NetworkReport(messages=[MessageCount(client=OWNER, received=1, dropped=2)])
    text = render_text(replace(report_of([]), network=network), colour=False)
    assert "MQTT client 0: 0 messages published, 1 received, 2 dropped for want of room" in text


def test_what_a_host_wrote_cannot_steer_the_terminal() -> None:
    bad = "\x1b[2J\x9b"
    told = [
        ev.LinkAsked(1, 1, OWNER, bad, 1, "tcp"),
        ev.LinkFailed(2, 1, OWNER, bad, 1, Why.NOT_ALLOWED, bad, bad),
        ev.ClientResult(2, OWNER, "+QMTPUB", 2, 0, "", bad),
    ]
    assert render_text(report_of(told), colour=False).replace("\n", "").isprintable()
