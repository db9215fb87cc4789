"""The transfers of a real device."""

from quecsim.observed.heard import Happened, Heard, Source
from quecsim.observed.observer import Observer
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms


def told(*heard: Heard | Happened) -> list[Event]:
    observer = Observer(Source(words="a test"), load_profile("ec200t"))
    events = observer.start()
    for each in heard:
        events += observer.hear(each) if isinstance(each, Heard) else observer.note(each)
    return [*events, *observer.end(heard[-1].at_ns)]


def host(at_ms: int, data: bytes) -> Heard:
    return Heard(ms(at_ms), "host", data)


def device(at_ms: int, data: bytes) -> Heard:
    return Heard(ms(at_ms), "device", data)


def test_a_firmware_package_comes_between_filestart_and_fileend() -> None:
    events = told(
        host(1, b'AT+QFOTADL="FILE:3"\r\n'), device(2, b"\r\nOK\r\n"),
        device(3, b'\r\n+QIND: "FOTA","FILESTART"\r\n'), host(4, b"abc"),
        device(5, b'\r\n+QIND: "FOTA","FILEEND",0\r\n'),
        device(6, b'\r\n+QIND: "FOTA","END",0\r\n'),
    )  # fmt: skip
    ends = [each.result for each in events if isinstance(each, ev.TransferEnd)]
    stored = [each.count for each in events if isinstance(each, ev.Stored)]
    steps = [(each.step, each.number) for each in events if isinstance(each, ev.UpgradeStep)]
    assert (ends, stored) == (["OK"], [3])
    assert steps == [("FILESTART", None), ("FILEEND", 0), ("END", 0)]


def test_acks_count_what_they_stand_for() -> None:
    events = told(
        host(1, b'AT+QFUPL="a",2500,5,1\r'), device(2, b"\r\nCONNECT\r\n"),
        host(3, bytes(2048)), device(4, b"A"), device(5, b"A"), host(6, bytes(452)),
        device(7, b"\r\n+QFUPL: 2500,0\r\n\r\nOK\r\n"),
    )  # fmt: skip
    assert [each.received for each in events if isinstance(each, ev.Ack)] == [1024, 2048]


def test_data_that_goes_on_is_not_kept() -> None:
    observer = Observer(Source(words="a test"), load_profile("ec200t"))
    observer.start()
    observer.hear(host(1, b'AT+QIOPEN=1,0,"TCP","h",80,0,2\r'))
    observer.hear(device(2, b"\r\nCONNECT\r\n"))
    for _ in range(50):
        passed = observer.hear(host(3, bytes(1000)))
        assert [each.count for each in passed if isinstance(each, ev.Forwarded)] == [1000]
    incoming = observer._session._transfers._incoming
    assert incoming is not None
    assert not incoming.data


def test_what_came_too_early_for_a_prompt_is_its_data_and_the_rest_commands() -> None:
    events = told(
        host(1, b"AT+QISEND=0,4\r"), host(2, b"dataAT\r"), device(3, b"\r\n> "),
        device(4, b"\r\nSEND OK\r\n\r\nOK\r\n"),
    )  # fmt: skip
    assert [each.count for each in events if isinstance(each, ev.Forwarded)] == [4]
    assert [each.text for each in events if isinstance(each, ev.Result)] == ["SEND OK", "OK"]


def test_an_empty_line_behind_a_line_is_no_data() -> None:
    events = told(
        host(1, b'AT+QFUPL="a",3\r'), host(2, b"\n"), device(3, b"\r\nCONNECT\r\n"),
        host(4, b"\nab"), device(5, b"\r\n+QFUPL: 3,a61\r\n"),
    )  # fmt: skip
    ((offset, count),) = [(e.offset, e.received) for e in events if isinstance(e, ev.DataEnd)]
    assert (offset, count) == (19, 3)


def test_what_came_behind_the_data_is_read_when_the_result_has_come() -> None:
    events = told(
        host(1, b'AT+QFUPL="a",3\r'), device(2, b"\r\nCONNECT\r\n"), host(3, b"abcde"),
        device(4, b"\r\n+QFUPL: 3,262\r\n"), host(5, b"fg\r"), device(6, b"\r\nOK\r\n"),
        host(7, b"AT\r"), device(8, b"\r\nOK\r\n"),
    )  # fmt: skip
    kinds = [type(each) for each in events]
    eaten = [each for each in events if isinstance(each, ev.Eaten)]
    assert b"".join(each.data for each in eaten) == b"defg\r"
    assert kinds.index(ev.TransferEnd) < kinds.index(ev.Eaten)
    assert [each.offset for each in events if isinstance(each, ev.CommandLine)] == [0, 23]
    *_, end = events
    assert isinstance(end, ev.End)
    assert end.counters["in_flight"] == 0
