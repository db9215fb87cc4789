"""How a dialogue is written, and what is wrong with one, line by line."""

import pytest

from quecsim.errors import QuecsimError
from quecsim.scenario.journey import Content, Journey, Step, Turn, steps_of


def journey(dialogue: str) -> Journey:
    return Journey(dialogue=dialogue, data={"page": Content(text="hello")})


def test_each_kind_of_line() -> None:
    text = (
        "# first\n\n> AT\n< OK\n... +QIURC: *\n< >\n"
        ">> a\\x1ab\\r\n>> @page\n<< 12\n<< @page\n~ 1500\n"
    )
    assert steps_of(journey(text)) == [
        Step(Turn.SEND, 3, "AT"),
        Step(Turn.EXPECT, 4, "OK"),
        Step(Turn.EXPECT_LATER, 5, "+QIURC: *"),
        Step(Turn.PROMPT, 6, ">"),
        Step(Turn.SEND_BYTES, 7, "a\\x1ab\\r"),
        Step(Turn.SEND_BYTES, 8, "@page", name="page"),
        Step(Turn.EXPECT_BYTES, 9, "12", 12),
        Step(Turn.EXPECT_BYTES, 10, "@page", name="page"),
        Step(Turn.PAUSE, 11, "1500", 1500),
    ]
    assert steps_of(journey(text))[4].data == b"a\x1ab\r"


@pytest.mark.parametrize(
    ("dialogue", "message"),
    [
        ("> AT\nOK", "line 2 of the journey: 'OK' begins no step"),
        ("> AT\n>> @other", "line 2 of the journey: there is no data.other (page)"),
        ("~ soon", "line 1 of the journey: 'soon' is no number"),
        ("<< -1", "line 1 of the journey: '-1' is no number"),
        (">> \\q", "line 1 of the journey: '\\\\q' stands for nothing"),
        (">> \\xz1", "line 1 of the journey: '\\\\xz1' stands for nothing"),
        ("> ", "line 1 of the journey: nothing stands behind '>'"),
        ("~ 1\n" * 2001, "more than 2000 lines"),
    ],
)
def test_what_is_none_is_told_by_its_line(dialogue: str, message: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        steps_of(journey(dialogue))
    assert message in str(caught.value)
