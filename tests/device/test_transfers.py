"""Transfers are numbered, and none stays open, whichever way its command ends."""

import pytest

from quecsim.flash.stall import AddedStall
from quecsim.trace.event import (
    Called,
    DataBegin,
    DataEnd,
    Eaten,
    Lost,
    Result,
    Stored,
    Swallowed,
    TransferAsked,
    TransferEnd,
)
from quecsim.units import ms, s
from tests.device.bench import Bench, profile


def ends(bench: Bench) -> list[tuple[int, str, int | None]]:
    return [(e.transfer, e.result, e.error) for e in bench.events(TransferEnd)]


def test_two_uploads_on_one_line_are_two_transfers() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a",3;+QFUPL="UFS:b",4\r')
    bench.run_for(ms(500))
    bench.send(b"abc")
    bench.run_for(ms(500))
    bench.send(b"defg")
    bench.run_for(ms(500))
    assert [(e.transfer, e.number, e.name, e.size) for e in bench.events(TransferAsked)] == [
        (1, 1, "a", 3),
        (2, 1, "b", 4),
    ]
    assert ends(bench) == [(1, "OK", None), (2, "OK", None)]
    assert [e.transfer for e in bench.events(DataBegin)] == [1, 2]
    assert [(e.transfer, e.total) for e in bench.events(Stored)] == [(1, 3), (2, 4)]


@pytest.mark.parametrize("cmee", [0, 1, 2])
def test_a_refusal_has_its_number_whatever_cmee_is(cmee: int) -> None:
    bench = Bench()
    bench.send(b"AT+CMEE=%d\r" % cmee)
    bench.run_for(ms(100))
    bench.send(b'AT+QFDEL="UFS:none"\r')
    bench.run_for(ms(100))
    result = bench.events(Result)[-1]
    assert (result.number, result.error, result.cause) == (2, 418, "delete_failed")


def test_a_command_without_sense_still_names_itself() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a,3\r')
    bench.run_for(ms(100))
    assert [(e.name, e.form, e.is_known) for e in bench.events(Called)] == [
        ("+QFUPL", "malformed", True)
    ]
    assert ends(bench) == [(1, "ERROR", None)]


def test_the_power_ends_a_transfer_without_an_answer() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a",3\r')
    bench.run_for(ms(500))
    bench.rig.cut_power(bench.now_ns)
    assert ends(bench) == [(1, "", None)]


def test_an_event_says_what_the_device_knows_as_numbers() -> None:
    bench = Bench()
    for data in (b'AT+QFUPL="UFS:a",3,5,1\r', b"abc", b'AT+QFOPEN="UFS:a"\r'):
        bench.send(data)
        bench.run_for(ms(500))
    begin, end = bench.events(DataBegin)[-1], bench.events(DataEnd)[-1]
    assert (begin.ack, begin.block_bytes) == (True, 1024)
    assert (end.received, end.checksum, end.file_bytes) == (3, 0x6162 ^ 0x6300, 3)
    bench.send(b"AT+QFSEEK=1027,0,2;+QFWRITE=1027,4\r")
    bench.run_for(ms(500))
    bench.send(b"defg")
    bench.run_for(ms(500))
    end = bench.events(DataEnd)[-1]
    assert (end.received, end.checksum, end.file_bytes) == (4, None, 7)
    assert [e.allowed_ns for e in bench.events(Called)] == [s(5)] * 4


@pytest.mark.parametrize(
    ("size", "taken"),
    [
        (39, [("ATI", 0, False), ('AT+QFLST="UFS:a"', 22, False)]),
        (26, [("ATI", 0, False), ("AT+Q", 22, True)]),
        (23, [("ATI", 0, False), ("A", 22, True)]),
        (22, [("ATI", 0, False)]),
    ],
)
def test_a_command_that_begins_or_completes_the_data_is_on_record(
    size: int, taken: list[tuple[str, int, bool]]
) -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="UFS:a",%d,1\r' % size)
    bench.run_for(ms(500))
    begin = bench.events(DataBegin)[-1].offset
    bench.send(b"ATI\rand data of a file")
    bench.run_for(ms(100))
    bench.send(b'AT+QFLST="UFS:a"\r')
    bench.run_for(ms(500))
    found = [(e.text, e.offset - begin, e.is_cut) for e in bench.events(Swallowed)]
    assert found == taken


def test_lost_and_eaten_bytes_name_the_transfer_they_belong_to() -> None:
    small = profile(uart={"rx_ring_bytes": 64, "rts_off_bytes": 48, "rts_on_bytes": 16})
    bench = Bench(small, stalls=[AddedStall(ms(45), at_byte=1)])
    bench.send(b"junk")
    bench.run_for(ms(100))
    for name in ("a", "b"):
        bench.send(f'AT+QFUPL="UFS:{name}",600,1\r'.encode())
        bench.until(b"CONNECT\r\n")
        bench.send(bytes(600))
        bench.run_for(ms(300))
        bench.run_for(ms(1500))
        bench.send(b"+++")
        bench.run_for(ms(3000))
    assert [event.transfer for event in bench.events(Lost)] == [1, 2]
    eaten = {(event.data, event.transfer) for event in bench.events(Eaten)}
    assert (b"junk", 0) in eaten
