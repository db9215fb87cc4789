from dataclasses import replace

import pytest
from msgspec import structs

from quecsim.render.page.verdict import verdict_view
from quecsim.render.recorded import Recorded
from quecsim.report.air import BleReport, BleTransfer
from quecsim.report.model import Verdict
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


@pytest.fixture(scope="module")
def lossy() -> Recorded:
    return recorded(record("thread-57329"))


def test_the_sentence_and_what_to_do(lossy: Recorded) -> None:
    view = verdict_view(lossy)
    assert (view.head.word, view.head.tone, view.head.about) == ("lost", "bad", "ca.pem")
    assert view.head.sentence.startswith("153 bytes lost")
    assert view.others == []
    assert view.advice[0].advice.startswith("use ACK mode")


def test_a_file_that_was_uploaded_again_is_what_became_of_it(lossy: Recorded) -> None:
    (upload,) = lossy.report.uploads
    again = structs.replace(upload, verdict=Verdict.INTACT, sentence="all are stored")
    report = structs.replace(lossy.report, uploads=[upload, again])
    view = verdict_view(replace(lossy, report=report))
    assert view.head.word == "intact"
    assert [other.word for other in view.others] == ["lost"]


def test_a_write_that_went_well_makes_none_before_it_good(lossy: Recorded) -> None:
    (upload,) = lossy.report.uploads
    lost = structs.replace(upload, command="+QFWRITE", write=1)
    fine = structs.replace(lost, verdict=Verdict.INTACT, sentence="all are stored", write=2)
    for uploads, word in (((lost, fine), "lost"), ((lost, fine, lost, fine), "lost"),
                          ((lost, fine, structs.replace(fine, write=1)), "intact")):  # fmt: skip
        report = structs.replace(lossy.report, uploads=list(uploads))
        assert verdict_view(replace(lossy, report=report)).head.word == word


def test_the_worst_is_told_though_it_is_too_old_to_be_listed(lossy: Recorded) -> None:
    (upload,) = lossy.report.uploads
    fine = structs.replace(upload, verdict=Verdict.INTACT, sentence="all are stored")
    uploads = [upload, *(structs.replace(fine, name=f"{number}.pem") for number in range(50))]
    report = structs.replace(lossy.report, uploads=uploads)
    view = verdict_view(replace(lossy, report=report))
    assert (view.head.word, view.head.about) == ("lost", upload.name)


def test_a_check_knows_better_than_the_record(lossy: Recorded) -> None:
    passed = verdict_view(replace(lossy, has_passed=True, verdict="passed  x"))
    assert (passed.head.word, passed.head.tone) == ("passed", "good")
    failed = verdict_view(replace(lossy, has_passed=False))
    assert (failed.head.word, failed.head.about) == ("failed", "ca.pem")


def test_where_the_file_is_fine_the_blame_comes_first(lossy: Recorded) -> None:
    (upload,) = lossy.report.uploads
    fine = structs.replace(upload, verdict=Verdict.INTACT, sentence="all are stored")
    report = structs.replace(lossy.report, uploads=[fine])
    view = verdict_view(
        replace(lossy, report=report, has_passed=False, blame="it never waits", cure="wait")
    )
    assert view.head.sentence == "it never waits"
    assert [other.word for other in view.others] == ["intact"]
    assert view.advice[0].advice == "wait"


def test_nothing_at_all_is_an_answer_too(lossy: Recorded) -> None:
    nothing = "no upload was made, and no byte was lost"
    unended = recorded([lossy.start])
    ended = replace(unended, report=structs.replace(unended.report, is_ended=True))
    quiet = verdict_view(ended).head
    assert (quiet.word, quiet.sentence) == ("quiet", nothing)
    cut = verdict_view(unended).head
    assert (cut.word, cut.tone) == ("unfinished", "unsure")
    assert cut.sentence == f"{nothing}, as far as the record goes"


def test_many_uploads_are_counted(lossy: Recorded) -> None:
    (upload,) = lossy.report.uploads
    uploads = [structs.replace(upload, name=f"{number}.pem") for number in range(50)]
    view = verdict_view(replace(lossy, report=structs.replace(lossy.report, uploads=uploads)))
    assert len(view.others) == 19
    assert view.more == "30 earlier uploads: 30 lost"


def test_what_bluetooth_lost_is_an_answer(lossy: Recorded) -> None:
    transfer = BleTransfer(connection=1, uuid="fff2", way="up", sentence="20 bytes never came")
    report = structs.replace(lossy.report, uploads=[], ble=BleReport(transfers=[transfer]))
    view = verdict_view(replace(lossy, report=report))
    assert (view.head.word, view.head.tone) == ("lost", "bad")
    assert view.head.sentence == "Bluetooth LE: 20 bytes never came"
