"""Both sides of a real device's line, joined."""

from quecsim.checksum import checksum
from quecsim.observed.heard import Heard, Side, Source
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.report.builder import ReportBuilder
from quecsim.report.model import Report, Upload, Verdict
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms

BG95 = b"\r\n+QFUPL: 389,041E\r\n"


def talk(*said: tuple[str, bytes], step_ns: int = ms(10)) -> list[Event]:
    """`>` the host, `<` the device, `>>` the host after a long pause."""
    at_ns, heard = 0, []
    for who, data in said:
        at_ns += ms(5000) if len(who) > 1 else step_ns
        side: Side = "host" if who[0] == ">" else "device"
        heard.append(Heard(at_ns, side, data))
    return list(observed(Source(words="a test"), load_profile("ec200u"), heard))


def upload_of(events: list[Event]) -> Upload:
    (upload,) = report_of(events).uploads
    return upload


def report_of(events: list[Event]) -> Report:
    builder = ReportBuilder()
    builder.feed(events)
    return builder.report()


def results(events: list[Event]) -> list[tuple[str, str]]:
    return [(each.line, each.text) for each in events if isinstance(each, ev.Result)]


def test_an_upload_that_lacks_bytes() -> None:
    data = bytes(1208)
    events = talk(
        (">", b'AT+QFUPL="UFS:ca.pem",1208,60\r\n'), ("<", b"\r\nCONNECT\r\n"), (">", data),
        ("<", BG95), ("<", b"\r\n+CME ERROR: 421\r\n"),
    )  # fmt: skip
    upload = upload_of(events)
    assert (upload.verdict, upload.lost, upload.unseen, upload.stored) == (
        Verdict.LOST, 819, 819, 389,
    )  # fmt: skip
    assert (upload.error, upload.cause, upload.checksum) == (421, "timeout", 0x41E)
    assert [each.span for each in events if isinstance(each, ev.Unseen)] == [1208]


def test_a_refused_upload_whose_data_came_all_the_same() -> None:
    events = talk(
        (">", b'AT+QFUPL="a",5\r'), (">", b"hello"), ("<", b"\r\n+CME ERROR: 407\r\n"),
        (">", b"AT\r"), ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    assert upload_of(events).verdict is Verdict.REFUSED
    assert results(events) == [('+QFUPL="a",5', "+CME ERROR: 407"), ("", "OK")]
    assert report_of(events).counters.eaten == 15 + 5 + 3


def test_a_line_that_nobody_answered_does_not_shift_the_answers() -> None:
    events = talk((">", b"AT\r"), (">>", b"ATE0\r"), ("<", b"\r\nOK\r\n"))
    assert results(events) == [("E0", "OK")]


def test_an_echo_tells_which_lines_were_read() -> None:
    events = talk((">", b"AT\r"), (">", b"ATI\r"), ("<", b"ATI\r\r\nQuectel\r\n\r\nOK\r\n"))
    assert results(events) == [("I", "OK")]


def test_writes_by_handle_have_the_name_of_their_file() -> None:
    events = talk(
        (">", b'AT+QFOPEN="RAM:x"\r'), ("<", b"\r\n+QFOPEN: 3000\r\n\r\nOK\r\n"),
        (">", b"AT+QFWRITE=3000,3\r"), ("<", b"\r\nCONNECT\r\n"), (">", b"abc"),
        ("<", b"\r\n+QFWRITE: 3,3\r\n\r\nOK\r\n"),
        (">", b"AT+QFCLOSE=3000\r"), ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    assert (upload_of(events).name, upload_of(events).verdict) == ("RAM:x", Verdict.INTACT)
    changed = [each for each in events if isinstance(each, ev.FileChanged)]
    assert [(each.what, each.name) for each in changed] == [
        ("opened", "RAM:x"),
        ("closed", "RAM:x"),
    ]


def test_data_to_the_host_is_no_text() -> None:
    events = talk(
        (">", b"AT+QFREAD=1,8\r"), ("<", b"\r\nCONNECT 8\r\n"), ("<", b"\r\nOK\r\nab"),
        ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    assert results(events) == [("+QFREAD=1,8", "OK")]
    assert [each.data for each in events if isinstance(each, ev.Sent)][1] == b"\r\nOK\r\nab"


def test_a_start_in_the_middle_ends_everything() -> None:
    events = talk(
        (">", b'AT+QFUPL="a",900\r'), ("<", b"\r\nCONNECT\r\n"), (">", bytes(400)),
        ("<", b"\r\nRDY\r\n"), (">", b"AT\r"), ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    upload = upload_of(events)
    assert (upload.verdict, upload.is_untold) == (Verdict.UNFINISHED, True)
    assert results(events) == [("", "OK")]


def test_data_behind_a_prompt_goes_to_the_network() -> None:
    events = talk(
        (">", b"AT+QISEND=0,4\r"), ("<", b"\r\n> "), (">", b"AT\r\n"), ("<", b"\r\nSEND OK\r\n"),
        (">", b"AT+QISEND=0\r"), ("<", b"\r\n> "), (">", b"hi\x1a"), ("<", b"\r\nSEND OK\r\n"),
    )  # fmt: skip
    passed = [each.count for each in events if isinstance(each, ev.Forwarded)]
    assert passed == [4, 2]
    assert [text for _, text in results(events)] == ["SEND OK", "SEND OK"]


def test_a_connection_has_the_port_until_it_ends() -> None:
    events = talk(
        (">", b'AT+QIOPEN=1,0,"TCP","h",80,0,2\r'), ("<", b"\r\nCONNECT\r\n"), (">", b"AT\rdata"),
        ("<", b"\r\nNO CARRIER\r\n"), (">", b"AT\r"), ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    assert [each.count for each in events if isinstance(each, ev.Forwarded)] == [7]
    assert results(events)[-1] == ("", "OK")


def upload(size: int, count: int | None = None) -> list[tuple[str, bytes]]:
    data = bytes(range(size))
    said = b"\r\n+QFUPL: %d,%x\r\n\r\nOK\r\n" % (count or size, checksum(data))
    return [
        (">", b'AT+QFUPL="a",%d\r' % size), ("<", b"\r\nCONNECT\r\n"), (">", data), ("<", said),
    ]  # fmt: skip


def test_numbers_that_no_device_can_mean() -> None:
    nines = b"9" * 5000
    for text in (b"+CME ERROR: %s", b"CONNECT %s", b"+QFUPL: %s,1", b"+QFOPEN: %s", b"+QIRD: %s"):
        events = talk((">", b"AT+QFOPEN=1\r"), ("<", b"\r\n" + text % nines + b"\r\n\r\nOK\r\n"))
        assert len(results(events)) == 1
    assert results(talk((">", b"AT+QFCLOSE=\xb2\r"), ("<", b"+CME ERROR: \xb2\r\n")))


def test_results_of_atv0_are_digits() -> None:
    digits = [(who, said.replace(b"\r\nOK\r\n", b"0\r")) for who, said in upload(9)]
    digits[1] = ("<", b"1\r")
    events = talk(
        (">", b"ATV0\r"), ("<", b"0\r"), *digits, (">", b"AT+X\r"), ("<", b"4\r"),
        (">", b"ATV1\r"), ("<", b"\r\nOK\r\n"), (">", b"ATI\r"), ("<", b"\r\n0\r\n\r\nOK\r\n"),
    )  # fmt: skip
    assert [text for _, text in results(events)] == ["OK", "OK", "ERROR", "OK", "OK"]
    assert upload_of(events).verdict is Verdict.INTACT


def test_after_atq1_no_answer_is_waited_for() -> None:
    events = talk(
        (">", b"ATQ1\r"), (">", b"AT\r"), (">", b"ATQ0\r"), ("<", b"\r\nOK\r\n"),
        (">", b"ATI\r"), ("<", b"\r\nOK\r\n"),
    )  # fmt: skip
    assert results(events) == [("Q0", "OK"), ("I", "OK")]


def test_how_much_of_a_socket_was_read_is_not_data() -> None:
    events = talk((">", b"AT+QIRD=0,0\r"), ("<", b"\r\n+QIRD: 10,5,5\r\n\r\nOK\r\n"))
    assert results(events) == [("+QIRD=0,0", "OK")]


def test_an_upload_command_that_the_device_has_not_read() -> None:
    events = talk(
        (">", b'AT+QFUPL="a",9\r'), (">>", b"AT\r"), ("<", b"\r\nOK\r\n"), *upload(9),
    )  # fmt: skip
    assert results(events)[0] == ("", "OK")
    assert upload_of(events).verdict is Verdict.INTACT


def test_a_download_that_a_restart_ends_does_not_swallow_the_rest() -> None:
    for command, begin in ((b'AT+QFDWL="a"\r', b"CONNECT"), (b"AT+QFREAD=1,900\r", b"CONNECT 900")):
        events = talk(
            (">", command), ("<", b"\r\n%s\r\nsome\r\nRDY\r\n" % begin), (">>", b"AT\r"),
            ("<", b"\r\nOK\r\n"),
        )  # fmt: skip
        assert results(events) == [("", "OK")]


def test_a_downloaded_file_may_hold_what_ends_a_download() -> None:
    file = b"x\r\n+QFDWL: 3,AB\r\n\r\nOK\r\n" + bytes(80)
    events = talk(
        (">", b'AT+QFDWL="a"\r'),
        ("<", b"\r\nCONNECT\r\n" + file + b"\r\n+QFDWL: %d,1\r\n\r\nOK\r\n" % len(file)),
        (">", b"AT+X\r"), ("<", b"\r\nERROR\r\n"),
    )  # fmt: skip
    assert results(events) == [('+QFDWL="a"', "OK"), ("+X", "ERROR")]
    assert not [each for each in events if isinstance(each, ev.Urc)]


def test_a_download_under_atv0() -> None:
    events = talk(
        (">", b"ATV0\r"), ("<", b"0\r"), (">", b'AT+QFDWL="a"\r'),
        ("<", b"1\rx\r\n+QFDWL: 3,1\r\n0\r"), (">", b"AT+X\r"), ("<", b"4\r"),
    )  # fmt: skip
    assert [text for _, text in results(events)] == ["OK", "OK", "ERROR"]
    assert not [each for each in events if isinstance(each, ev.Urc)]


def test_a_download_of_which_bytes_were_not_heard_ends_with_the_next_command() -> None:
    events = talk(
        (">", b'AT+QFDWL="a"\r'), ("<", b"\r\nCONNECT\r\nabc\r\n+QFDWL: 4,1\r\n\r\nOK\r\n"),
        (">", b"AT+X\r"), ("<", b"\r\nERROR\r\n"),
    )  # fmt: skip
    assert results(events) == [('+QFDWL="a"', "OK"), ("+X", "ERROR")]


def test_a_result_behind_the_sum_that_never_comes() -> None:
    asked, connect, data, said = upload(9)
    events = talk(
        asked, connect, data, ("<", said[1].replace(b"\r\nOK\r\n", b"")), (">>", b"ATI\r"),
        ("<", b"\r\nOK\r\n"), (">", b"AT+X\r"), ("<", b"\r\nERROR\r\n"),
    )  # fmt: skip
    assert results(events) == [("I", "OK"), ("+X", "ERROR")]
    assert upload_of(events).verdict is Verdict.INTACT


def test_a_record_that_begins_among_data() -> None:
    events = talk(
        (">", b"end of a file\r\nAT+ONE\rAT+TWO\rAT+THREE\r"),
        ("<", b"\r\n+QFUPL: 900,1\r\n\r\nOK\r\n"), (">", b"ATI\r"), ("<", b"\r\nERROR\r\n"),
    )  # fmt: skip
    assert results(events) == [("I", "ERROR")]


def test_what_a_connection_says_is_no_result() -> None:
    events = talk(
        (">", b"ATO\r"), ("<", b"\r\nCONNECT\r\n"), (">", b"x"),
        ("<", b'\r\nOK\r\n+QIURC: "recv",0,500\r\nready\r\n'),
        (">", b"AT\r"), (">", b"+++"), ("<", b"\r\nOK\r\n"), (">", b"AT+X\r"),
        ("<", b"\r\nERROR\r\n"),
    )  # fmt: skip
    assert sum(each.count for each in events if isinstance(each, ev.Forwarded)) == 7
    assert results(events) == [("O", "CONNECT"), ("+X", "ERROR")]
