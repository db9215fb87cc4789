"""A TOML file as a person wrote it: its values, and the line of every key in it.

The standard parser gives the values and finds the errors of syntax; the scanner here walks the
same, known good, text once more for the lines. It runs only when a line is asked for, that is,
when there is a mistake to point at.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quecsim.errors import QuecsimError
from quecsim.files import read_file

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|[^,\]}#\n]+''',
    re.DOTALL,
)
_SYNTAX_PLACE = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")


_MOST_BYTES = 1 << 25
_MOST_DEEP = 32
_TOO_DEEP = f"tables and arrays lie in each other more than {_MOST_DEEP} deep"
_INTEGER_HINT = "They go from -9223372036854775808 to 9223372036854775807."


@dataclass(slots=True)
class TomlSource:
    """The values of one file in `table`, and where each of them stands."""

    path: Path
    text: str
    table: dict[str, Any]
    _lines: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int | None:
        """The line of the key, or of the nearest table around it; None: not in this file."""
        if not self._lines:
            self._lines = key_lines(self.text)
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def where(self, path: KeyPath) -> str:
        """`file:line` of the key, or the file alone."""
        line = self.line(path)
        return str(self.path) if line is None else f"{self.path}:{line}"


def read_toml(path: Path) -> TomlSource:
    """Read a TOML file; what can be wrong with a file is a `QuecsimError` that names it."""
    try:
        text = read_file(path, _MOST_BYTES).decode()
    except UnicodeDecodeError as error:
        message = f"not a text file: byte {error.start} is not UTF-8"
        raise QuecsimError(message, where=str(path), hint="Save it as UTF-8.") from None
    except OSError as error:
        message = f"cannot read it: {error.strerror}"
        raise QuecsimError(message, where=str(path), hint="Check the path.") from None
    try:
        source = TomlSource(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from None
    except RecursionError:
        raise QuecsimError(_TOO_DEEP, where=str(path)) from None
    except ValueError:  # the only one that is no TOMLDecodeError
        message = "an integer has thousands of digits"
        raise QuecsimError(message, where=str(path), hint=_INTEGER_HINT) from None
    _check_values(source)
    return source


def _check_values(source: TomlSource) -> None:
    """What the parser leaves open: how deep tables may lie in each other, how large a number is."""
    level: list[Any] = [source.table]
    for _ in range(_MOST_DEEP):
        if not level:
            return
        level = [each for one in level for each in (one.values() if isinstance(one, dict) else one)]
        if any(isinstance(one, int) and not -(1 << 63) <= one < 1 << 63 for one in level):
            raise QuecsimError("an integer has more than 64 bits", where=str(source.path),
                               hint=_INTEGER_HINT)  # fmt: skip
        level = [one for one in level if isinstance(one, dict | list)]
    raise QuecsimError(_TOO_DEEP, where=str(source.path))


def _syntax_error(path: Path, text: str, complaint: str) -> QuecsimError:
    """The parser's complaint, with its line moved to where lines are looked for."""
    place = _SYNTAX_PLACE.search(complaint)
    line = (place and place[1]) or len(text.splitlines())
    words = complaint[: place.start()] if place else complaint
    shown = "".join(text.splitlines()[int(line) - 1 : int(line)]).strip()
    hint = f"The line reads: {shown}" if shown else "The file ends too early."
    return QuecsimError(f"not valid TOML: {words}", where=f"{path}:{line}", hint=hint)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key, table and array element of a valid TOML text."""
    return _Scanner(text).document()


class _Scanner:
    """One walk over a text that the real parser has already accepted."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[KeyPath, int] = {}
        self._tables_in_array: dict[KeyPath, int] = {}

    def document(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._peek():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _peek(self) -> str:
        """The next character that is neither blank nor comment; "" at the end."""
        blank = _BLANK.match(self._text, self._at)
        assert blank is not None
        self._at = blank.end()
        return self._text[self._at : self._at + 1]

    def _take(self, mark: str) -> bool:
        if self._peek() != mark:
            return False
        self._at += 1
        return True

    def _mark(self, path: KeyPath) -> None:
        self._lines.setdefault(path, self._text.count("\n", 0, self._at) + 1)

    def _key(self, table: KeyPath) -> KeyPath:
        """A dotted key, in full; every part of it is marked with this line."""
        path = self._inside(table)
        while True:
            token = _KEY.match(self._text, self._at)
            assert token is not None, self._text[self._at : self._at + 40]
            path = (*self._inside(path), _unquoted(token[1]))
            self._mark(path)
            self._at = token.end()
            if not self._text.startswith(".", self._at):
                return path
            self._at += 1

    def _inside(self, path: KeyPath) -> KeyPath:
        """A path into an array of tables means its newest table."""
        count = self._tables_in_array.get(path)
        return path if count is None else (*path, count - 1)

    def _header(self) -> KeyPath:
        self._at += 1
        in_array = self._text.startswith("[", self._at)
        self._at += in_array
        path = self._key(())
        self._at += 1 + in_array
        if not in_array:
            return path
        count = self._tables_in_array.get(path, 0)
        self._tables_in_array[path] = count + 1
        self._mark((*path, count))
        return (*path, count)

    def _pair(self, table: KeyPath) -> None:
        path = self._key(table)
        self._take("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._take("["):
            index = 0
            while not self._take("]"):
                self._mark((*path, index))
                self._value((*path, index))
                self._take(",")
                index += 1
        elif self._take("{"):
            while not self._take("}"):
                self._pair(path)
                self._take(",")
        else:
            scalar = _SCALAR.match(self._text, self._at)
            assert scalar is not None, self._text[self._at : self._at + 40]
            self._at = scalar.end()


def _unquoted(token: str) -> str:
    if token[0] not in "\"'":
        return token
    value = tomllib.loads(f"key = {token}")["key"]
    assert isinstance(value, str)
    return value
