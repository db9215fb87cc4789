import pytest
from msgspec.structs import replace

from quecsim.report import files
from quecsim.report.files import FileStates, deciding
from quecsim.report.model import Upload, Verdict
from tests.report.test_verdict import UPLOAD

GOOD = replace(UPLOAD, verdict=Verdict.INTACT)
BAD = replace(UPLOAD, verdict=Verdict.LOST)
PIECE, BAD_PIECE = replace(GOOD, command="+QFWRITE"), replace(BAD, command="+QFWRITE")


def _after(*uploads: Upload) -> bool:
    states = FileStates()
    for upload in uploads:
        states.finish(upload, is_named=True)
    return states.fell_short


def test_the_last_upload_of_a_name_decides() -> None:
    assert not _after()
    assert not _after(BAD, GOOD)
    assert _after(GOOD, BAD)
    assert _after(BAD, replace(GOOD, name="other"))


def test_pieces_add_up_until_the_file_begins_anew() -> None:
    assert _after(BAD_PIECE, PIECE)
    assert not _after(BAD_PIECE, GOOD)
    states = FileStates()
    states.finish(BAD_PIECE, is_named=True)
    states.renew("x")
    assert states.fell_short  # opening it again repairs nothing by itself
    states.finish(PIECE, is_named=True)
    assert not states.fell_short


def test_of_several_writes_the_last_that_fell_short_decides() -> None:
    short, good = replace(BAD_PIECE, write=1), replace(PIECE, write=2)
    assert deciding([BAD, GOOD]) is GOOD
    assert deciding([short, good]) is short
    assert deciding([short, good, anew := replace(PIECE, write=1)]) is anew
    assert deciding([anew, good]) is good


def test_a_nameless_refusal_is_made_good_by_any_upload() -> None:
    states = FileStates()
    states.finish(BAD, is_named=False)
    assert states.fell_short
    states.finish(BAD_PIECE, is_named=True)
    states.finish(GOOD, is_named=True)
    assert not states.fell_short


def test_only_short_files_take_room_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_NAMES", 2)
    states = FileStates()
    for number in range(100):
        states.finish(replace(GOOD, name=f"good{number}"), is_named=True)
        states.renew(f"other{number}")
    assert not states._short | states._renewed
    for name in ("a", "b", "c", "a"):
        states.finish(replace(BAD, name=name), is_named=True)
    assert states._short == {"a", "b"}
    for name in ("a", "b", "c"):
        states.finish(replace(GOOD, name=name), is_named=True)
    assert states.fell_short, "the third was not told apart, so it cannot be made good"


def test_a_short_file_that_is_deleted_is_not_made_good() -> None:
    states = FileStates()
    states.finish(BAD, is_named=True)
    states.renew("x")
    assert states.fell_short
    states.finish(GOOD, is_named=True)
    assert not states.fell_short
