"""The plan's command and payload, and the plans that cannot be."""

from typing import Any

import pytest

from quecsim.checksum import checksum
from quecsim.errors import QuecsimError
from quecsim.host.plan import FotaOptions, Mistake, UploadPlan, UploadResult, Via, println
from quecsim.host.qfupl import qfupl_command
from quecsim.host.via import TAKES
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
    assert qfupl_command(plan(**changes)) == command


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
    assert f'"{name}"' in qfupl_command(plan(name=name))


def test_ignoring_the_ack_wins_over_waiting_for_it() -> None:
    both = plan(ack=True, mistakes=frozenset({Mistake.IGNORE_ACK}))
    assert both.ack_mode
    assert not both.waits_for_ack


# what each way has and has not


@pytest.mark.parametrize(
    ("via", "changes", "says"),
    [
        (Via.QFWRITE, {"ack": True}, "--ack makes no sense with --via qfwrite"),
        (Via.QSECWRITE, {"readback": False}, "--no-readback makes no sense with --via qsecwrite"),
        (Via.QFOTADL, {"keep": True}, "--keep makes no sense with --via qfotadl"),
        (Via.QFUPL, {"fota": FotaOptions(upgrade_mode=0)}, "--upgrade-mode makes no sense"),
        (Via.QFWRITE, {"fota": FotaOptions(download_urcs=0)}, "--download-urcs makes no sense"),
        (Via.QFWRITE, {"fota": FotaOptions(update_urcs=5)}, "--update-urcs makes no sense"),
        (Via.QFOTADL, {"timeout_s": 5}, "AT+QFOTADL has no time-out"),
        *[
            (via, {"mistakes": frozenset({mistake})}, f"{mistake.option} makes no sense")
            for via in Via
            for mistake in Mistake
            if mistake not in TAKES[via].mistakes
        ],
    ],
)
def test_options_of_another_way_are_the_users_mistake(
    via: Via, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(QuecsimError) as caught:
        plan(via=via, name="RAM:ca.pem", **changes)
    assert says in caught.value.message
    assert caught.value.hint


def test_the_hint_names_the_ways_that_have_the_option() -> None:
    with pytest.raises(QuecsimError) as caught:
        plan(via=Via.QFOTADL, mistakes=frozenset({Mistake.NO_DELETE}))
    assert caught.value.hint == "leave it out, or use --via qfupl, qsecwrite, qfotadl-path"


@pytest.mark.parametrize("via", Via)
def test_the_mistakes_of_a_way_are_taken(via: Via) -> None:
    mistakes = TAKES[via].mistakes
    assert plan(via=via, name="RAM:ca.pem", mistakes=mistakes, declared_bytes=7).declared == 7
    assert {Mistake.NO_WAIT_CONNECT, Mistake.PRINTLN} <= mistakes


@pytest.mark.parametrize(
    ("via", "idle_s"),
    [(Via.QFUPL, 5), (Via.QFWRITE, 5), (Via.QSECWRITE, 100), (Via.QFOTADL, 30)],
)
def test_each_way_has_its_own_time_out(via: Via, idle_s: int) -> None:
    assert plan(via=via, name="RAM:x").idle_s == idle_s


@pytest.mark.parametrize(
    "arguments",
    [{"upgrade_mode": 2}, {"download_urcs": 4}, {"download_urcs": 101}, {"update_urcs": 1}],
)
def test_arguments_of_an_upgrade_out_of_range(arguments: dict[str, int]) -> None:
    with pytest.raises(QuecsimError) as caught:
        FotaOptions(**arguments)
    assert caught.value.hint


def test_a_fresh_result_knows_the_file() -> None:
    result = UploadResult.of(plan(declared_bytes=7))
    assert (result.file_bytes, result.file_checksum, result.declared_bytes) == (1188, "2d13", 7)
    assert result.ok
    assert not result.verified


def test_a_file_that_is_no_certificate_is_noted_before_anything_is_sent() -> None:
    bad = AMAZON.replace(b"BEGIN CERT", b"BEGINCERT")
    (note,) = UploadResult.of(plan(data=bad)).notes
    assert note.startswith("line 1, -----BEGINCERTIFICATE----- should be")
    assert UploadResult.of(plan()).notes == []
    assert UploadResult.of(plan(data=bad, name="new.pack", via=Via.QFOTADL)).notes == []
