import pytest

from quecsim.at.storage import place_of
from quecsim.commands.secure import label_of
from quecsim.report.lines import renewed_name, upload_target
from quecsim.report.model import Verdict
from quecsim.units import ms, s
from tests.report.story import M95, PAYLOAD, Story

HANDLE = M95.files.first_handle
AWAKE = (0, b"AT\r")  # an M95 must find the baud rate first


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ('+QFUPL="UFS:a,b;c.pem",5,5,1', ("+QFUPL", "a,b;c.pem", True)),
        ("+QFUPL=x.pem", ("+QFUPL", "x.pem", True)),
        ('+cmee=2;+qfupl="/x",5', ("+QFUPL", "x", True)),
        ('E0+QFUPL="x"', ("+QFUPL", "x", True)),
        ("+QFWRITE=3000,10", ("+QFWRITE", "file handle 3000", False)),
        ('+QSECWRITE="NVRAM:CA0",1188', ("+QSECWRITE", "NVRAM:CA0", True)),
        ('+QSECWRITE="nvram:ca0",1188', ("+QSECWRITE", "NVRAM:CA0", True)),
        ('+QFUPL="ram:/x",5', ("+QFUPL", "RAM:x", True)),
        ('+QFUPL="x', ("+QFUPL", "", False)),
        ("+QSECWRITE?", None),
        ('+QSECREAD="NVRAM:CA0"', None),
        ("+QFUPL=?", None),
        ("+QFUPL?", None),
        ("+QFLST", None),
        ("", None),
        ("!!", None),
    ],
)
def test_which_upload_a_line_asks_for(line: str, target: tuple[str, str, bool] | None) -> None:
    assert upload_target(line) == target


def test_which_file_a_line_renews() -> None:
    assert renewed_name('+QFOPEN="UFS:x",1') == "x"
    assert renewed_name('+QFDEL="x"') == "x"
    assert renewed_name('+QSECDEL="RAM:x"') == "RAM:x"
    assert renewed_name('+QSECDEL="nvram:ca0"') == "NVRAM:CA0"
    assert renewed_name('+QFDEL="ram:x"') == "RAM:x"
    assert renewed_name("+QFOPEN?") is None
    assert renewed_name('+QFUPL="x"') is None


@pytest.mark.parametrize("text", ["x", "UFS:x", "ufs:/x", "/x", "RAM:x", "ram:x", "ram:/x"])
def test_a_name_is_read_as_the_device_reads_it(text: str) -> None:
    device = place_of(Story(M95).rig.device.context, text).label
    assert renewed_name(f'+QFDEL="{text}"') == device


@pytest.mark.parametrize("text", ["NVRAM:CA0", "nvram:ca0", "NVRAM:ck0", "RAM:x", "ram:X"])
def test_a_certificate_is_read_as_the_device_reads_it(text: str) -> None:
    device = label_of(Story(M95).rig.device.context, text)
    assert renewed_name(f'+QSECDEL="{text}"') == device


@pytest.mark.parametrize("name", [b"NVRAM:CA0", b"nvram:ca0", b"Nvram:Ca0", b"RAM:x", b"ram:x"])
def test_a_refused_certificate_is_made_good_in_any_spelling(name: bytes) -> None:
    write, pem = b'AT+QSECWRITE="%s",200,5\r' % name, PAYLOAD[:200]
    story = Story(M95).tell([AWAKE, (s(1), write), (s(1), pem), (s(1), write)], s(1))
    refused = story.report.uploads[-1]
    assert (refused.verdict, refused.result) == (Verdict.REFUSED, "+CME ERROR: 4012")
    assert story.report.fell_short
    delete = b'AT+QSECDEL="%s"\r' % name
    story.tell([(0, delete), (s(1), write), (s(1), pem)], s(9))
    assert {upload.name for upload in story.report.uploads} == {refused.name}
    assert story.report.uploads[-1].verdict is Verdict.INTACT
    assert not story.report.fell_short


@pytest.mark.parametrize("name", [b"RAM:x", b"ram:x", b"ram:/x", b"x", b"ufs:x"])
def test_a_file_written_short_is_made_good_in_any_spelling(name: bytes) -> None:
    opened, write = b'AT+QFOPEN="%s",1\r' % name, b"AT+QFWRITE=%d,200,1\r" % HANDLE
    script = [AWAKE, (ms(500), opened), (ms(500), write), (ms(500), PAYLOAD[:150])]
    story = Story(M95).tell(script, s(4))
    assert story.report.fell_short
    close, delete = b"AT+QFCLOSE=%d\r" % HANDLE, b'AT+QFDEL="%s"\r' % name
    story.tell([(0, close), (s(1), delete)], s(1))
    story.tell([(0, opened), (ms(500), write), (ms(500), PAYLOAD[:200])], s(4))
    assert [u.verdict for u in story.report.uploads] == [Verdict.SHORT, Verdict.INTACT]
    assert not story.report.fell_short
