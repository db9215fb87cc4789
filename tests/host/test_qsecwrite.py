"""Certificates and keys by QSECWRITE, to a tiny device in memory."""

from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.host.plan import Mistake, UploadPlan, UploadResult, Via
from quecsim.host.uploader import Interrupted, upload
from tests.host.qsecwrite_peer import QsecwritePeer
from tests.test_checksum import AMAZON

CA0 = "NVRAM:CA0"


def plan(data: bytes = AMAZON, *mistakes: Mistake, **ways: Any) -> UploadPlan:
    return UploadPlan(
        **{"name": CA0, "data": data, "via": Via.QSECWRITE, "mistakes": frozenset(mistakes), **ways}
    )


def run(port: QsecwritePeer, data: bytes = AMAZON, *wrong: Mistake, **ways: Any) -> UploadResult:
    return upload(port, plan(data, *wrong, **ways), sleep=port.sleep)


# the correct way


def test_the_correct_way_byte_for_byte() -> None:
    port = QsecwritePeer()
    result = run(port)
    assert port.writes == [
        b"AT\r",
        b"ATE0\r",
        b"AT+CMEE=1\r",
        b'AT+QSECDEL="NVRAM:CA0"\r',
        b'AT+QSECWRITE="NVRAM:CA0",1188,100\r',
        AMAZON[:1024],
        AMAZON[1024:],
        b'AT+QSECREAD="NVRAM:CA0"\r',
    ]
    assert port.stored == {CA0: AMAZON}
    assert result == UploadResult(
        name=CA0,
        file_bytes=1188,
        file_checksum="2d13",
        declared_bytes=1188,
        via=Via.QSECWRITE,
        connected=True,
        sent_bytes=1188,
        reported_bytes=1188,
        reported_checksum="2d13",
        stored_good=True,
        stored_checksum="2d13",
        verified=True,
    )


def test_an_old_one_is_replaced() -> None:
    port = QsecwritePeer()
    port.stored[CA0] = b"old"
    result = run(port)
    assert (result.verified, result.replaced) == (True, True)
    assert port.stored == {CA0: AMAZON}


def test_keep_leaves_an_old_one_alone() -> None:
    port = QsecwritePeer()
    port.stored[CA0] = b"old"
    assert run(port, keep=True).problems == ["NVRAM:CA0 is on the module already: left alone"]
    assert port.stored == {CA0: b"old"}
    assert run(port, keep=True, name="RAM:ca.pem").verified
    assert not any(command.startswith("AT+QSECDEL") for command in port.commands)


def test_the_time_out_is_the_devices_own() -> None:
    port = QsecwritePeer()
    run(port, timeout_s=3)
    assert 'AT+QSECWRITE="NVRAM:CA0",1188,3' in port.commands


def test_a_device_without_numbers_deletes_what_is_not_there() -> None:
    port = QsecwritePeer()
    port.answers["AT+QSECDEL"] = "ERROR"
    assert run(port).verified


# what goes wrong


def test_lost_bytes_are_told_after_the_time_out() -> None:
    port = QsecwritePeer()
    port.lost = set(range(600, 645))
    result = run(port)
    assert result.problems == ["module reports 1143 of 1188 bytes: 45 are missing"]
    assert result.stored_good
    assert result.stored_checksum == result.reported_checksum != result.file_checksum
    assert not result.verified
    assert port.now_s > 100


def test_what_is_stored_is_damaged() -> None:
    port = QsecwritePeer()
    port.good, port.stored_checksum_xor = 0, 1
    result = run(port)
    assert result.problems == ["AT+QSECREAD says that what is stored is damaged"]
    assert result.stored_good is False


def test_another_checksum_is_stored_than_was_reported() -> None:
    port = QsecwritePeer()
    port.stored_checksum_xor = 1
    assert run(port).problems == ["AT+QSECREAD gives checksum 2d12, the file has 2d13"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (4008, "no space"),
        (4009, "time-out"),
        (4010, "there is no such certificate or key"),
        (4011, "it is too large for this storage"),
        (4012, "there is one of that name already, and it must be deleted first"),
        (4013, "the name or the size is not allowed"),
    ],
)
def test_each_error_is_explained(number: int, words: str) -> None:
    port = QsecwritePeer()
    port.answers["AT+QSECWRITE"] = f"+CME ERROR: {number}"
    assert run(port).problems == [f"the module refused the upload: +CME ERROR: {number} ({words})"]


@pytest.mark.parametrize(
    ("prefix", "answer", "problem"),
    [
        ("AT+QSECWRITE", "", "no CONNECT came after AT+QSECWRITE"),
        (
            "AT+QSECDEL",
            "+CME ERROR: 4013",
            "the module cannot delete NVRAM:CA0: +CME ERROR: 4013 "
            "(the name or the size is not allowed)",
        ),
        ("AT+QSECDEL", "", "the module cannot delete NVRAM:CA0: no answer"),
        (
            "AT+QSECREAD",
            "+CME ERROR: 4010",
            "the module does not vouch for NVRAM:CA0: +CME ERROR: 4010 "
            "(there is no such certificate or key)",
        ),
        ("AT+QSECREAD", "OK", "the module does not vouch for NVRAM:CA0: OK"),
    ],
)
def test_each_refusal_is_told(prefix: str, answer: str, problem: str) -> None:
    port = QsecwritePeer()
    port.answers[prefix] = answer
    assert run(port).problems == [problem]


# mistakes


def test_no_delete_meets_the_old_one() -> None:
    port = QsecwritePeer()
    port.stored[CA0] = b"old"
    result = run(port, AMAZON, Mistake.NO_DELETE)
    assert len(result.problems) == 1
    assert "4012 (there is one of that name already" in result.problems[0]
    assert port.stored == {CA0: b"old"}


def test_println_is_found_by_the_checksum() -> None:
    result = run(QsecwritePeer(), AMAZON, Mistake.PRINTLN)
    assert len(result.problems) == 1
    assert "the size is right, the bytes are not" in result.problems[0]


def test_not_waiting_for_connect() -> None:
    result = run(QsecwritePeer(), AMAZON, Mistake.NO_WAIT_CONNECT)
    assert (result.verified, result.connected) == (True, True)


def test_a_size_too_small_cuts_it() -> None:
    port = QsecwritePeer()
    result = run(port, declared_bytes=1000)
    assert port.stored == {CA0: AMAZON[:1000]}
    assert result.problems == ["module reports 1000 of 1188 bytes: 188 are missing"]


def test_no_verify_believes_that_all_is_well() -> None:
    port = QsecwritePeer()
    port.lost = set(range(100))
    result = run(port, AMAZON, Mistake.NO_VERIFY)
    assert (result.ok, result.verified) == (True, False)
    assert port.stored[CA0].endswith(b"-----\nAT\r")


# what is refused before anything is sent


@pytest.mark.parametrize(
    "name", ["RAM:x.pem", "NVRAM:CA0", "NVRAM:CA1", "NVRAM:CC0", "NVRAM:CK0", "ram:x", "nvram:ca0"]
)
def test_names_that_there_are(name: str) -> None:
    assert plan(name=name).name == name


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "ca.pem"}, "no place for ca.pem"),
        ({"name": "UFS:ca.pem"}, "no place for UFS:ca.pem"),
        ({"name": "RAM:"}, "no place for RAM:"),
        ({"name": "NVRAM:CA2"}, "there is no NVRAM:CA2, only CA0, CA1, CC0, CK0"),
        ({"data": bytes(2018)}, "2018 bytes are too many for NVRAM:CA0: 2017 at most"),
        ({"declared_bytes": 2018}, "2018 bytes are too many"),
        ({"name": "RAM:x", "data": bytes(32_769)}, "too many for RAM:x: 32768 at most"),
        ({"timeout_s": 2}, "no time-out of 2 s"),
        ({"timeout_s": 201}, "no time-out of 201 s"),
    ],
)
def test_what_it_can_never_take_is_the_users_mistake(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        plan(**changes)
    assert says in caught.value.message
    assert caught.value.hint


def test_the_limits_themselves_are_taken() -> None:
    assert run(QsecwritePeer(), bytes(range(250)) * 8 + bytes(17)).verified
    assert run(QsecwritePeer(), bytes(32_768), name="RAM:x", timeout_s=200).verified


# Ctrl-C


def test_interrupted_in_data_mode_leaves_it() -> None:
    port = QsecwritePeer()
    port.interrupt_after = 1000
    with pytest.raises(Interrupted, match="left data mode; NVRAM:CA0 there is incomplete"):
        run(port)
    assert port.writes[-1] == b"+++"
    assert port.mode == "command"
