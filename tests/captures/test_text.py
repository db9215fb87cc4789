"""Logs as people paste them: who says what is told by marks, or by what is said."""

from pathlib import Path

import pytest

from quecsim.errors import QuecsimError
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from tests.captures.wire import heard_device, heard_host, imported

PLAIN = """\
Hi all, this does not work:

AT
OK
AT+CSQ
+CSQ: 24,99

OK
"""
MARKED = {
    "arrows": "> AT\n< OK\n> AT+CSQ\n< +CSQ: 24,99\n< OK\n",
    "long arrows": "--> AT\n<-- OK\n--> AT+CSQ\n<-- +CSQ: 24,99\n<-- OK\n",
    "words": "[TX] AT\n[RX] OK\n[TX] AT+CSQ\n[RX] +CSQ: 24,99\n[RX] OK\n",
    "words with colons": "Send: AT\nRecv: OK\nSend: AT+CSQ\nRecv: +CSQ: 24,99\nRecv: OK\n",
    "the module's view": "RX: AT\nTX: OK\nRX: AT+CSQ\nTX: +CSQ: 24,99\nTX: OK\n",
    "only the host's": "> AT\nOK\n> AT+CSQ\n+CSQ: 24,99\nOK\n",
    "only the device's": "AT\n< OK\nAT+CSQ\n< +CSQ: 24,99\n< OK\n",
    "hexadecimal": "TX: 41 54 0D\nRX: 0D 0A 4F 4B 0D 0A\nTX: 41 54 2B 43 53 51 0D\n"
    "RX: 0D 0A 2B 43 53 51 3A 20 32 34 2C 39 39 0D 0A\nRX: 0D 0A 4F 4B 0D 0A\n",
    "bytes of Python": "TX b'AT\\r'\nRX b'\\r\\nOK\\r\\n'\nTX b'AT+CSQ\\r'\n"
    "RX b'\\r\\n+CSQ: 24,99\\r\\n\\r\\nOK\\r\\n'\n",
    "named ends": "-> AT<CR>\n<- <CR><LF>OK<CR><LF>\n-> AT+CSQ<CR>\n"
    "<- <CR><LF>+CSQ: 24,99<CR><LF><CR><LF>OK<CR><LF>\n",
}
STAMPED = {
    "arduino": ("12:34:56.789 -> ", 1),
    "brackets": ("[12:34:56.789] ", 1),
    "date": ("2026-06-01 12:34:56,789 ", 1),
    "iso": ("2026-06-01T12:34:56.789Z ", 1),
    "date in brackets": ("[2026/06/01 12:34:56.789] ", 1),
    "syslog": ("Jun  1 12:34:56 ", 1),
    "kernel": ("[   56.789012] ", 1),
    "ticks": ("(56789) modem: ", 1),
}


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def lines(data: bytes) -> list[bytes]:
    return [line for line in data.replace(b"\r", b"\n").split(b"\n") if line]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "a.txt"


def said_well(record: list[Event]) -> None:
    assert heard_host(record) == b"AT\rAT+CSQ\r"
    said = [line for line in lines(heard_device(record)) if not line.startswith(b"AT")]
    assert said[-3:] == [b"OK", b"+CSQ: 24,99", b"OK"]
    results = [each.line for each in record if isinstance(each, ev.Result)]
    assert results == ["", "+CSQ"]


def test_a_plain_log_is_told_apart_by_its_words(log: Path) -> None:
    made, record = imported(write(log, PLAIN))
    assert made.format.name == "text"
    said_well(record)
    assert {"times", "byte-times", "exact-bytes", "line", "modem-lines"} == set(made.source.lacks)


@pytest.mark.parametrize("which", MARKED)
def test_marks_say_who(log: Path, which: str) -> None:
    made, record = imported(write(log, MARKED[which]))
    said_well(record)
    is_exact = which in ("hexadecimal", "bytes of Python", "named ends")
    assert ("exact-bytes" not in made.source.lacks) is is_exact
    assert any("marked" in note for note in made.notes)


@pytest.mark.parametrize("which", STAMPED)
@pytest.mark.parametrize("what", ["AT\n{}OK\n{}AT+CSQ\n{}+CSQ: 24,99\n{}OK\n", ""])
def test_times_of_many_forms(log: Path, which: str, what: str) -> None:
    stamp, _ = STAMPED[which]
    later = stamp.replace("56", "58")
    text = what or "[TX] AT\n{}[RX] OK\n{}[TX] AT+CSQ\n{}[RX] +CSQ: 24,99\n{}[RX] OK\n"
    made, record = imported(write(log, stamp + text.format(stamp, stamp, stamp, later)))
    said_well(record)
    assert "times" not in made.source.lacks
    assert record[1].at_ns == 0
    assert record[-1].at_ns == 2_000_000_000
    assert made.source.date == ("2026-06-01T12:34:56" if "2026" in stamp else "")


def test_loggers_of_python(log: Path) -> None:
    text = "".join(
        f"2026-06-01 12:34:56,001 {level} {name}: {said}\n"
        for level, name, said in (
            ("DEBUG", "modem", "TX b'AT\\r'"), ("DEBUG", "modem", "RX b'\\r\\nOK\\r\\n'"),
            ("INFO", "app", "the signal?"), ("DEBUG", "modem", "TX b'AT+CSQ\\r'"),
            ("DEBUG", "modem", "RX b'\\r\\n+CSQ: 24,99\\r\\n\\r\\nOK\\r\\n'"),
        )
    )  # fmt: skip
    made, record = imported(write(log, text))
    said_well(record)
    assert any("nobody's" in note and note.endswith("1") for note in made.notes)


def test_the_line_behind_a_command_that_is_the_same_is_its_echo(log: Path) -> None:
    _, record = imported(write(log, "AT+CSQ\nAT+CSQ\n+CSQ: 24,99\nOK\nAT\nAT\nOK\nAT\nOK\n"))
    assert heard_host(record) == b"AT+CSQ\rAT\rAT\r"
    assert lines(heard_device(record))[0] == b"AT+CSQ"


def test_data_behind_a_prompt_and_behind_connect_is_the_hosts(log: Path) -> None:
    text = (
        'AT+CMGS="+49"\n> hello\n+CMGS: 12\nOK\n'
        'AT+QFUPL="a.txt",10\nCONNECT\n01234\n6789\n+QFUPL: 10,3839\nOK\nAT\nOK\n'
    )
    made, record = imported(write(log, text))
    assert heard_host(record) == (b'AT+CMGS="+49"\rhello\x1aAT+QFUPL="a.txt",10\r01234\n6789AT\r')
    assert "host-bytes" not in made.source.lacks


def test_an_upload_whose_data_is_not_shown_lacks_it(log: Path) -> None:
    text = 'AT+QFUPL="a.txt",10\nCONNECT\n+QFUPL: 10,3839\nOK\n'
    made, _ = imported(write(log, text))
    assert "host-bytes" in made.source.lacks


@pytest.mark.parametrize("said", ["ATTACHED TO NETWORK", "At last it works", "attempt 3"])
def test_not_all_that_begins_with_at_is_a_command(log: Path, said: str) -> None:
    _, record = imported(write(log, f"AT\nOK\n{said}\n"))
    assert heard_host(record) == b"AT\r"


def test_colours_and_ends_of_windows_are_no_part_of_it(log: Path) -> None:
    log.write_bytes(
        b"\xef\xbb\xbf\x1b[32mAT\x1b[0m\r\n\x1b[31mOK\x1b[0m\r\nAT+CSQ\r\n+CSQ: 24,99\r\nOK"
    )
    said_well(imported(log)[1])


@pytest.mark.parametrize("text", ["hello\nworld\n", "+\n", "\n\n"])
def test_text_without_any_of_it_is_refused(log: Path, text: str) -> None:
    with pytest.raises(QuecsimError, match="neither an AT command nor an answer"):
        imported(write(log, text), "text")
    with pytest.raises(QuecsimError, match="no capture that quecsim knows"):
        imported(log)
