"""The formats that are read: one line each. Whoever adds one writes its file, and a line here."""

from collections.abc import Callable
from dataclasses import dataclass

from quecsim.captures import interceptty, saleae, sigrok, spy, strace, terminals, text, usbmon
from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options
from quecsim.errors import QuecsimError
from quecsim.profiles.toml_check import did_you_mean
from quecsim.trace.setup import Lack

AUTO = "auto"
"""In place of a name: as the file looks."""
_SURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: its `name`, a `title` for people, what it can never give (`lacks`).

    `recognize` says of a file 2: it is of this format, 1: it could be, 0: it is not. `open` makes
    it ready, and raises QuecsimError where it is not of this format after all.
    """

    name: str
    title: str
    lacks: tuple[Lack, ...]
    recognize: Callable[[CaptureFile], int]
    open: Callable[[CaptureFile, Options], Opened]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            name="saleae",
            title="Saleae Logic: the exported table of Async Serial analysers",
            lacks=("modem-lines",),
            recognize=saleae.recognize,
            open=saleae.open_saleae,
        ),
        Format(
            name="sigrok",
            title="sigrok-cli or PulseView: the annotations of the UART decoder",
            lacks=("modem-lines",),
            recognize=sigrok.recognize,
            open=sigrok.open_sigrok,
        ),
        Format(
            name="spy",
            title="pyserial's spy://PORT?file=FILE: what a Python program wrote and read",
            lacks=("byte-times", "modem-lines"),
            recognize=spy.recognize,
            open=spy.open_spy,
        ),
        Format(
            name="interceptty",
            title="interceptty: a line for each byte, with an arrow",
            lacks=("byte-times", "modem-lines"),
            recognize=interceptty.recognize,
            open=interceptty.open_interceptty,
        ),
        Format(
            name="strace",
            title="strace -xx of a program: what it wrote into its port and read",
            lacks=("byte-times", "modem-lines"),
            recognize=strace.recognize,
            open=strace.open_strace,
        ),
        Format(
            name="usbmon",
            title="a capture of the USB bus, pcap or pcapng: usbmon's or USBPcap's",
            lacks=("byte-times", "modem-lines"),
            recognize=usbmon.recognize,
            open=usbmon.open_usbmon,
        ),
        Format(
            name="picocom",
            title="picocom --logfile, or another log of the bytes as the device sent them",
            lacks=("times", "byte-times", "host-bytes", "modem-lines"),
            recognize=terminals.recognize_picocom,
            open=terminals.open_terminal,
        ),
        Format(
            name="tio",
            title="tio --timestamp --log-file FILE",
            lacks=("byte-times", "host-bytes", "modem-lines"),
            recognize=terminals.recognize_tio,
            open=terminals.open_terminal,
        ),
        Format(
            name="minicom",
            title="minicom's capture file, with the times of C-a N",
            lacks=("byte-times", "host-bytes", "exact-bytes", "modem-lines"),
            recognize=terminals.recognize_minicom,
            open=terminals.open_terminal,
        ),
        Format(
            name="text",
            title="a log of AT commands and answers, with or without times and marks",
            lacks=("byte-times", "modem-lines"),
            recognize=text.recognize,
            open=text.open_text,
        ),
    )
}
"""By name."""


def format_of(file: CaptureFile, name: str) -> Format:
    """The format of that name, or as which the file is recognized. Raises QuecsimError."""
    if name != AUTO:
        if name not in FORMATS:
            raise QuecsimError(
                f'there is no format "{name}". {did_you_mean(name, FORMATS)}'.rstrip(),
                hint=f"there are {', '.join(FORMATS)}",
            )
        return FORMATS[name]
    looks = {each.name: each.recognize(file) for each in FORMATS.values()}
    for grade in (_SURE, 1):
        found = [name for name, looked in looks.items() if looked == grade]
        if len(found) == 1:
            return FORMATS[found[0]]
        if found:
            raise QuecsimError(
                f"this could be {' or '.join(found)}", where=str(file.path),
                hint=f"say which: quecsim import {found[0]} {file.path} -o TRACE.jsonl",
            )  # fmt: skip
    raise QuecsimError(
        "this is no capture that quecsim knows", where=str(file.path),
        hint=f"it reads {', '.join(FORMATS)}; `quecsim import --formats` tells of each",
    )  # fmt: skip
