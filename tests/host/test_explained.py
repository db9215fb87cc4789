"""What happened to an upload, from what the device says of it."""

import random
from collections import Counter

import pytest

from quecsim.checksum import checksum, checksum_text
from quecsim.host.explained import explained
from quecsim.host.plan import UploadPlan, UploadResult, Via
from quecsim.host.uploader import upload
from quecsim.run.device_run import new_run
from quecsim.scenario.options import make_scenario
from quecsim.scenario.schema import Stall
from quecsim.virtual.port import VirtualPort
from tests.explanation.damage import certificate_like
from tests.host.qfupl_peer import QfuplPeer
from tests.host.qfwrite_peer import QfwritePeer
from tests.test_checksum import AMAZON

PLAN = UploadPlan("UFS:ca.pem", AMAZON)
COMMAND = b'AT+QFUPL="UFS:ca.pem",1188,5\r'


def said(size: int | None, text: str | None, listed: int | None = None) -> UploadResult:
    result = UploadResult.of(PLAN)
    result.reported_bytes, result.reported_checksum, result.listed_bytes = size, text, listed
    return result


def of_content(content: bytes) -> UploadResult:
    return said(len(content), checksum_text(checksum(content)))


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (said(None, None), ""),
        (said(1188, None), ""),
        (said(1188, "2d13"), ""),
        (said(1143, None), ""),  # it is 45 bytes short, as is said anyway
        (said(None, None, 1143), ""),
        (said(None, None, 1208), "all of the file came, with each line end sent as CR LF, if"),
        (said(389, "41e"), "only one line in 3 came: 1, 4, 7, 10, 13, 16 and 19"),
        (of_content(AMAZON[:512] + AMAZON[536:]), "24 bytes are missing: bytes 512 to 535"),
        (of_content((COMMAND + AMAZON)[:1188]), '`AT+QFUPL="UFS:ca.pem",1188,5\\r` is the head'),
        (said(1188, "8080"), "no story fits: bytes above 0x7f"),
    ],
)
def test_what_the_numbers_tell(result: UploadResult, words: str) -> None:
    found = explained(PLAN, result, [b"ATE0\r", COMMAND])

    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_a_story_that_is_no_guess_says_what_to_do() -> None:
    assert explained(PLAN, of_content(AMAZON + b"\0"), []).endswith(
        "with a NUL (0x00) behind it -> write strlen bytes, not sizeof"
    )


def test_a_package_is_explained_by_its_own_errors() -> None:
    plan = UploadPlan("x", AMAZON, via=Via.QFOTADL)
    assert explained(plan, of_content(AMAZON[:-1]), []) == ""


def test_what_is_read_back_leaves_nothing_to_chance() -> None:
    port = QfwritePeer()
    port.flipped = {100}

    result = upload(port, UploadPlan("ca.pem", AMAZON, via=Via.QFWRITE), sleep=port.sleep)

    assert "of one byte" in result.explanation
    assert ": byte 100 (in line 3)" in result.explanation


def test_what_a_device_has_lost_is_what_is_explained() -> None:
    """Rings and stalls that are drawn: one stretch is lost, and the two numbers find it."""
    source = random.Random(5)
    found: Counter[bool] = Counter()
    for _ in range(24):
        data = certificate_like(source.randbytes(source.randint(500, 1100)))
        stall = Stall(stall_ms=source.randint(20, 80), at_byte=source.randint(1, 900))
        ring = source.randint(300, 700)
        run = new_run(make_scenario("ec200u", ring_bytes=ring, data_bytes=256, stalls=[stall]))
        run.start()
        port = VirtualPort(run.rig)
        result = upload(port, UploadPlan("UFS:x.pem", data, chunk_bytes=4096), sleep=port.sleep)
        losses = run.report(port.now_ns).uploads[-1].losses
        if len(losses) != 1:
            assert bool(losses) is bool(result.explanation)
            continue
        at = losses[0].at_byte or 0
        last = at + losses[0].count - 1
        words = result.explanation
        found[f"bytes {at} to {last}" in words or f"the first {at} bytes came" in words] += 1

    assert found[True] >= 8
    assert found[False] <= 1  # of two places that fit, the text names both, and no last byte


def test_nothing_is_explained_where_all_is_well() -> None:
    port = QfuplPeer()
    assert upload(port, PLAN, sleep=port.sleep).explanation == ""
