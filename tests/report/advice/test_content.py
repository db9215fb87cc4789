"""Files that came whole and are no certificate: what the report of a real run says."""

import pytest

from quecsim.profiles.schema import Profile
from quecsim.render.text import render_text
from quecsim.report.model import Verdict
from quecsim.units import ms, s
from tests.certificates.files import certificate_pem, key_pem
from tests.report.story import DEVICE, M95, Story
from tests.test_checksum import AMAZON

BAD = AMAZON.replace(b"BEGIN CERT", b"BEGINCERT")


def upload(story: Story, name: str, data: bytes, command: str = 'AT+QFUPL="%s",%d,5\r') -> Story:
    story.say(0, (command % (name, len(data))).encode()).wait(s(1))
    return story.say(0, data).wait(s(2))


def test_the_bytes_are_right_and_the_armour_is_not() -> None:
    report = upload(Story(), "ca.pem", BAD).report
    assert report.uploads[0].verdict is Verdict.INTACT
    (advice,) = report.advice
    assert (advice.kind, advice.name, advice.is_note) == ("certificate-armour", "ca.pem", False)
    text = " ".join(render_text(report, colour=False).split())
    assert "What the host can do: ca.pem: line 1, -----BEGINCERTIFICATE-----" in text


def test_line_ends_of_dos_are_good_to_know() -> None:
    report = upload(Story(), "ca.pem", AMAZON.replace(b"\n", b"\r\n")).report
    assert [each.is_note for each in report.advice] == [True]
    assert "Good to know:" in render_text(report, colour=False)


@pytest.mark.parametrize("data", [AMAZON, key_pem(), b"hello", bytes(range(256))])
def test_what_is_right_is_not_spoken_of(data: bytes) -> None:
    assert upload(Story(), "ca.pem", data).report.advice == []


def test_a_new_upload_under_the_name_makes_it_good() -> None:
    story = upload(Story(), "ca.pem", BAD).say(0, b'AT+QFDEL="ca.pem"\r').wait(s(1))
    assert upload(story, "ca.pem", AMAZON).report.advice == []


def test_a_file_that_was_lost_is_not_examined() -> None:
    story = Story().say(0, b'AT+QFUPL="ca.pem",2000,5\r').wait(s(1)).say(0, BAD).wait(s(8))
    assert [each.kind for each in story.report.advice] == ["size-too-large"]


@pytest.mark.parametrize(
    ("profile", "command", "name"),
    [(DEVICE, 'AT+QFUPL="%s",%d,5\r', "ca.pem"), (M95, 'AT+QSECWRITE="%s",%d,5\r', "NVRAM:CA0")],
)
def test_whichever_command_stores_it(profile: Profile, command: str, name: str) -> None:
    story = Story(profile).say(0, b"AT\r").wait(s(1))  # one finds the rate by that
    report = upload(story, name, BAD, command).report
    assert [each.kind for each in report.advice] == ["certificate-armour"]


def test_a_file_in_several_writes_is_looked_at_when_it_is_closed() -> None:
    story = Story().tell([(0, b'AT+QFOPEN="ca.pem",1\r')], s(1))
    for part in (BAD[:500], BAD[500:]):
        story.say(0, b"AT+QFWRITE=1027,%d\r" % len(part)).say(ms(500), part).wait(s(1))
        assert story.report.advice == []
    story.say(0, b"AT+QFCLOSE=1027\r").wait(s(1))
    assert [each.kind for each in story.report.advice] == ["certificate-armour"]


def test_a_key_beside_another_certificate() -> None:
    story = upload(upload(Story(), "client.pem", certificate_pem(1)), "client.key", key_pem(2))
    (advice,) = story.report.advice
    assert (advice.kind, advice.name) == ("certificate-key", "client.key")
    assert advice.seen == (
        "the key does not belong to the certificate client.pem: another public key"
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0, 1)])
def test_keys_and_certificates_of_two_clients(order: tuple[int, ...]) -> None:
    files = [
        ("1.pem", certificate_pem(1)), ("2.pem", certificate_pem(2)),
        ("1.key", key_pem(1)), ("2.key", key_pem(2)),
    ]  # fmt: skip
    story = Story()
    for number in order:
        upload(story, *files[number])
    assert story.report.advice == []


def test_a_key_with_an_authority_and_no_certificate_says_nothing() -> None:
    assert upload(upload(Story(), "ca.pem", AMAZON), "client.key", key_pem(1)).report.advice == []
