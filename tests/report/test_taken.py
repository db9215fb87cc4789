"""Commands among file data: the ones that were some are named, and no right host is accused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.profiles.loader import load_profile
from quecsim.report.model import Upload, Verdict
from quecsim.units import ms, s
from tests.report.story import Story, device, qfupl

LIST = b'AT+QFLST="cacert.pem"\r'
PEM = (
    b"-----BEGIN CERTIFICATE-----\n"
    + b"MIIDQTCCAimgAwIBAgITBmyfz5m/jAo54vB4\n" * 31
    + b"-----END CERT"
)
PEM = PEM[:1188]


def _upload(story: Story) -> Upload:
    (upload,) = story.report.uploads
    return upload


def _too_large(by: int, size: int = 1188, command: bytes = LIST, *, ack: bool = False) -> Upload:
    """The size is `by` bytes too large, and the next command, after a pause, completes the file."""
    data, story = PEM[:size], Story().say(0, qfupl(size + by, timeout_s=60, ack=ack))
    story.wait(ms(50))
    for at in range(0, size, 1024):
        story.say(0, data[at : at + 1024]).wait(s(1))
    return _upload(story.say(s(1), command).wait(s(2)))


@pytest.mark.parametrize("by", range(1, len(LIST)))
def test_the_beginning_of_the_next_command_completes_the_file(by: int) -> None:
    upload = _too_large(by)
    begun = LIST[:by].decode()
    bytes_are = "byte is" if by == 1 else f"{by} bytes are"
    assert upload.verdict is Verdict.WRONG
    assert upload.mistake.partition(" too large")[0] == (
        f"the last {bytes_are} the beginning of your next command ({begun!r}): the size is {by}"
    )
    assert upload.stray == len(LIST) - by


def test_the_rest_of_it_need_not_be_read() -> None:
    package = Story(load_profile("ec200t")).say(0, b"AT\r")
    package.say(s(1), b'AT+QFOTADL="FILE:1208",1\r').say(s(3), PEM).say(s(3), LIST).wait(s(60))
    upload = _upload(package)
    assert upload.verdict is Verdict.REFUSED
    assert "the last 20 bytes are the beginning of your next command" in upload.sentence


def test_all_of_the_next_command_does() -> None:
    upload = _too_large(len(LIST))
    assert upload.verdict is Verdict.WRONG
    assert "the last 22 bytes are your next command" in upload.sentence
    assert "the size is 22 too large" in upload.sentence


def test_several_commands_do() -> None:
    story = Story().tell([(0, qfupl(1000 + 12, timeout_s=60)), (ms(50), PEM[:1000])], s(2))
    for _ in range(3):
        story.say(s(1), b"AT+CSQ\r")
    upload = _upload(story.wait(s(2)))
    assert upload.verdict is Verdict.WRONG
    assert "the last 12 bytes are your next commands ('AT+CSQ')" in upload.sentence


def test_behind_an_a_as_well() -> None:
    upload = _too_large(20, 1024, ack=True)
    assert upload.verdict is Verdict.WRONG
    assert "the last 20 bytes are the beginning of your next command" in upload.sentence


@pytest.mark.parametrize("ending", [b"\r", b"\r\n"])
@pytest.mark.parametrize("pause_ns", [0, ms(5), ms(500)])
@pytest.mark.parametrize("surplus", ["command", "discard"])
def test_the_upload_command_sent_twice_opens_the_file(
    ending: bytes, pause_ns: int, surplus: str
) -> None:
    command = qfupl(1188)[:-1] + ending
    story = Story(device(surplus=surplus)).say(0, command).say(pause_ns, command)
    upload = _upload(story.say(ms(500), PEM).wait(s(8)))
    assert upload.verdict is Verdict.WRONG
    assert "the file begins with your own upload command: it was sent twice" in upload.sentence
    assert story.report.fell_short


def test_another_command_opens_it() -> None:
    story = Story().say(0, qfupl(1188)).say(ms(500), b"AT+CSQ\r").say(ms(500), PEM).wait(s(8))
    upload = _upload(story)
    assert upload.verdict is Verdict.WRONG
    assert "the file begins with your command 'AT+CSQ'" in upload.sentence
    assert upload.stray == 7


def test_a_file_that_begins_with_its_own_command_is_no_mistake() -> None:
    command = qfupl(1188)
    story = Story().say(0, command).say(ms(500), (command + PEM)[:1188]).wait(s(8))
    assert _upload(story).verdict is Verdict.INTACT


# no false accusations

PIECES = st.sampled_from(
    [b"A", b"AT", b"AT\r", b"AT+QFLST\r\n", b'AT+QFDEL="x"', b'"\r', b"\r", b"\n", b"T+CSQ\r",
     b"+++", b"at+cmee=1\r", qfupl(100), b"x" * 40, b"ATE0\r", b"\0\x1a"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    blocks=st.lists(st.lists(PIECES, min_size=1, max_size=4).map(b"".join), min_size=1, max_size=6),
    opens=st.booleans(),
    gap_ns=st.sampled_from([0, ms(1), ms(30), ms(400)]),
    crlf=st.booleans(),
    after=st.sampled_from([b"", b"AT\r", LIST, b"\r\nAT\r"]),
)
def test_right_hosts_are_never_accused(
    blocks: list[bytes], opens: bool, gap_ns: int, crlf: bool, after: bytes
) -> None:
    """Whatever the file holds: its own command, the beginning of one, and wherever a pause is."""
    size = sum(len(block) for block in blocks)
    if opens:
        own = qfupl(size + 40)
        blocks, size = [own + b"x" * (40 - len(own)), *blocks], size + 40
    command = qfupl(size)[:-1] + (b"\r\n" if crlf else b"\r")
    story = Story().say(0, command).wait(ms(100))
    for block in blocks:
        story.say(gap_ns, block)
    story.wait(s(7) if b"+++" in b"".join(blocks) else s(1))
    before = story.report.uploads[0]
    if before.ended != "size":  # pluses between pauses are the escape
        return
    if after:
        story.say(ms(100), after).wait(s(1))
    upload = story.report.uploads[0]
    assert (upload.verdict, upload.mistake) == (Verdict.INTACT, "")
    assert not any(line.is_command for line in upload.swallowed)
