"""What the report reads out of command lines: which upload they ask for, which file they open."""

from collections.abc import Iterator

from quecsim.at.grammar import Call, Form, parse_body
from quecsim.at.results import AtError
from quecsim.flash.labels import label_of

PACKAGE_UPLOAD = "+QFOTADL"  # answers OK first, and takes its data then
FILE_UPLOADS = ("+QFUPL", "+QFWRITE")
CERTIFICATE_UPLOAD = "+QSECWRITE"
UPLOADS = (*FILE_UPLOADS, CERTIFICATE_UPLOAD, PACKAGE_UPLOAD)
PACKAGE_NAME = "firmware package"
PROTOCOL_DOWNLOAD = "+QFOTADL,2"
_RESTART_FIRST, _PROTOCOL = 0, 2  # upgrade modes
_RENEWALS = ("+QFOPEN", "+QFDEL", "+QSECDEL")


def upload_target(line: str) -> tuple[str, str, bool] | None:
    """(command, label, is the file known) of an upload; None where `line` asks for none.

    AT+QFWRITE names a handle, and what cannot be parsed has no name. AT+QFOTADL takes a package
    over the serial port in its FILE form only, and by a protocol of its own with a 2 behind it.
    """
    if not _is_about_files(line):
        return None
    for call in _calls(line):
        if call.name in UPLOADS and call.form is Form.WRITE:
            text = _first_text(call)
            if call.name == PACKAGE_UPLOAD:
                return _package_target(call, text)
            is_named = bool(text) and call.name != "+QFWRITE"
            return call.name, label_of(text) if is_named else f"file handle {text}", is_named
    return _broken(line)


def restarts_first(line: str) -> bool:
    """The upgrade that `line` asks for begins after a restart (upgrade mode 0)."""
    calls = _calls(line) if _is_about_files(line) else ()
    return any(call.name == PACKAGE_UPLOAD and _mode(call) == _RESTART_FIRST for call in calls)


def renewed_name(line: str) -> str | None:
    """The label of what `line` opens or deletes: what is written to it next begins a new story."""
    if not _is_about_files(line):
        return None
    names = [_first_text(call) for call in _calls(line) if call.name in _RENEWALS]
    return label_of(names[0]) if names and names[0] else None


def _package_target(call: Call, text: str) -> tuple[str, str, bool] | None:
    if not text.upper().startswith("FILE:") or _mode(call) == _PROTOCOL:
        return None
    return call.name, PACKAGE_NAME, True


def _mode(call: Call) -> int | None:
    mode = call.arguments[1] if len(call.arguments) > 1 else None
    return int(mode.text) if mode is not None and mode.text.isdecimal() else None


def _is_about_files(line: str) -> bool:
    """Spares most lines the parsing."""
    text = line.upper().replace(" ", "")
    return "+QF" in text or "+QSEC" in text


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
