"""Declarations: parameters and their ranges, the derived `=?` text, binding, the catalogue."""

import re
from typing import Any

import pytest

from quecsim.at.grammar import Argument, Call, Form
from quecsim.at.results import AtError
from quecsim.at.spec import Catalogue, Command, Integer, Text
from tests.device.bench import Bench

CONTEXT: Any = Bench().rig.device.context


def bare(text: str) -> Argument:
    return Argument(text, is_quoted=False)


def quoted(text: str) -> Argument:
    return Argument(text, is_quoted=True)


# numbers


@pytest.mark.parametrize("text", ["0", "007", "255"])
def test_numbers_in_range(text: str) -> None:
    assert Integer("n").parse(bare(text), CONTEXT) == int(text)


@pytest.mark.parametrize("text", ["256", "-1", "+1", "1.0", "0x1", " 1", "\xb2", "9" * 11])
def test_what_is_no_number_in_range(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        Integer("n").parse(bare(text), CONTEXT)


def test_nothing_is_no_number() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        Integer("n").parse(bare(""), CONTEXT)


def test_a_quoted_number_is_none() -> None:
    with pytest.raises(ValueError, match="12"):
        Integer("n").parse(quoted("12"), CONTEXT)


def test_a_list_of_values() -> None:
    param = Integer("n", allowed=(0, 2))
    assert param.parse(bare("2"), CONTEXT) == 2
    with pytest.raises(ValueError, match="1"):
        param.parse(bare("1"), CONTEXT)


@pytest.mark.parametrize(
    ("param", "text"),
    [
        (Integer("n", low=1, high=65535), "(1-65535)"),
        (Integer("n", allowed=(0, 1)), "(0,1)"),
        (Integer("n", allowed=(0, 1, 2)), "(0-2)"),
        (Integer("n", allowed=(0, 2)), "(0,2)"),
        (Integer("n", allowed=(0, 1, 4)), "(0,1,4)"),
        (Integer("n", allowed=(0, *range(5, 101))), "(0,5-100)"),
        (Integer("n", allowed=(1, 2, 3, 7, 9, 10)), "(1-3,7,9,10)"),
        (Integer("n", allowed=(0,)), "(0)"),
        (Integer("n", allowed=lambda c: c.profile.uart.ifc_values), "(0,2)"),
        (Integer("n", high=lambda c: c.profile.files.timeout_max_s), "(0-65535)"),
        (Text("filename"), "<filename>"),
    ],
)
def test_described_as_in_a_test_reply(param: Integer | Text, text: str) -> None:
    assert param.describe(CONTEXT) == text


# text


def test_text_with_and_without_quotes() -> None:
    assert Text("t").parse(quoted("a"), CONTEXT) == Text("t").parse(bare("a"), CONTEXT) == "a"
    strict = Text("t", needs_quotes=True)
    assert strict.parse(quoted("a"), CONTEXT) == "a"
    with pytest.raises(ValueError, match="a"):
        strict.parse(bare("a"), CONTEXT)


def test_text_too_long() -> None:
    assert Text("t", max_bytes=3).parse(quoted("abc"), CONTEXT) == "abc"
    with pytest.raises(ValueError, match="abcd"):
        Text("t", max_bytes=3).parse(quoted("abcd"), CONTEXT)


# commands


def command(**changes: Any) -> Command:
    params = (Text("name"), Integer("n", default=7, optional=True))
    given: dict[str, Any] = {"params": params, "bad_parameter": 50} | changes
    return Command("+X", "title", "source", **given)


def write(*arguments: Argument | None) -> Call:
    return Call("+X", Form.WRITE, arguments)


def test_binding_fills_in_defaults() -> None:
    assert command().bind(write(quoted("a")), CONTEXT) == ["a", 7]
    assert command().bind(write(quoted("a"), None), CONTEXT) == ["a", 7]
    assert command().bind(write(quoted("a"), bare("9")), CONTEXT) == ["a", 9]


@pytest.mark.parametrize(
    "call",
    [
        write(),
        write(None),
        write(None, bare("1")),
        write(quoted("a"), bare("x")),
        write(quoted("a"), bare("1"), bare("2")),
        write(quoted("a"), bare("1"), None),
    ],
)
def test_what_does_not_bind_is_the_commands_own_error(call: Call) -> None:
    with pytest.raises(AtError) as caught:
        command().bind(call, CONTEXT)
    assert caught.value.cme == 50
    with pytest.raises(AtError) as plain:
        command(bad_parameter=None).bind(call, CONTEXT)
    assert plain.value.cme is None


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, ["+X: <name>,(0-255)"]),
        ({"params": ()}, []),
        ({"test_text": ""}, []),
        ({"test_text": "+X: other"}, ["+X: other"]),
        ({"test_text": lambda c: f"+X: {c.profile.name}"}, ["+X: ec200u"]),
    ],
)
def test_the_test_reply(changes: dict[str, Any], lines: list[str]) -> None:
    assert command(**changes).test_lines(CONTEXT) == lines


def test_forms_are_those_with_handlers_and_the_test_form() -> None:
    extended = command()
    extended.read(lambda context: None)
    extended.execute(lambda context: None)
    assert set(extended.forms) == {Form.TEST, Form.READ, Form.EXECUTE}
    basic = Command("E", "title", "source")
    basic.write(lambda context: None)
    assert set(basic.forms) == {Form.WRITE}


def test_the_catalogue_finds_by_name_and_refuses_doubles() -> None:
    one, other = command(), Command("+Y", "title", "source")
    both = Catalogue([one], [other])
    assert both.find("+X") is one
    assert list(both) == [one, other]
    with pytest.raises(AtError) as caught:
        both.find("+Z")
    assert caught.value.cme is None
    with pytest.raises(AssertionError, match="twice"):
        Catalogue([one], [one])
