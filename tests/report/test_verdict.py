import pytest
from msgspec.structs import replace

from quecsim.report.model import EarlyBytes, Upgrade, Upload, Verdict
from quecsim.report.verdict import bytes_text, judge

UPLOAD = Upload(
    command="+QFUPL", name="x", size=100, ack=False, begin_ns=0, end_ns=9, start=10, end=110,
    sent=100, stored=100, lost=0, eaten=0, losses=[], early=EarlyBytes(), swallowed=[], stray=0,
    held_ns=0, ring_peak_bytes=0, ended="size", result="OK", verdict=Verdict.WAITING, sentence="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({}, Verdict.INTACT, "all 100 bytes are stored"),
        ({"lost": 1, "stored": 99, "ended": "idle"}, Verdict.LOST, "1 byte lost; 99 of 100"),
        ({"lost": 5}, Verdict.LOST, "the bytes sent after it filled the gap"),
        ({"stored": 60, "ended": "idle"}, Verdict.SHORT, "only 60 of 100 bytes came before the"),
        ({"stored": 60, "ended": "escape"}, Verdict.SHORT, "ended it with +++; none was lost"),
        ({"result": "", "ended": "power"}, Verdict.UNFINISHED, "power went before the file was cl"),
        ({"size": 0, "stored": 0, "result": "", "ended": "power"}, Verdict.UNFINISHED, "answered"),
        ({"result": "+CME ERROR: 409", "error": 409}, Verdict.REFUSED,
         "(fail to write the file), though all"),
        ({"ended": "", "size": 0, "result": "+CME ERROR: 423", "error": 423},
         Verdict.REFUSED, "(file too large)"),
        ({"ended": "", "size": 0, "result": "ERROR", "error": 407}, Verdict.REFUSED,
         "the answer was ERROR (407, file already existed)"),
        ({"ended": "", "size": 0, "result": "+CME ERROR: file already existed", "error": 407},
         Verdict.REFUSED, "the answer was +CME ERROR: file already existed (407)"),
        ({"ended": "", "size": 0, "result": "ERROR"}, Verdict.REFUSED, "the answer was ERROR"),
        ({"ended": "", "size": 0, "result": "+CME ERROR: 4012", "error": 4012}, Verdict.REFUSED,
         "the answer was +CME ERROR: 4012 (file exists already)"),
        ({"command": "+QFOTADL", "early": EarlyBytes(7)}, Verdict.INTACT,
         "; 7 bytes came before FILESTART"),
        ({"command": "+QFOTADL", "early": EarlyBytes(thrown_away=4)}, Verdict.SHORT,
         "4 bytes sent before FILESTART were thrown away"),
        ({"early": EarlyBytes(thrown_away=4)}, Verdict.SHORT, "4 bytes sent before CONNECT were"),
        ({"early": EarlyBytes(7)}, Verdict.INTACT, "; 7 bytes came before CONNECT"),
        ({"stray": 2}, Verdict.INTACT, "2 bytes sent after the file met the command line"),
        ({"stray": 2, "surplus": 1}, Verdict.SURPLUS, "all 100 bytes are stored; 2 bytes sent af"),
        ({"mistake": "'ATI' became file data"}, Verdict.WRONG,
         "all 100 bytes came, but 'ATI' became file data"),
        ({"altered": 1}, Verdict.WRONG, "1 byte was altered on the line"),
        ({"command": "+QFWRITE", "write": 2, "file_bytes": 220}, Verdict.INTACT,
         "write 2: all 100 bytes are stored; the file has 220 bytes now"),
    ],
)  # fmt: skip
def test_a_word_and_a_sentence(changes: dict[str, object], verdict: Verdict, words: str) -> None:
    upload = judge(replace(UPLOAD, **changes), is_over=True)
    assert upload.verdict is verdict
    assert words in upload.sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sent": 40, "stored": 0}, "still waiting for 60 of 100 bytes"),
        ({"sent": 100, "lost": 8, "stored": 0}, "still waiting for 8 of 100 bytes; 8 were lost"),
        ({"sent": 100, "stored": 50}, "50 of 100 bytes stored, the rest is on its way"),
        ({"size": 0, "sent": 0, "stored": 0}, "the command has not been answered yet"),
    ],
)
def test_what_it_waits_for(changes: dict[str, object], words: str) -> None:
    upload = judge(replace(UPLOAD, ended="", result="", **changes), is_over=False)
    assert upload.verdict is Verdict.WAITING
    assert words in upload.sentence


PACKAGE = replace(UPLOAD, command="+QFOTADL", name="firmware package")
TORN = "the device does not start any more; --restore brings it back"


@pytest.mark.parametrize(
    ("result", "upgrade", "verdict", "sentence"),
    [
        ("OK", Upgrade.WAITS, Verdict.INTACT,
         "all 100 bytes are stored; the upgrade waits for a restart"),
        ("OK", Upgrade.RUNS, Verdict.WAITING,
         "all 100 bytes came; the upgrade is going on: keep the device powered"),
        ("END,0", Upgrade.ENDED, Verdict.INTACT,
         "all 100 bytes are stored, and the upgrade ended well (END,0)"),
        ("END,506", Upgrade.ENDED, Verdict.REFUSED,
         "the answer was END,506 (the package is damaged, or is no package), though all 100 bytes "
         "came"),
        ("OK", Upgrade.STOPPED, Verdict.UNFINISHED,
         "all 100 bytes came, but the power went before the upgrade was over"),
        ("OK", Upgrade.BROKEN, Verdict.BROKEN, f"the power went during the upgrade: {TORN}"),
        ("END,504", Upgrade.BROKEN, Verdict.BROKEN,
         f"the upgrade failed (END,504) and left no firmware: {TORN}"),
        ("OK", Upgrade.RESTORED, Verdict.BROKEN,
         "the power went during the upgrade; the factory's firmware was put back after that"),
    ],
)  # fmt: skip
def test_how_an_upgrade_ends(
    result: str, upgrade: Upgrade, verdict: Verdict, sentence: str
) -> None:
    changed = replace(PACKAGE, result=result, upgrade=upgrade)
    upload = judge(changed, is_over=True)
    assert (upload.verdict, upload.sentence) == (verdict, sentence)


@pytest.mark.parametrize(
    ("result", "upgrade", "verdict", "sentence"),
    [
        ("", Upgrade.WAITS, Verdict.INTACT, "the upgrade waits for a restart"),
        ("", Upgrade.RUNS, Verdict.WAITING, "the upgrade is going on: keep the device powered"),
        ("END,0", Upgrade.ENDED, Verdict.INTACT, "the upgrade ended well (END,0)"),
        ("END,504", Upgrade.ENDED, Verdict.REFUSED, "the upgrade ended with END,504 (the package "
         "is not for this firmware, or the upgrade failed)"),
        ("", Upgrade.STOPPED, Verdict.UNFINISHED, "the power went before the upgrade was over"),
        ("", Upgrade.BROKEN, Verdict.BROKEN, f"the power went during the upgrade: {TORN}"),
    ],
)  # fmt: skip
def test_one_that_another_run_began(
    result: str, upgrade: Upgrade, verdict: Verdict, sentence: str
) -> None:
    none = {"size": 0, "sent": 0, "stored": 0, "ended": ""}
    changed = replace(PACKAGE, result=result, upgrade=upgrade, **none)
    upload = judge(changed, is_over=True)
    assert (upload.verdict, upload.sentence) == (verdict, sentence)


def test_a_loss_that_the_upgrade_found_out() -> None:
    changed = replace(PACKAGE, lost=5, result="END,506", upgrade=Upgrade.ENDED)
    upload = judge(changed, is_over=True)
    assert upload.verdict is Verdict.LOST
    assert upload.sentence.endswith("; the upgrade ended with END,506 (the package is damaged, or "
                                    "is no package)")  # fmt: skip


def test_bytes_lost_on_the_way_to_a_good_package_are_no_harm() -> None:
    """The host sent too early, and once more: what the device has checked is whole."""
    changed = replace(PACKAGE, lost=5, result="END,0", upgrade=Upgrade.ENDED)
    assert judge(changed, is_over=True).verdict is Verdict.INTACT


def test_the_upgrade_runs_even_with_a_hole_in_its_package() -> None:
    changed = replace(PACKAGE, lost=5, upgrade=Upgrade.RUNS)
    assert judge(changed, is_over=True).verdict is Verdict.WAITING


def test_before_connect_it_waits_for_that() -> None:
    asked = replace(UPLOAD, sent=0, stored=0, ended="", result="")
    upload = judge(asked, is_over=False, is_open=False)
    assert upload.sentence == (
        "100 bytes announced; the command has not been answered yet: waiting for CONNECT"
    )
    cut = judge(replace(asked, ended="power"), is_over=True, is_open=False)
    assert (cut.verdict, cut.sentence) == (
        Verdict.UNFINISHED,
        "100 bytes announced; the power went before the command was answered",
    )


def test_one_byte_is_not_bytes() -> None:
    assert (bytes_text(1), bytes_text(0), bytes_text(2)) == ("1 byte", "0 bytes", "2 bytes")
