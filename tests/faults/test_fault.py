"""The kinds of fault, each as a record that is written, read, checked, aimed, drawn and told."""

import msgspec
import pytest

from quecsim.errors import QuecsimError
from quecsim.faults import (
    AckLate,
    AckLost,
    BadBlock,
    BearerLost,
    BitError,
    BitFlip,
    BleMtuRefused,
    BleNotificationLost,
    BleOutOfRange,
    BleSlowInterval,
    BleUnanswered,
    Break,
    ConnectLate,
    ConnectRefused,
    ConnectSilence,
    DiskFull,
    DnsFailure,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    FlashOpFails,
    InsertBytes,
    LinkDown,
    MqttRefused,
    PowerCutFault,
    PublishUnanswered,
    RegistrationLost,
    ResetFault,
    RtsStuck,
    ServerCloses,
    ServerSlow,
    SplitReply,
    StallFault,
    TlsAlert,
    UrcFault,
    WifiDeauth,
    WornBlock,
)
from quecsim.faults.catalogue import KINDS, AnyFault, checked, fault_table, read_fault, table_words

GOOD: dict[Fault, str] = {
    BitError(at_byte=7, bit=5): "bit 5 turned over in byte 7",
    BitError(per_million=9): "a bit turned over in 9 bytes of a million",
    DropBytes(at_byte=7): "byte 7 lost on the line",
    DropBytes(at_byte=7, count=3): "3 bytes from byte 7 lost on the line",
    InsertBytes(at_byte=7, direction="to_host"): "b'\\xff' inserted before byte 7 to the host",
    Break(at_ms=4): "a break of 10 ms at 4 ms",
    AckLate(ack=2, delay_ms=5): "A number 2 comes 5 ms late",
    AckLate(every=1, delay_ms=5): "A (each) comes 5 ms late",
    AckLost(): "A number 1 is never sent",
    ConnectLate(delay_ms=9): "CONNECT number 1 comes 9 ms late",
    ErrorReply(command="+QFUPL", times=3): "call 1 of AT+QFUPL and the 2 after it answers ERROR",
    SplitReply(reply=3, pause_ms=4): "reply number 3 in pieces of 1, 4 ms apart",
    UrcFault(moment="before_ack"): "+CREG: 1 before ack",
    UrcFault(moment="before_ack", nth=2): "+CREG: 1 before ack, time 2",
    UrcFault(at_byte=2): "+CREG: 1 at byte 2 of the data",
    PowerCutFault(at_flash_op=3, off_ms=8): "power cut in flash operation 3, back after 8 ms",
    PowerCutFault(at_byte=3): "power cut at byte 3 of the data",
    ResetFault(at_ms=3): "reset at 3 ms",
    DiskFull(free_bytes=5): "about 5 bytes of the storage are free",
    ExistingFile(name="UFS:a", text=""): "UFS:a is there already",
    FlashOpFails(at_flash_op=3): "flash operation 3 does not take",
    FlashOpFails(count=2): "2 flash operations from number 1 on do not take",
    BadBlock(block=3): "block 3 takes nothing",
    BadBlock(at_flash_op=4): "the block of flash operation 4 takes nothing",
    WornBlock(block=0): "block 0 stands no more erase",
    WornBlock(at_flash_op=4, erases=2): "the block of flash operation 4 stands 2 more erases",
    BitFlip(address=4096, bit=7): "bit 7 of the flash at 0x1000 turned over at 0 ms",
    BitFlip(name="a", at_byte=9, at_ms=5): "bit 0 in byte 9 of a turned over at 5 ms",
    EchoOn(): "ATE0 leaves the echo on",
    RtsStuck(state="go", for_ms=2): "RTS stuck at go from 0 ms on for 2 ms",
    StallFault(at_ms=4, for_ms=20): "a stall of 20 ms at 4 ms",
    DnsFailure(): "lookup 1: the name does not resolve",
    ConnectRefused(connection=2, times=3): "connection 2 and the 2 after it: refused",
    ConnectSilence(): "connection 1: no answer",
    TlsAlert(handshake=2): "handshake 2: the server breaks the handshake off",
    MqttRefused(code=5): "CONNECT 1: the broker refuses with 5",
    MqttRefused(times=2): "CONNECT 1 and the 1 after it: the broker refuses with 3",
    PublishUnanswered(): "answer 1 of a broker to PUBLISH never comes",
    PublishUnanswered(answer=2, times=3): (
        "answer 2 of a broker to PUBLISH, and the 2 after it, never comes"
    ),
    LinkDown(send=2): "the link breaks at send 2",
    LinkDown(at_byte=2, how="silence"): "the link breaks, unnoticed, after byte 2",
    ServerCloses(at_ms=2): "the server closes at 2 ms",
    ServerCloses(send=2, how="reset"): "the server closes by a reset at send 2",
    ServerSlow(connection=2, delay_ms=3): "the server says nothing for 3 ms from connection 2 on",
    ServerSlow(at_ms=2, delay_ms=3): "the server says nothing for 3 ms from 2 ms on",
    BearerLost(send=2): "the bearer is lost at send 2",
    RegistrationLost(at_ms=2): "no network from 2 ms on",
    RegistrationLost(send=2, for_ms=3): "no network from send 2 on, for 3 ms",
    WifiDeauth(connection=2): "thrown out of Wi-Fi at connection 2",
    BleMtuRefused(): "MTU exchange 1 ends with 23",
    BleMtuRefused(exchange=2, times=3): "MTU exchange 2 and the 2 after it end with 23",
    BleNotificationLost(piece=2): "piece 2 of the device's data gets lost",
    BleNotificationLost(piece=2, direction="down", times=3): (
        "piece 2 of the other side's data and the 2 after it get lost"
    ),
    BleSlowInterval(piece=2, interval=6): (
        "an interval of 6 (7.5 ms) from piece 2 of the device's data on"
    ),
    BleSlowInterval(connection=2, interval=3200): (
        "an interval of 3200 (4000 ms) from connection 2 on"
    ),
    BleOutOfRange(at_ms=2, for_ms=3): "out of range from 2 ms on, for 3 ms",
    BleUnanswered(): "attempt 1 to connect: nobody answers",
    BleUnanswered(join=2, times=3): "attempt 2 to connect and the 2 after it: nobody answers",
}


def test_every_kind_is_here() -> None:
    assert {type(fault) for fault in GOOD} == set(KINDS.values())


@pytest.mark.parametrize("fault", GOOD, ids=lambda fault: fault.kind)
def test_each_is_written_and_read_back(fault: Fault) -> None:
    written = msgspec.json.encode(fault)
    assert msgspec.json.decode(written, type=AnyFault) == fault
    assert msgspec.json.decode(written)["kind"] == fault.kind
    assert read_fault(fault_table(fault)) == fault
    assert table_words(fault_table(fault)) == fault.words() == GOOD[fault]
    assert checked(fault) is fault


def test_what_is_as_by_default_is_not_written() -> None:
    assert msgspec.to_builtins(AckLost()) == {"kind": "ack_lost"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.ONE_OF])
def test_exactly_one_of_some_keys(kind: type[Fault]) -> None:
    good = next(fault for fault in GOOD if type(fault) is kind)
    given = [key for key in kind.ONE_OF if getattr(good, key) is not None]
    other = next(key for key in kind.ONE_OF if key not in given)
    value = "before_ack" if other == "moment" else "x" if other == "text" else 1
    both = msgspec.structs.replace(good, **{other: value})
    none = msgspec.structs.replace(good, **dict.fromkeys(given))
    for wrong in (both, none):
        (problem,) = wrong.problems()
        assert "one of them" in problem[1]
        with pytest.raises(QuecsimError, match="one of them"):
            checked(wrong)


def test_keys_that_mean_nothing() -> None:
    (problem,) = DropBytes(per_million=1, count=2).problems()
    assert problem[0] == "count"
    (problem,) = UrcFault(at_ms=1, nth=2).problems()
    assert problem[0] == "nth"
    (problem,) = BitFlip(address=1, at_byte=2).problems()
    assert problem[0] == "at_byte"


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "no_such"},
        {"kind": "ack_lost", "ack": 0},
        {"kind": "ack_lost", "nth": 1},
        {"kind": "error_reply", "command": "AT+QFUPL"},
        {"kind": "error_reply", "command": "+QFUPL", "reply": "NO"},
        {"kind": "insert_bytes", "at_byte": 1, "bytes": []},
        {"kind": "urc", "text": "a\nb", "at_ms": 1},
        {"kind": "rts_stuck", "state": "loose"},
        {"kind": "connect_late"},
    ],
)
def test_values_that_cannot_be(values: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, AnyFault)


def test_a_record_of_another_version_is_read_too() -> None:
    assert table_words({"kind": "gremlin", "at_byte": 3}) == "gremlin"


@pytest.mark.parametrize("kind", KINDS.values())
def test_what_a_kind_says_of_itself_is_possible(kind: type[Fault]) -> None:
    """Its deliberate cases, its aims and the ends of what is drawn are faults that can be."""
    tried: list[dict[str, object]] = [dict(values) for values in kind.FIRST]
    for aim in kind.AIMS.values():
        needed = {"command": "+QFUPL"} if "command" in kind.__struct_fields__ else {}
        tried.append({**needed, **aim.values, **kind.AIMED_WITH, aim.key: 7})
    for way in kind.DRAWN:
        for last in (0, -1):
            ends = {key: options[last] for key, options in way.items()}
            tried.append(
                {key: end[last] if isinstance(end, range) else end for key, end in ends.items()}
            )
    assert kind.FIRST
    for values in tried:
        fault = checked(read_fault({"kind": kind.__struct_config__.tag, **values}))
        assert fault.words()


def test_the_records_are_found_by_name() -> None:
    import quecsim.faults

    assert {getattr(quecsim.faults, kind.__name__) for kind in KINDS.values()} == {*KINDS.values()}
    with pytest.raises(AttributeError, match="Gremlin"):
        quecsim.faults.Gremlin  # noqa: B018
