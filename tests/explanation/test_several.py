"""Several attempts with one file."""

from quecsim.explanation import Certainty, Told, explain
from tests.explanation.damage import told
from tests.test_checksum import AMAZON

CRLF = AMAZON.replace(b"\n", b"\r\n")


def without(place: int, count: int, data: bytes = AMAZON) -> bytes:
    return data[:place] + data[place + count :]


def test_holes_at_other_places_each_time_are_one_kind_of_story_and_surer_together() -> None:
    attempts = [told(without(777, 31)), told(without(100, 53))]

    alone = [explain(AMAZON, each) for each in attempts]
    found = explain(AMAZON, attempts)

    assert Certainty.CLEAR not in [each.certainty for each in alone]
    assert found.certainty is Certainty.CLEAR
    assert [(each.kind, each.attempt) for each in found.stories[:2]] == [("hole", 1), ("hole", 2)]
    assert found.told == attempts
    assert found.tried_count == sum(each.tried_count for each in alone)


def test_a_story_that_fits_all_ranks_above_one_that_fits_one_alone() -> None:
    """Of one the last line end is missing, or its CR LF version has a hole, as the other's has."""
    attempts = [told(CRLF), told(CRLF[:-2])]

    found = explain(AMAZON, attempts)

    assert found.stories[0].kind == "line-ends"


def test_two_causes_are_told_as_two() -> None:
    found = explain(AMAZON, [told(AMAZON + b"\x1a"), told(CRLF)])

    assert found.sentence == (
        "no one kind of story fits every attempt; attempt 1: all of the file came, with a SUB"
        " (Ctrl-Z, 0x1a) behind it; attempt 2: all of the file came, with each line end sent as"
        " CR LF"
    )


def test_the_same_each_time() -> None:
    found = explain(AMAZON, [Told(389, 0x41E)] * 3)

    assert found.sentence.endswith("; the same in each of 3 attempts, so no accident of the line")
    assert len(found.told) == 3


def test_attempts_that_went_well_are_no_evidence_against_a_loss() -> None:
    found = explain(AMAZON, [told(AMAZON), told(without(512, 24)), told(AMAZON)])

    assert found.stories[0].kind == "block-hole"
    assert found.sentence.endswith("; so it was in 1 of 3 attempts, and the others went well")
    assert not found.is_same


def test_all_went_well() -> None:
    assert explain(AMAZON, [told(AMAZON)] * 2).is_same


def test_losses_that_begin_at_the_same_byte() -> None:
    found = explain(AMAZON, [told(without(512, 24)), told(without(512, 60))])

    assert found.sentence.endswith("; each time from byte 512 on")


def test_one_attempt_that_nothing_explains() -> None:
    found = explain(AMAZON, [told(AMAZON + b"\x1a"), Told(1188, 0x8081)])

    assert found.certainty is Certainty.NONE
    assert "attempt 2: no story fits" in found.sentence
