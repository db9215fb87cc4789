"""What the report reads out of command lines: which upload they ask for, which file they open."""

from collections.abc import Iterator

from quecsim.at.grammar import Call, Form, parse_body
from quecsim.at.results import AtError

UPLOADS = ("+QFUPL", "+QFWRITE")
_RENEWALS = ("+QFOPEN", "+QFDEL")


def upload_target(line: str) -> tuple[str, str, bool] | None:
    """(command, file name, is the name known) of an upload; None where `line` asks for none.

    AT+QFWRITE names a handle, and what cannot be parsed has no name.
    """
    if not _is_about_files(line):
        return None
    for call in _calls(line):
        if call.name in UPLOADS and call.form is Form.WRITE:
            text = _first_text(call)
            is_named = bool(text) and call.name == "+QFUPL"
            return call.name, plain_name(text) if is_named else f"file handle {text}", is_named
    return _broken(line)


def renewed_name(line: str) -> str | None:
    """The file that `line` opens or deletes: what is written to it next begins a new story."""
    if not _is_about_files(line):
        return None
    names = [_first_text(call) for call in _calls(line) if call.name in _RENEWALS]
    return plain_name(names[0]) if names and names[0] else None


def plain_name(text: str) -> str:
    """`UFS:x`, `ufs:/x` and `x` are the same file."""
    name = text[4:] if text[:4].upper() == "UFS:" else text
    return name.removeprefix("/")


def _is_about_files(line: str) -> bool:
    """Spares most lines the parsing."""
    return "+QF" in line.upper().replace(" ", "")


def _broken(line: str) -> tuple[str, str, bool] | None:
    """An upload command that the grammar refuses, such as one with a quote missing."""
    for name in UPLOADS:
        place = line.upper().find(f"{name}=")
        if place >= 0 and line[place + len(name) + 1 :].strip() != "?":
            return name, "", False
    return None


def _calls(line: str) -> Iterator[Call]:
    try:
        yield from parse_body(line)
    except AtError:
        return


def _first_text(call: Call) -> str:
    first = call.arguments[0] if call.arguments else None
    return first.text if first is not None else ""
