"""The plan's command and payload, and the plans that cannot be."""

from typing import Any

import pytest

from quecsim.checksum import checksum
from quecsim.errors import QuecsimError
from quecsim.host.plan import Mistake, UploadPlan, UploadResult, println
from tests.test_checksum import AMAZON


def plan(**changes: Any) -> UploadPlan:
    return UploadPlan(**{"name": "UFS:ca.pem", "data": AMAZON, **changes})


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({}, 'AT+QFUPL="UFS:ca.pem",1188,5'),
        ({"ack": True}, 'AT+QFUPL="UFS:ca.pem",1188,5,1'),
        ({"mistakes": frozenset({Mistake.IGNORE_ACK})}, 'AT+QFUPL="UFS:ca.pem",1188,5,1'),
        ({"declared_bytes": 1200, "timeout_s": 60}, 'AT+QFUPL="UFS:ca.pem",1200,60'),
        ({"name": "x"}, 'AT+QFUPL="x",1188,5'),
        # println sends more bytes, and declares the file's own size all the same
        ({"mistakes": frozenset({Mistake.PRINTLN})}, 'AT+QFUPL="UFS:ca.pem",1188,5'),
    ],
)
def test_the_command(changes: dict[str, Any], command: str) -> None:
    assert plan(**changes).command == command


def test_the_payload_is_the_file_unless_lines_are_printed() -> None:
    assert plan().payload() == AMAZON
    printed = plan(mistakes=frozenset({Mistake.PRINTLN})).payload()
    assert (len(printed), checksum(printed)) == (1208, 0x5769)  # as a BG95 reported it


@pytest.mark.parametrize(
    ("data", "printed"),
    [
        (b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\nb", b"a\r\nb\r\n"),
        (b"a\r\nb\r\n", b"a\r\r\nb\r\r\n"),
        (b"\n\n", b"\r\n\r\n"),
    ],
)
def test_println(data: bytes, printed: bytes) -> None:
    assert println(data) == printed


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": 'a"b'},
        {"name": "a\rb"},
        {"name": "a\0b"},
        {"data": b""},
        {"chunk_bytes": 0},
        {"gap_ms": -1},
        {"declared_bytes": 0},
        {"timeout_s": 0},
        {"timeout_s": 65_536},
    ],
)
def test_what_cannot_be_sent_is_the_users_mistake(changes: dict[str, Any]) -> None:
    with pytest.raises(QuecsimError) as caught:
        plan(**changes)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["../x", "n" * 81, "SD:x", "zertifikat ü.pem"])
def test_names_that_a_device_should_judge_are_left_to_it(name: str) -> None:
    assert f'"{name}"' in plan(name=name).command


def test_ignoring_the_ack_wins_over_waiting_for_it() -> None:
    both = plan(ack=True, mistakes=frozenset({Mistake.IGNORE_ACK}))
    assert both.ack_mode
    assert not both.waits_for_ack


def test_a_fresh_result_knows_the_file() -> None:
    result = UploadResult.of(plan(declared_bytes=7))
    assert (result.file_bytes, result.file_checksum, result.declared_bytes) == (1188, "2d13", 7)
    assert result.ok
    assert not result.verified
