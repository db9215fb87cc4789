"""The chapters tell what their uploads were."""

import pytest

from quecsim.demo.excerpt import excerpt
from quecsim.demo.outcomes import Outcomes
from quecsim.demo.play import play
from quecsim.demo.story import CHAPTERS, Chapter
from quecsim.demo.told import Look, blocks_text, heading
from quecsim.demo.ways import CARGOES, WAYS


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    return Outcomes([play(way, CARGOES[0], is_quick=True) for way in WAYS])


def told(chapter: Chapter, outcomes: Outcomes) -> str:
    return blocks_text(chapter.tell(outcomes), Look())


def test_every_way_is_played_once() -> None:
    played = [way for chapter in CHAPTERS for way in chapter.played()]
    assert sorted(way.key for way in played) == sorted(way.key for way in WAYS)


def test_chapters_are_numbered() -> None:
    assert heading(2, CHAPTERS).startswith("2/7  From a PC it arrives\n---")


@pytest.mark.parametrize("is_quick", [True, False])
def test_no_chapter_is_wider_than_80_columns(outcomes: Outcomes, is_quick: bool) -> None:
    for chapter in CHAPTERS:
        text = f"{blocks_text(chapter.begin(is_quick), Look())}\n{told(chapter, outcomes)}"
        assert max(map(len, text.split("\n"))) <= 80, chapter.title
        assert "\x1b" not in text


def test_the_whole_story_is_told(outcomes: Outcomes) -> None:
    texts = [" ".join(told(chapter, outcomes).split()) for chapter in CHAPTERS]
    assert "All 1188 bytes are stored" in texts[1]
    assert "!! LOST 153 bytes, 1024..1176 of ca.pem" in texts[2]
    assert "Byte 1024 of the certificate (counted from 0) is the first" in texts[3]
    assert "the sender was held for" in texts[4]
    assert "NOT let in (+QMTOPEN: 0,5)" in texts[5]
    assert texts[5].count(": let in.") == 4
    assert "thread 57329" in texts[6]


def test_an_excerpt_is_the_upload_and_nothing_else(outcomes: Outcomes) -> None:
    for way in WAYS:
        lines = excerpt(outcomes.of(way.key, CARGOES[0])).split("\n")
        assert 'AT+QFUPL="UFS:ca.pem",1188' in lines[0]
        assert "CONNECT" in lines[1]
        assert "QMTOPEN" not in "".join(lines)
