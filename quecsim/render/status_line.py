"""A `Status` as one or two lines of any width: what is most worth knowing stays longest.

Each line is made of parts with a rank. A part has a full text and shorter ones. The most important
parts get their place first, each in its shortest text; then what room is left goes to longer ones,
and what is then still left to the extras, in the same way.
Text from files, devices and hosts is made harmless here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from quecsim.render.cells import cells, cut, harmless
from quecsim.render.status import Status

GAP = "  "
"""Between two parts."""
_BAR = 8
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LONG_NAME, _SHORT_NAME = 40, 14
EXTRA = 6
"""From this rank on a part is an extra."""
_RED, _YELLOW, _CYAN, _DIM, _LOUD = "31", "33", "36", "2", "1;31"
_NEARLY_FULL = (3, 4)  # of the ring: then its bar is yellow
_POWER = {"dead": "dead: no firmware that starts"}

Bar = Callable[[int, int, int], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to say: its texts from the longest to the shortest, its rank (0: the most
    important), and the SGR code of its colour.
    """

    texts: tuple[str, ...]
    rank: int
    colour: str = ""


Text = tuple[str, str]
"""What a part says, and its colour."""


def status_lines(
    status: Status,
    port: str,
    width: int,
    now_ns: int,
    *,
    colour: bool = False,
    is_unicode: bool = True,
) -> list[str]:
    """Two lines of at most `width` columns. Without `colour` there is no control code in them."""
    lines = status_texts(status, port, width, now_ns, is_unicode=is_unicode)
    return [GAP.join(_coloured(text, code, colour) for text, code in line) for line in lines]


def status_texts(
    status: Status, port: str, width: int, now_ns: int, *, is_unicode: bool = True
) -> list[list[Text]]:
    """The same with the colours beside, and without the gaps between."""
    bar = block_bar if is_unicode else ascii_bar
    first = [*_loss(status), *_port(port), *_line(status), *_mode(status)]
    second = [
        _ring(status, bar),
        *_most(status),
        *_flow(status),
        _work(status, now_ns),
        *_counts(status),
        *_command(status),
    ]
    return [fitted(first, width), fitted(second, width)]


def fitted(parts: Iterable[Part], width: int) -> list[Text]:
    """The parts side by side, in their order, as many and as long as `width` columns allow."""
    parts = list(parts)
    chosen: dict[int, str] = {}
    by_rank = sorted(range(len(parts)), key=lambda at: parts[at].rank)
    for is_extra in (False, True):
        tier = [at for at in by_rank if (parts[at].rank >= EXTRA) is is_extra]
        for at in tier:
            _place(parts[at], at, chosen, width)
        for at in tier:
            _lengthen(parts[at], at, chosen, width)
    return [(chosen[at], parts[at].colour) for at in sorted(chosen)]


def _place(part: Part, at: int, chosen: dict[int, str], width: int) -> None:
    """In its shortest text, if that fits; what comes first is there in any case."""
    text = part.texts[-1] if chosen else cut(part.texts[-1], width)
    if cells(text) <= _room(chosen, width):
        chosen[at] = text


def _lengthen(part: Part, at: int, chosen: dict[int, str], width: int) -> None:
    """The longest of its texts that fits in place of that which is there."""
    if at in chosen:
        others = {one: text for one, text in chosen.items() if one != at}
        room = _room(others, width)
        chosen[at] = next((text for text in part.texts if cells(text) <= room), chosen[at])


def _room(chosen: dict[int, str], width: int) -> int:
    """The columns that are left for another one."""
    return width - sum(cells(text) + len(GAP) for text in chosen.values())


def block_bar(level: int, capacity: int, columns: int) -> str:
    """`▕██▌  ▏`: how full, to an eighth of a column. A single byte shows, and only a full ring
    looks full.
    """
    eighths = _filled(level, capacity, columns * 8)
    whole, rest = divmod(eighths, 8)
    inside = "█" * whole + (_EIGHTHS[rest] if rest else "")
    return f"▕{inside:<{columns}}▏"


def ascii_bar(level: int, capacity: int, columns: int) -> str:
    """`[###.......]`."""
    filled = _filled(level, capacity, columns)
    return f"[{'#' * filled:.<{columns}}]"


def _filled(level: int, capacity: int, steps: int) -> int:
    if capacity <= 0 or level <= 0:
        return 0
    if level >= capacity:
        return steps
    return min(max(level * steps // capacity, 1), steps - 1)


def _coloured(text: str, code: str, is_wanted: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and is_wanted else text


def _loss(status: Status) -> Sequence[Part]:
    lost = status.lost_bytes
    if not lost:
        return ()
    causes = ", ".join(f"{cause} {count}" for cause, count in sorted(status.lost.items()))
    noun = "BYTE" if lost == 1 else "BYTES"
    texts = (f"!! {lost} {noun} LOST ({causes})", f"!! {lost} {noun} LOST", f"!! {lost} LOST")
    return (Part(texts, 0, _LOUD),)


def _port(port: str) -> Sequence[Part]:
    name = harmless(port)
    if not name:
        return ()
    own = name.removeprefix("/dev/")
    return (Part((name, own if own != name else name.rpartition("/")[2]), 4),)


def _line(status: Status) -> Sequence[Part]:
    line = f"{status.line} {status.flow or 'no flow control'}" if status.is_serial else status.line
    short = f"{status.line} {status.flow}".strip()
    if (other := status.mismatch) is not None:
        told = f"!! host {other.host}, device {other.device}"
        return (Part((harmless(told), "!! other rate"), 1, _RED),)
    return (Part((line, short, status.line), 3),)


def _mode(status: Status) -> Sequence[Part]:
    if status.power not in ("on", ""):
        told = _POWER.get(status.power, status.power)
        return (Part((f"the device is {told}", status.power), 2, _YELLOW),)
    transfer = status.transfer
    if transfer is None:
        return (Part(("command mode",), 5, _DIM),)
    name = harmless(transfer.name)
    far = f"{transfer.taken} bytes"
    short = far
    if transfer.size:
        short = f"{100 * transfer.taken // transfer.size} %"
        far = f"{transfer.taken} of {transfer.size} ({short})"
    did = "stored" if transfer.is_file else "passed on"
    command = cut(harmless(transfer.command), _SHORT_NAME)
    texts = (
        f"data mode of {command}, {cut(name, _LONG_NAME)}: {did} {far}",
        f"data mode, {cut(name, _LONG_NAME)}: {did} {far}",
        f"data mode, {cut(name, _LONG_NAME)}: {far}",
        f"{cut(name, _SHORT_NAME)}: {far}",
        f"{cut(name, _SHORT_NAME)} {short}",
        f"data {short}",
    )
    return (Part(texts, 1, _CYAN),)


def _ring(status: Status, bar: Bar) -> Part:
    level, capacity = status.peak, status.capacity
    numbers = f"{level}/{capacity}"
    few, many = _NEARLY_FULL
    is_full = capacity > 0 and level >= capacity
    is_high = capacity > 0 and level * many >= capacity * few
    colour = _LOUD if is_full else _YELLOW if is_high else ""
    drawn = bar(level, capacity, _BAR)
    texts = (f"ring {drawn} {numbers}", f"ring {numbers}")
    return Part((f"{texts[0]} FULL", *texts) if is_full else texts, 1, colour)


def _most(status: Status) -> Sequence[Part]:
    """How full the ring ever was."""
    return (Part((f"most {status.most}",), 7, _DIM),) if status.most else ()


def _flow(status: Status) -> Sequence[Part]:
    if status.is_held:
        return (Part(("the host is held", "held"), 2, _CYAN),)
    return () if status.may_send else (Part(("the device says stop", "stop"), 2, _CYAN),)


def _work(status: Status, now_ns: int) -> Part:
    busy = status.busy_at(now_ns)
    if busy is None:
        return Part(("flash idle", "idle"), 6, _DIM)
    return Part((f"busy: {harmless(busy.why)}", "busy"), 3, _YELLOW)


def _counts(status: Status) -> Iterable[Part]:
    yield Part((f"in {status.received} out {status.sent}",), 5)
    yield Part((f"stored {status.stored}",), 4)
    if status.forwarded:
        yield Part((f"forwarded {status.forwarded}",), 7)


def _command(status: Status) -> Sequence[Part]:
    if not status.command or status.transfer is not None:  # data mode says which one began it
        return ()
    command, result = harmless(status.command), harmless(status.result)
    name = command.partition("=")[0]
    answered = f" {result}" if result else " ..."
    texts = (command + answered, cut(command, _LONG_NAME) + answered, name + answered, name)
    return (Part(tuple(dict.fromkeys(texts)), 5),)
