"""The sentence: from the connection that failed back to the byte that was lost."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.border import Why
from quecsim.flash.stall import AddedStall
from quecsim.report.answer import reason_of, words
from quecsim.report.connection import Came, Connection, Outcome
from quecsim.report.reasons import DAMAGED_ADVICE, REASONS, TAILS
from quecsim.rig import RigConfig
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.trace import event as ev
from quecsim.trace.redact import Redactor
from quecsim.units import ms, s
from tests.report.network_story import CA, NetworkStory, asked, failed, report_of, result
from tests.report.story import device


def sentence(*events: ev.Event) -> str:
    (made,) = report_of(events).network.connections
    return made.sentence


def test_the_story_of_the_thread_in_one_sentence() -> None:
    scenario = make_scenario(scenario="thread-57329")
    story = NetworkStory(scenario.profile(), rig_config(scenario))
    made = story.upload("UFS:ca.pem", CA).names_ca().opens().last
    (upload,) = story.report.uploads
    (loss,) = upload.losses
    assert made.sentence == (
        "MQTT client 0 could not connect to broker.example:8883: the CA in UFS:ca.pem is no "
        f"certificate (1035 of 1188 bytes, {made.detail}), because bytes 1024..1176 of it were "
        f"lost at {loss.first_ns / s(1):.3f} s: ring full for 13.3 ms while the stall that was "
        "asked for at byte 512 lasted; flow control: device off, host off"
    )
    assert (made.outcome, made.why, made.command, made.code) == ("failed", "tls:ca", "+QMTOPEN", 5)
    (file,) = made.files
    assert (file.came, file.transfer, file.bytes) == (Came.DAMAGED, upload.transfer, 1035)


@pytest.mark.parametrize("written", ["ca.pem", "UFS:ca.pem", "ufs:/ca.pem"])
@pytest.mark.parametrize("named", ["ca.pem", "UFS:ca.pem"])
def test_a_file_is_found_however_it_is_spelled(written: str, named: str) -> None:
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
    story = NetworkStory(device(ring_bytes=64), config).upload(written, CA)
    made = story.names_ca(named).opens().last
    assert made.files[0].came is Came.DAMAGED
    assert "because" in made.sentence


def test_a_file_in_memory_and_one_on_the_flash_are_two() -> None:
    story = NetworkStory().upload("RAM:ca.pem", b"no certificate").upload("UFS:ca.pem", CA)
    made = story.names_ca("RAM:ca.pem").opens().last
    assert made.sentence.endswith("; RAM:ca.pem arrived as it was sent")
    assert made.files[0].transfer == 1
    assert story.names_ca("UFS:ca.pem").opens().last.outcome is Outcome.OPEN


def test_the_last_upload_before_the_connection_counts() -> None:
    story = NetworkStory().upload("ca.pem", CA[:600]).names_ca().opens()
    first = story.last
    assert first.files[0].came is Came.AS_SENT
    assert first.sentence.endswith("; ca.pem arrived as it was sent")
    story.ask('AT+QFDEL="ca.pem"').upload("ca.pem", CA).opens()
    assert story.last.outcome is Outcome.OPEN
    assert story.last.files[0].transfer == 2
    assert story.network.connections[0] == first  # what comes later changes nothing


def test_a_whole_bundle_is_a_file_of_authorities() -> None:
    """All public authorities together, and one more, are what a browser has, or a careful host."""
    story = NetworkStory(config=RigConfig(contents={"ca.pem": CA * 250}))
    assert story.names_ca().opens().last.outcome is Outcome.OPEN


def test_a_file_that_no_module_would_read() -> None:
    story = NetworkStory(config=RigConfig(contents={"ca.pem": CA * 900}))
    made = story.names_ca().opens().last
    assert "is no certificate (it has more than the 1048576 bytes of any" in made.sentence
    assert "END" not in made.sentence


def test_a_device_that_lets_its_broker_wait() -> None:
    story = NetworkStory().opens(1883)
    story.wait(s(40))
    assert story.last.sentence == (
        "MQTT client 0 lost its connection to broker.example:1883: the other side ended it, to "
        "which the device had said nothing yet"
    )
    (advice,) = story.report.advice
    assert "AT+QMTCONN as soon as" in advice.advice


def test_a_file_that_came_short() -> None:
    made = NetworkStory().upload("ca.pem", CA[:600], len(CA)).names_ca().opens().last
    assert "is no certificate (600 of 1188 bytes, " in made.sentence
    assert (
        ", because its upload did not bring the file: only 600 of 1188 bytes came before the "
        "time-out; none was lost"
    ) in made.sentence


def test_a_command_that_became_the_end_of_the_file() -> None:
    story = NetworkStory().ask(f'AT+QFUPL="ca.pem",{len(CA) - 11},5', s(1))
    story.say(0, CA[:-20]).say(s(1), b"AT+QFLST\r").wait(s(8))
    made = story.names_ca().opens().last
    assert ", because the last 9 bytes are your next command ('AT+QFLST'): " in made.sentence


def test_a_file_that_is_not_there() -> None:
    story = NetworkStory().upload("cert.pem", CA).names_ca("UFS:ca.pem").opens()
    assert story.last.sentence == (
        "MQTT client 0 could not connect to broker.example:8883: there is no file UFS:ca.pem, "
        "which should be the CA: nobody has uploaded it; what was uploaded is called cert.pem"
    )
    story.upload("ca.pem", CA).ask('AT+QFDEL="ca.pem"').opens()
    assert story.last.files[0].came is Came.DELETED
    assert "which should be the CA: it was deleted at " in story.last.sentence


def test_a_file_whose_upload_was_refused() -> None:
    story = NetworkStory().ask('AT+QFUPL="ca.pem",99999999,5').names_ca().opens()
    assert story.last.files[0].came is Came.REFUSED
    assert "the device did not take its upload, the answer was +CME ERROR: 423" in (
        story.last.sentence
    )


def test_a_refused_upload_has_not_changed_the_file() -> None:
    story = NetworkStory().upload("ca.pem", CA).upload("ca.pem", b"not this one")
    assert [each.verdict for each in story.report.uploads] == ["intact", "refused"]
    made = story.names_ca().opens().last
    assert (made.outcome, made.files[0].came, made.files[0].transfer) == ("open", Came.AS_SENT, 1)


def test_a_file_that_was_there_before() -> None:
    config = RigConfig(contents={"ca.pem": b"-----BEGIN CERTIFICATE-----\nold"})
    made = NetworkStory(config=config).names_ca().opens().last
    assert made.files[0].came is Came.BEFORE
    assert made.sentence.endswith(
        "; ca.pem was there before, put there by the scenario, and no upload of this run wrote it"
    )


def test_a_file_that_is_still_open() -> None:
    story = NetworkStory().ask('AT+QFOPEN="ca.pem",1').names_ca().opens()
    assert story.last.files[0].came is Came.OPEN
    assert story.ask("AT+QFCLOSE=1027").opens().last.files[0].came is Came.BEFORE


def test_memory_goes_with_the_power() -> None:
    story = NetworkStory().upload("RAM:ca.pem", CA).ask("AT+CFUN=1,1", s(15))
    made = story.ask("ATE0").names_ca("RAM:ca.pem").opens().last
    assert made.files[0].came is Came.GONE
    assert made.sentence.endswith("it was uploaded, and what is in RAM: goes with the power")


def test_writes_by_handle_add_up_to_one_file() -> None:
    story = NetworkStory().ask('AT+QFOPEN="ca.pem",1')
    story.ask("AT+QFWRITE=1027,600,1", s(1)).say(0, CA[:600]).wait(s(3))
    story.ask("AT+QFWRITE=1027,588,1", s(1)).say(0, CA[600:700]).wait(s(4))
    made = story.ask("AT+QFCLOSE=1027").names_ca().opens().last
    assert made.files[0].came is Came.DAMAGED
    assert ", because its upload did not bring the file: write 2: only 100 of 588" in (
        made.sentence
    )


def test_a_file_that_something_else_has_changed() -> None:
    story = NetworkStory().upload("ca.pem", CA)
    files = (("ca", "UFS:ca.pem", len(CA), "0" * 64),)
    failure = failed(Why.TLS_CA, "unreadable", "UFS:ca.pem")
    (made,) = report_of([*story.events, asked(files=files), failure]).network.connections
    assert made.files[0].came is Came.CHANGED
    assert made.sentence.endswith("; ca.pem is not what the host uploaded: it was changed since")


def test_a_record_without_payload_does_not_tell_of_changes() -> None:
    story = NetworkStory().upload("ca.pem", CA).names_ca().opens()
    redactor = Redactor()
    (made,) = report_of([*redactor.feed(story.events), *redactor.end()]).network.connections
    assert made.files[0].came is Came.AS_SENT


def test_a_clock_that_nobody_has_set() -> None:
    at = {"level": 1, "calendar_s": 315_964_800}
    told = sentence(asked(**at), failed(Why.TLS_TIME, "not valid before 2020-01-01"))
    assert told == (
        "MQTT client 0 could not connect to broker.example:8883: the certificate is fine, and the "
        "module's clock has not been set: it says 1980-01-06 (not valid before 2020-01-01)"
    )
    assert "is not valid at the date" in sentence(asked(level=1), failed(Why.TLS_TIME))


def test_the_key_of_another_certificate() -> None:
    story = NetworkStory().upload("client.pem", CA).upload("key.pem", b"a key")
    names = ("certificate", "client.pem"), ("key", "key.pem")
    files = tuple((what, f"UFS:{name}", 5, "") for what, name in names)
    failure = failed(Why.TLS_OWN, "it is another one's", "UFS:key.pem")
    (made,) = report_of([*story.events, asked(files=files), failure]).network.connections
    assert "the device's key in UFS:key.pem is of no use (5 bytes, it is another one's)" in (
        made.sentence
    )


def test_an_alert_leads_to_a_damaged_file_that_no_one_named() -> None:
    story = NetworkStory().upload("client.pem", CA[:700], len(CA))
    files = (("certificate", "UFS:client.pem", 700, ""),)
    events = [*story.events, asked(files=files, level=2), failed(Why.TLS_ALERT, "unknown_ca (48)")]
    (made,) = report_of(events).network.connections
    assert "broke the TLS handshake off (unknown_ca (48)); the device's certificate in " in (
        made.sentence
    )
    assert "UFS:client.pem is damaged, because its upload did not bring the file" in made.sentence


def test_a_time_out_is_a_failure_though_the_device_itself_gave_up() -> None:
    shut: list[ev.Event] = [asked(), result("+QMTOPEN", 5, "timeout", "no answer in time")]
    assert sentence(*shut) == (
        "MQTT client 0 could not connect to broker.example:8883: no answer came in time "
        "(no answer in time)"
    )


def test_a_device_without_a_context_has_nothing_to_ask_for() -> None:
    no_link = result("+QMTOPEN", 3, "unreachable", "packet context 1 is not up", link=0)
    assert sentence(no_link) == (
        "MQTT client 0 could not connect: there was no way to the network (packet context 1 is "
        "not up)"
    )


def test_over_wifi_the_advice_is_another() -> None:
    no_link = result("+QMTOPEN", 5, "unreachable", "there is no Wi-Fi connection", link=0)
    (made,) = report_of([no_link]).network.connections
    assert "+QSTASTAT" in reason_of(made).advice
    (lost,) = report_of(
        [asked(), failed(Why.UNREACHABLE, "no Wi-Fi: device down")]
    ).network.connections
    assert reason_of(lost) == reason_of(made)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_reason_has_words_that_can_be_filled_in() -> None:
    known = set(
        words(Connection(owner="", host="", port=0, link=0, asked_ns=0, outcome=Outcome.FAILED))
    )
    assert {why.value for why in Why} <= set(REASONS)
    for name, row in REASONS.items():
        assert name.partition(" ")[0] in {why.value for why in Why}
        assert blanks(row.clause) | blanks(row.advice) <= known, name
    assert blanks(DAMAGED_ADVICE) == {"file"}
    assert set(TAILS) == set(Came)
    assert all(blanks(tail) <= {"name", "because"} for tail in TAILS.values())


@given(st.sampled_from(list(Why)), st.text(), st.text(), st.sampled_from([-1, 0, 7]))
def test_no_text_of_a_host_or_a_server_breaks_the_sentence(
    why: Why, detail: str, name: str, count: int
) -> None:
    events = [asked(files=(("ca", name, count, "x"),), level=1), failed(why, detail, name)]
    report = report_of(events)
    (made,) = report.network.connections
    assert made.sentence.startswith("MQTT client 0 could not connect to broker.example:8883: ")
    assert report.advice[-1].advice
