import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.profiles.toml_source import KeyPath, key_lines, read_toml

TRICKY = '''\
# a comment with [brackets] and a = sign
title = "a # in a string"  # and one behind
"quoted key" = 1
[one]
text = """
[not.a.table]
not_a_key = 1 \\"""
still text"""
raw = \'\'\'
x = ''\'\'\'
after = 2
[one.deeper]
list = [
    1,  # with ] in a comment
    [2, 3],
    { inner = "}", other = 4 },
]
dotted.name = { a = 1, b = { c = 2 } }
[[stall]]
at = 1
[[stall]]
at = 2
[stall.more]
x = 1
[last]
'''


def test_lines_of_a_tricky_file() -> None:
    assert key_lines(TRICKY) == {
        ("title",): 2,
        ("quoted key",): 3,
        ("one",): 4,
        ("one", "text"): 5,
        ("one", "raw"): 9,
        ("one", "after"): 11,
        ("one", "deeper"): 12,
        ("one", "deeper", "list"): 13,
        ("one", "deeper", "list", 0): 14,
        ("one", "deeper", "list", 1): 15,
        ("one", "deeper", "list", 1, 0): 15,
        ("one", "deeper", "list", 1, 1): 15,
        ("one", "deeper", "list", 2): 16,
        ("one", "deeper", "list", 2, "inner"): 16,
        ("one", "deeper", "list", 2, "other"): 16,
        ("one", "deeper", "dotted"): 18,
        ("one", "deeper", "dotted", "name"): 18,
        ("one", "deeper", "dotted", "name", "a"): 18,
        ("one", "deeper", "dotted", "name", "b"): 18,
        ("one", "deeper", "dotted", "name", "b", "c"): 18,
        ("stall",): 19,
        ("stall", 0): 19,
        ("stall", 0, "at"): 20,
        ("stall", 1): 21,
        ("stall", 1, "at"): 22,
        ("stall", 1, "more"): 23,
        ("stall", 1, "more", "x"): 24,
        ("last",): 25,
    }


def paths(value: object, path: KeyPath = ()) -> set[KeyPath]:
    """Every key and element of parsed TOML."""
    if isinstance(value, dict):
        items: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return {path}
    found = {path} if path else set()
    return found.union(*(paths(one, (*path, key)) for key, one in items))


def test_every_key_of_the_shipped_files_has_a_line() -> None:
    root = Path(__file__).parents[2]
    files = [*root.glob("scenarios/*.toml"), *root.glob("quecsim/profiles/data/*.toml")]
    assert len(files) >= 8
    for file in files:
        text = file.read_text()
        assert set(key_lines(text)) == paths(tomllib.loads(text)), file


VALUES = st.sampled_from(
    [
        "1",
        "-2.5e3",
        "true",
        '"]}#,= [x]"',
        "'\\'",
        '""',
        '"\\""',
        '"""a\n[b]\nc = 1"""',
        '"""x\\""""""',
        "'''\n#'\n'''",
        "[]",
        "[ # [\n1,\n[2],\n]",
        "{}",
        '{ a = "}", "b.c" = [\n1, 2] }',
        "1979-05-27T07:32:00Z",
    ]
)
KEYS = st.sampled_from(["a-b", "_1", '"x y"', "'#'", '"\\""', '"a.b"'])
FILLERS = st.sampled_from(["", "\n", "# note = [\n", "  \n\n"])


@given(
    tables=st.lists(st.lists(st.tuples(FILLERS, KEYS, VALUES), unique_by=lambda row: row[1])),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_each_key_is_found_on_the_line_it_was_written_to(
    tables: list[list[tuple[str, str, str]]], end: str
) -> None:
    text = ""
    written: dict[KeyPath, int] = {}
    for index, rows in enumerate(tables):
        written["t", index] = text.count("\n") + 1
        text += "[[t]]\n"
        for filler, key, value in rows:
            text += filler
            name = next(iter(tomllib.loads(f"{key} = 1")))
            written["t", index, name] = text.count("\n") + 1
            text += f"  {key} ={value} # end\n"
    found = key_lines(text.replace("\n", end))
    assert {path: found[path] for path in written} == written
    assert set(found) == paths(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = \nc = 3\n", 2, "The line reads: b ="),
        ("a = 1\n\nb 2\n", 3, "The line reads: b 2"),
        ("a = 1\na = 2\n", 2, "The line reads: a = 2"),
        ("a = 1\nb = [1,\n", 2, "b = [1,"),
        ('a = """never closed\n', 1, "never closed"),
    ],
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(text)
    with pytest.raises(QuecsimError, match="not valid TOML") as caught:
        read_toml(file)
    assert caught.value.where == f"{file}:{line}"
    assert words in caught.value.hint


def test_a_file_that_cannot_be_read_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(QuecsimError, match="cannot read it: No such file"):
        read_toml(tmp_path / "absent.toml")
    with pytest.raises(QuecsimError, match="cannot read it: Is a directory"):
        read_toml(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"a = '\xe9'")
    with pytest.raises(QuecsimError, match="byte 5 is not UTF-8"):
        read_toml(latin)


def test_a_key_that_is_not_there_is_where_its_table_is(tmp_path: Path) -> None:
    file = tmp_path / "some.toml"
    file.write_text("\n[uart]\nbaud = 1\n")
    source = read_toml(file)
    assert source.where(("uart", "frame")) == f"{file}:2"
    assert source.where(("usb", "frame")) == str(file)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, "deep"),
        ("a = " + "[" * 100 + "]" * 100, "deep"),
        ("a." * 5000 + "a = 1", "deep"),
        ("a = " + "{a = " * 3000 + "1" + "}" * 3000, "deep"),
        ("a = " + "9" * 6000, "digits"),
        ("a = [[0x" + "9" * 6000 + "]]", "64 bits"),
        ("a = 9223372036854775808", "64 bits"),
    ],
    ids=range(7),
)
def test_what_no_reader_can_bear_is_one_message(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "file.toml").write_text(text)
    with pytest.raises(QuecsimError, match=why) as refused:
        read_toml(tmp_path / "file.toml")
    assert refused.value.where == str(tmp_path / "file.toml")


def test_the_largest_that_toml_promises_is_read(tmp_path: Path) -> None:
    values = "a = [-9223372036854775808, 9223372036854775807]\nb = " + "[" * 30 + "]" * 30
    (tmp_path / "file.toml").write_text(values)
    assert read_toml(tmp_path / "file.toml").table["a"] == [-(1 << 63), (1 << 63) - 1]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.toml")
    for path in (tmp_path / "fifo.toml", Path("/dev/zero"), tmp_path, Path("x" * 5000)):
        with pytest.raises(QuecsimError, match="cannot read it"):
            read_toml(path)
