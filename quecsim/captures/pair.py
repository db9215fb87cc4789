"""Two captures of one line on one clock, a file for each side, told as one."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from quecsim.captures.file import CaptureFile
from quecsim.captures.opened import Opened, Options, Tally, Told
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Side

_ONE_EACH = ("host-bytes", "device-bytes")


def opened_pair(
    files: Mapping[Side, CaptureFile],
    openers: Mapping[Side, Callable[[CaptureFile, Options], Opened]],
    options: Options,
) -> Opened:
    """Raises QuecsimError where the captures have no times that could put them in order."""
    both = {side: openers[side](file, replace(options, side=side)) for side, file in files.items()}
    for side, opened in both.items():
        if len(both) > 1 and "times" in opened.lacks:
            raise QuecsimError(
                "without times nobody knows what came before what in two files",
                where=str(files[side].path), hint="import one of them, or capture both in one",
            )  # fmt: skip
    first = next(iter(both.values()))
    lacks = dict.fromkeys(lack for each in both.values() for lack in each.lacks)
    missing = [lack for lack in lacks if lack not in _ONE_EACH]

    def read(tally: Tally) -> Iterator[Told]:
        told = [each.read(tally) for each in both.values()]
        return heapq.merge(*told, key=attrgetter("at_ns"))

    return replace(
        first, read=read, lacks=tuple(missing),
        notes=tuple(note for each in both.values() for note in each.notes),
    )  # fmt: skip
