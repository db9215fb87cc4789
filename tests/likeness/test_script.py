import pytest

from quecsim.errors import QuecsimError
from quecsim.likeness.script import default_script, drawn, filled, script_of
from quecsim.scenario.journey import Turn


def test_ours_touches_its_own_files_alone() -> None:
    """Each name of a file is one that nobody has; what makes one is followed by its end."""
    script = default_script()
    said = [step.text for step in script.steps]
    named = [text for text in said if '"' in text and "AT+QF" in text]
    assert named
    assert all('{file}"' in text or '{file2}"' in text or "QFLDS" in text for text in named)
    assert not any("*" in text for text in named)
    last_made = max(
        place for place, text in enumerate(said) if "QFUPL=" in text or "QFOPEN=" in text
    )
    assert 'AT+QFDEL="{file}"' in said[last_made:]
    assert script.files == 2
    assert script.sent_bytes < 10_000


def test_ours_says_nothing_that_stays() -> None:
    stays = ("&W", "+IPR=", "+IFC=", "+ICF=", "+CFUN", "+QPOWD", "+QRST", "+CMGS", "+QFOTADL")
    lines = [step.text.removesuffix("=?") + "=?" * step.text.endswith("=?")
             for step in default_script().steps]  # fmt: skip
    said = [line for line in lines if not line.endswith(("?", "=?"))]
    assert said
    assert not [line for line in said if any(word in line for word in stays)]


def test_a_script_is_written_as_a_dialogue_is() -> None:
    script = script_of("# why\n> AT\n\n>> @130\n~ 20\n... OK\n", "mine")
    assert [step.turn for step in script.steps] == [
        Turn.SEND, Turn.SEND_BYTES, Turn.PAUSE, Turn.EXPECT_LATER,
    ]  # fmt: skip
    assert script.data == {"130": drawn(130)}


def test_what_is_drawn_is_the_same_each_time_and_has_lines() -> None:
    assert drawn(1000) == drawn(1000)
    assert len(drawn(1000)) == 1000
    assert drawn(1000)[:100] == drawn(100)
    assert drawn(1000).count(b"\n") == 15
    assert drawn(0) == b""


def test_only_our_own_words_are_filled_in() -> None:
    values = {"file": "A.TMP", "handle": "3"}
    assert filled("AT+X={handle},{file},{other}", values) == "AT+X=3,A.TMP,{other}"
    assert filled("{file2}", values) == "{file2}"


@pytest.mark.parametrize("text", ["", "# nothing\n", "~ 100\n... OK\n"])
def test_a_script_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(QuecsimError, match="says nothing"):
        script_of(text, "mine")


def test_a_mistake_is_told_with_its_line() -> None:
    with pytest.raises(QuecsimError, match="line 2") as caught:
        script_of("> AT\nAT\n", "mine.txt")
    assert caught.value.where == "mine.txt"
