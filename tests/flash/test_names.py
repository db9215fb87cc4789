"""Names of files: what can be one, with and without directories, and how others are shown."""

import pytest

from quecsim.flash.names import (
    check_name,
    check_pattern,
    directories_of,
    is_system,
    sayable,
    system_path,
)
from quecsim.flash.ufs import UfsError, UfsFault

NEVER = [
    "", "/", "/a", "a/", "a//b", "//", ".", "..", "../a", "a/..", "a/../b", "./a", "a/.", "a\\b",
    "a:b", ":system/x", "a/:b", "a*", "a?", 'a"b', "a<", "a>", "a|b", "a\x00", "a\nb", "\x7f",
    "\xe9", "a\u2028", "n" * 81, "d/" + "n" * 79,
]  # fmt: skip


def refused(name: str, *, has_directories: bool) -> bool:
    try:
        check_name(name, 80, has_directories=has_directories)
    except UfsError as error:
        return error.kind is UfsFault.BAD_NAME
    return False


@pytest.mark.parametrize("name", NEVER)
def test_what_is_no_name_anywhere(name: str) -> None:
    assert refused(name, has_directories=False)
    assert refused(name, has_directories=True)


@pytest.mark.parametrize("name", ["a", "a b", "...", "..a", ".a", "n" * 80, "a[b]", "#%&'"])
def test_what_is_one_everywhere(name: str) -> None:
    assert not refused(name, has_directories=False)
    assert not refused(name, has_directories=True)


@pytest.mark.parametrize("name", ["a/b", "security/ca.pem", "a/b/c", "a/...", "d/" + "n" * 78])
def test_directories_only_where_there_are_some(name: str) -> None:
    assert refused(name, has_directories=False)
    assert not refused(name, has_directories=True)


def test_a_pattern_is_a_name_with_something_for_its_wildcards() -> None:
    for pattern in ("*", "a?", "*.pem", "dir/*", "*/*"):
        check_pattern(pattern, has_directories=True)
    for pattern in ("../*", "*//a", "*/", "*/..", "a:*", "*" * 81):
        with pytest.raises(UfsError):
            check_pattern(pattern, has_directories=True)
    with pytest.raises(UfsError):
        check_pattern("dir/*")


def test_the_directories_of_a_name() -> None:
    assert directories_of("a") == []
    assert directories_of("a/b/c") == ["a", "a/b"]


def test_what_cannot_be_said_is_shown_as_a_question_mark() -> None:
    assert sayable("ca.pem") == "ca.pem"
    assert sayable("security/ca.pem") == "security/ca.pem"
    assert sayable('a"b\r\nOK\x1b[31m\xe9:x') == "a?b??OK?[31m??x"


def test_the_systems_files_lie_apart() -> None:
    path = system_path("nvram-client_key.pem")
    assert is_system(path)
    assert not is_system("nvram-client_key.pem")
    with pytest.raises(UfsError):
        check_name(path)
    with pytest.raises(UfsError):
        system_path("A")
