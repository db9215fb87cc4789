"""The body of a line to calls: basic and extended commands, four forms, quoted strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.at.grammar import Argument, Call, Form, parse_body
from quecsim.at.results import AtError


def bare(text: str) -> Argument:
    return Argument(text, is_quoted=False)


def quoted(text: str) -> Argument:
    return Argument(text, is_quoted=True)


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        ("", []),
        ("E0", [Call("E", Form.WRITE, (bare("0"),))]),
        ("e", [Call("E", Form.EXECUTE)]),
        ("&W0", [Call("&W", Form.WRITE, (bare("0"),))]),
        ("&f", [Call("&F", Form.EXECUTE)]),
        (
            "E0V1&D0",
            [
                Call("E", Form.WRITE, (bare("0"),)),
                Call("V", Form.WRITE, (bare("1"),)),
                Call("&D", Form.WRITE, (bare("0"),)),
            ],
        ),
        ("S3?", [Call("S3", Form.READ)]),
        ("s3=13", [Call("S3", Form.WRITE, (bare("13"),))]),
        ("S0=", [Call("S0", Form.WRITE, (None,))]),
        ("S3=13E0", [Call("S3", Form.WRITE, (bare("13"),)), Call("E", Form.WRITE, (bare("0"),))]),
        ("S5=?", [Call("S5", Form.TEST)]),
        ("E?", [Call("E", Form.READ)]),
        ("E=?", [Call("E", Form.TEST)]),
        ("+CSQ", [Call("+CSQ", Form.EXECUTE)]),
        ("+csq", [Call("+CSQ", Form.EXECUTE)]),
        ("+CSQ?", [Call("+CSQ", Form.READ)]),
        ('+QCFG="usbifc"?', [Call("+QCFG", Form.READ, (quoted("usbifc"),))]),
        (
            '+QCFG="a;b"?;+CSQ?',
            [Call("+QCFG", Form.READ, (quoted("a;b"),)), Call("+CSQ", Form.READ)],
        ),
        ("+CSQ=?", [Call("+CSQ", Form.TEST)]),
        ("+CMEE=2", [Call("+CMEE", Form.WRITE, (bare("2"),))]),
        ("+CMEE=", [Call("+CMEE", Form.WRITE, (None,))]),
        ("+A=1,,3", [Call("+A", Form.WRITE, (bare("1"), None, bare("3")))]),
        ("+A=,", [Call("+A", Form.WRITE, (None, None))]),
        ('+A="",1', [Call("+A", Form.WRITE, (quoted(""), bare("1")))]),
        ('+A="1"', [Call("+A", Form.WRITE, (quoted("1"),))]),
        ('+A="a,b;c",2', [Call("+A", Form.WRITE, (quoted("a,b;c"), bare("2")))]),
        ('+A="a b" , 2', [Call("+A", Form.WRITE, (quoted("a b"), bare("2")))]),
        (" + C S Q ", [Call("+CSQ", Form.EXECUTE)]),
        ("+CSQ;", [Call("+CSQ", Form.EXECUTE)]),
        (";;+CSQ", [Call("+CSQ", Form.EXECUTE)]),
        (
            '+A="x;y";+B?;E1',
            [
                Call("+A", Form.WRITE, (quoted("x;y"),)),
                Call("+B", Form.READ),
                Call("E", Form.WRITE, (bare("1"),)),
            ],
        ),
        ("E0+CSQ", [Call("E", Form.WRITE, (bare("0"),)), Call("+CSQ", Form.EXECUTE)]),
        ("+A=?;+B", [Call("+A", Form.TEST), Call("+B", Form.EXECUTE)]),
        ("+A=?x", [Call("+A", Form.WRITE, (bare("?x"),))]),
    ],
)
def test_bodies(body: str, calls: list[Call]) -> None:
    """V.250 5.3 and 5.4."""
    assert list(parse_body(body)) == calls


@pytest.mark.parametrize(
    "body",
    ["1", "?", "=", "+", "+1", "#", "\xe9", "+CSQ!?x", '+A="x', '+A="x"y', '+A=x"y"', "&", "&1",
     "S3=-1", "S3=1.5", 'S3=""', "S3=13,", "S3?1", "S3=?1", "S3=13-1", "E-1", "E=1", "E1,0",
     "&F=1", "&W.", "Z\x7f", "E1=?0"],
)  # fmt: skip
def test_what_is_no_command(body: str) -> None:
    with pytest.raises(AtError) as caught:
        list(parse_body(body))
    assert caught.value.cme is None


def test_spaces_between_commands_are_none_within_them() -> None:
    """A dial script's line, to a device that keeps the spaces within a name or a number."""
    line = "Q0 V1 E1 S0=0 &C1 &D2 +FCLASS=0"
    assert list(parse_body(line, keeps_spaces=True)) == list(parse_body(line))
    for mistake in ("E 1", "S0=0 1", "S 0=1", "& C1"):
        with pytest.raises(AtError):
            list(parse_body(mistake, keeps_spaces=True))


def test_calls_come_one_by_one_so_that_those_before_a_mistake_have_run() -> None:
    calls = parse_body("E0+CSQ;???")
    assert next(calls).name == "E"
    assert next(calls).name == "+CSQ"
    with pytest.raises(AtError):
        next(calls)


WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters='"'))


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_what_is_quoted_comes_through_unchanged(words: list[str]) -> None:
    body = "+A=" + ",".join(f'"{word}"' for word in words)
    assert list(parse_body(body)) == [Call("+A", Form.WRITE, tuple(quoted(w) for w in words))]


@given(st.text(st.characters(max_codepoint=0xFF), max_size=60))
def test_any_body_is_calls_or_an_at_error(body: str) -> None:
    try:
        calls = list(parse_body(body))
    except AtError:
        return
    assert all(call.name == call.name.upper() for call in calls)
