from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from quecsim.profiles.toml_check import Checker, FileError, did_you_mean, dotted, shown, wanted
from quecsim.profiles.toml_source import read_toml


class Inner(msgspec.Struct, frozen=True):
    size: Annotated[int, Meta(ge=1, le=9)]
    note: str = "none"


class Outer(msgspec.Struct, frozen=True):
    mode: Literal["on", "off"]
    limit: int | None = None
    inner: Inner | None = None
    rows: tuple[Inner, ...] = ()
    named: dict[str, Inner] = {}


def check(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "x.toml"
    file.write_text(text)
    checker = Checker(read_toml(file))
    value = checker.value((), checker.source.table, Outer)
    checker.finish()
    return value


def test_a_right_file_becomes_the_record(tmp_path: Path) -> None:
    text = 'mode = "on"\ninner.size = 3\nnamed."a b".size = 1\n[[rows]]\nsize = 2\nnote = "x"\n'
    expected = Outer("on", None, Inner(3), (Inner(2, "x"),), {"a b": Inner(1)})
    assert check(tmp_path, text) == expected


def test_all_mistakes_come_at_once_in_the_files_order(tmp_path: Path) -> None:
    text = 'limit = "7"\n[[rows]]\nsize = 10\n[[rows]]\nsise = 1\n[inner]\nsize = true\n'
    with pytest.raises(FileError) as caught:
        check(tmp_path, text)
    file = tmp_path / "x.toml"
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        f'{file}: mode is missing\n  It is "off" or "on".',
        f'{file}:1: limit must be a whole number, not "7"',
        f"{file}:2: rows[1].size must be a whole number from 1 to 9, not 10".replace(":2:", ":3:"),
        f"{file}:4: rows[2].size is missing\n  It is a whole number from 1 to 9.",
        f'{file}:5: unknown key "sise" in rows[2]\n  Did you mean "size"?',
        f"{file}:7: inner.size must be a whole number from 1 to 9, not true",
    ]
    told = str(caught.value)
    assert told.startswith(f"{file}: 6 mistakes\n")
    assert all(mistake.message in told for mistake in caught.value.mistakes)


def test_one_mistake_is_told_as_itself(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        check(tmp_path, 'mode = "on"\ninner = 5\n')
    assert str(caught.value) == f"{tmp_path / 'x.toml'}:2: inner must be a table, not 5"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (int, "a whole number"),
        (Annotated[int, Meta(ge=0)], "a whole number from 0"),
        (Annotated[int, Meta(ge=0, le=2)] | None, "a whole number from 0 to 2"),
        (Annotated[float, Meta(gt=0, le=10)], "a number above 0 to 10"),
        (bool, "true or false"),
        (str, "text"),
        (Annotated[str, Meta(pattern="^[0-9]$", description="one digit")], "one digit"),
        (Literal["b", "a"], '"a" or "b"'),
        (tuple[int, int], "a list of 2, each a whole number"),
        (tuple[bool, ...], "a list, each true or false"),
        (Annotated[tuple[str, ...], Meta(min_length=1)], "a list of at least one, each text"),
        (Inner, "a table"),
    ],
)
def test_what_is_wanted_in_plain_words(kind: Any, words: str) -> None:
    assert wanted(kind) == words


def test_values_and_keys_are_shown_as_in_the_file() -> None:
    assert shown(True) == "true"
    assert shown(float("nan")) == "nan"
    assert shown([1, "a"]) == '[1,"a"]'
    assert len(shown("x" * 500)) == 60
    assert dotted(("files", "UFS:a.pem", "text")) == 'files."UFS:a.pem".text'
    assert dotted(("stall", 0, "at_byte")) == "stall[1].at_byte"


def test_a_near_name_is_suggested_and_otherwise_all_are_listed() -> None:
    assert did_you_mean("BUAD", ["baud", "frame"]) == 'Did you mean "baud"?'
    assert did_you_mean("zzz", ["baud", "frame"]) == "Known here: baud, frame."
