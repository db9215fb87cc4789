"""The vectors that real modules have printed, and what the answer says of itself."""

import base64
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quecsim
from quecsim.errors import QuecsimError
from quecsim.explanation import (
    Certainty,
    Stretch,
    Told,
    explain,
    explain_content,
    read_told,
)
from quecsim.explanation.base import bytes_of
from quecsim.explanation.guess import Case
from quecsim.explanation.search import answer, ranked, trials_of
from tests.explanation.damage import FEW, FILES, certificate_like, told
from tests.test_checksum import AMAZON

SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("1188,2d13", "same", "size and checksum are those of the file"),
        ("1187,2d19", "last-newline", "the last line end left out"),
        ("1208,5769", "line-ends", "each line end sent as CR LF"),
        ("389,41e", "lines-kept", "only one line in 3 came: 1, 4, 7, 10, 13, 16 and 19"),
        ("28,6c53", "cut", "the first 28 bytes came"),
        ("29,6653", "cut", "the first 29 bytes came"),
    ],
)
def test_what_real_modules_have_said_of_a_public_certificate(
    said: str, kind: str, words: str
) -> None:
    found = explain(AMAZON, read_told(said))

    assert found.stories[0].kind == kind
    assert words in found.sentence
    assert found.certainty is Certainty.CLEAR


def test_the_lines_that_came_are_those_of_the_capture() -> None:
    best = explain(AMAZON, read_told("+QFUPL: 389,041E")).stories[0]

    assert best.lines == [number for number in range(1, 21) if number % 3 != 1]
    assert "CR LF" in best.sentence


def test_it_is_a_public_name() -> None:
    assert quecsim.explain(AMAZON, Told(1188, 0x2D13)).is_same


def test_a_size_that_nobody_says_and_a_file_too_large() -> None:
    with pytest.raises(QuecsimError, match="no module says"):
        explain(AMAZON, Told(-1, 0))
    with pytest.raises(QuecsimError, match="no module says"):
        explain(AMAZON, Told(1, 0x10000))
    with pytest.raises(QuecsimError, match="nothing to explain"):
        explain(AMAZON, [])
    with pytest.raises(QuecsimError, match="the file has 67108865 bytes"):
        explain(bytes((64 << 20) + 1), Told(1, 0))


@pytest.mark.parametrize(
    ("data", "said", "sentence"),
    [
        (b"", Told(0, 0), "the file is empty, on both sides"),
        (b"", Told(3, 0x1234), "no story fits: the module has 3 bytes more than the file"),
        (b"", Told(1, 0x1234), "no story fits: the module has 1 byte more than the file"),
        (b"x", Told(0, 0), "nothing of the file came"),
        (b"x", Told(1, 0x7800), "size and checksum are those of the file"),
        (b"x", Told(2, 0x7800), "all of the file came, with a NUL (0x00) behind it"),
        (AMAZON, Told(0, 0), "nothing of the file came"),
        (AMAZON, Told(0, 7), "no story fits"),
        (AMAZON, Told(1 << 31, 7), "no story fits"),
    ],
)
def test_the_smallest_and_the_impossible(data: bytes, said: Told, sentence: str) -> None:
    assert explain(data, said).sentence.startswith(sentence)


def test_a_large_file_is_taken_whole_and_that_holes_were_not_looked_for_is_said() -> None:
    data = random.Random(3).randbytes(5 << 20)

    whole = explain(data, told(data + b"\x1a"))
    holed = explain(data, told(data[:1000] + data[1010:]))

    assert whole.certainty is Certainty.CLEAR
    assert "SUB" in whole.sentence
    assert holed.certainty is Certainty.NONE
    assert holed.sentence == (
        "no story fits: 10 bytes are missing, and a hole was not looked for: in more than 4 MiB any"
        " checksum fits somewhere"
    )


def test_it_is_ready_for_json() -> None:
    read = json.loads(explain(AMAZON, Told(389, 0x41E)).to_json())

    assert read["certainty"] == "clear"
    assert read["told"] == [{"size": 389, "checksum": 0x41E}]
    assert read["stories"][0]["kind"] == "lines-kept"
    assert read["stories"][0]["missing"][0] == {"offset": 28, "count": 130}


@FEW
@given(FILES, st.integers(0, 0xFFFF), st.integers(-40, 3))
def test_whatever_is_told_each_story_fits_both_numbers(data: bytes, total: int, more: int) -> None:
    """`ranked` asserts it of the bytes themselves; here, that the counts and the hedge agree."""
    case = Case(data, Told(len(data) + more, total))
    trials = trials_of(case)

    found, fits = answer(case, trials), ranked(case, trials)

    assert len(found.stories) <= 20
    assert found.fit_count == sum(each.fit for each in trials) >= len(found.stories)
    assert bool(fits) is bool(found.stories)
    assert ("may be chance" in found.sentence) is (found.certainty is Certainty.CHANCE)
    assert found.sentence.startswith("probably") is (found.certainty is Certainty.LIKELY)
    assert all(one.unlikely_bits <= two.unlikely_bits for one, two in pairwise(found.stories))
    if found.certainty is Certainty.CLEAR:
        assert found.stories[0].chance_ppm < 10_000
        assert all(each.bits > fits[0].bits + 3 for each in fits[1:])


def test_how_sure_it_says_it_is_it_is() -> None:
    """Files that are another, or have two holes, have no right story: how often is one claimed?

    And of single holes, how often is the claim wrong?
    """
    source = random.Random(11)
    claims: Counter[Certainty] = Counter()
    wrong = 0
    for _ in range(40):
        data = certificate_like(source.randbytes(source.randint(500, 900)))
        other = source.randbytes(len(data) - source.randint(0, 60)).translate(SEVEN_BITS)
        claims[explain(data, told(other)).certainty] += 1
        place, count = source.randrange(1, len(data) - 60), source.randint(2, 60)
        got = data[:place] + data[place + count :]
        case = Case(data, told(got))
        trials = trials_of(case)
        is_claimed = answer(case, trials).certainty in (Certainty.CLEAR, Certainty.LIKELY)
        wrong += is_claimed and bytes_of(ranked(case, trials)[0].mix) != got

    assert claims[Certainty.CLEAR] <= 1  # one in a hundred, by its own words
    assert claims[Certainty.LIKELY] <= 8  # one in ten
    assert claims[Certainty.CHANCE] > 5
    assert wrong <= 3


@FEW
@given(FILES, st.integers(3, 90), st.data())
def test_where_the_content_is_known_no_chance_and_no_other_place_is_left(
    data: bytes, count: int, draw: st.DataObject
) -> None:
    place = draw.draw(st.integers(1, len(data) - count - 1))
    content = data[:place] + data[place + count :]

    found = explain_content(data, content)

    assert found.certainty is Certainty.CLEAR
    assert "at one of" not in found.sentence
    missing = found.stories[0].missing
    assert b"".join(data[a:b] for a, b in _kept(missing, len(data))) == content


def _kept(missing: Sequence[Stretch], size: int) -> Iterator[tuple[int, int]]:
    edges = [0, *(edge for each in missing for edge in (each.offset, each.offset + each.count))]
    edges.append(size)
    yield from zip(edges[::2], edges[1::2], strict=True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (AMAZON, "size and checksum are those of the file"),
        (AMAZON[:100] + b"\0" + AMAZON[101:], "are turned over: byte 100 (in line 3)"),
        (AMAZON[:100] + b"12345678" + AMAZON[108:], "no story fits: the size is that of the file"),
        (AMAZON[64:128] + AMAZON[:64] + AMAZON[128:], "no story fits"),
    ],
)
def test_content_that_differs_and_content_that_no_story_makes(
    content: bytes, sentence: str
) -> None:
    assert sentence in explain_content(AMAZON, content).sentence


def test_the_time_grows_as_the_file_does() -> None:
    """Processor time, so that others on the machine do not count: 4 times the data, no more."""
    source = random.Random(2)
    large = base64.encodebytes(source.randbytes(196_608))

    took = [_took_s(large[: len(large) // part]) for part in (4, 1)]

    assert took[1] < 10 * took[0]


def _took_s(data: bytes) -> float:
    got = data[:1001] + data[1300:]
    begin_s = time.process_time()
    explain(data, told(got))
    return time.process_time() - begin_s
