"""Each panel as rows of text, for a width and a height. All that comes from outside is harmless."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from quecsim.render.cells import cells, cut, harmless
from quecsim.render.layout import counted
from quecsim.render.status_line import block_bar
from quecsim.run.network_view import LinkState, NetworkState, place_text
from quecsim.tui.model import Model
from quecsim.tui.plot import lane_row, plot_rows
from quecsim.tui.rows import BLANK, Piece, Row, Tone, fit, named, row
from quecsim.units import format_ns

_LEAST_PLOT = 2  # rows; in fewer there is none
_NEARLY_FULL = (3, 4)
_GOOD_STANDINGS = ("home", "roaming", "got ip")


def ring(model: Model, width: int, height: int) -> list[Row]:
    """The level, its history with the marks of flow control, and what happened meanwhile."""
    status = model.status
    rows = [_level(model, width)]
    columns = model.history.last(width, model.now_ns)
    plotted = height - 3
    if plotted >= _LEAST_PLOT:
        mark = model.marks[0] if model.marks is not None and status.flow else None
        rows += plot_rows(columns, status.capacity, width, plotted, mark)
        rows.append(lane_row(columns, width))
    if height == 1:
        return fit(rows, width, height)
    span = f"-{model.history.span_ns(width) / 1e9:.1f} s"
    most = f"most {status.most}"
    gap = " " * max((width - len(span) - len(most) - 3) // 2, 1)
    rows.append(row(Piece(f"{span}{gap}{most}{gap}now", Tone.FAINT)))
    return fit(rows, width, height)


def flow(model: Model, width: int, height: int) -> list[Row]:
    """Both ends' settings, what the device asks, and what the host does about it."""
    return fit(_flow(model), width, height)


def flash(model: Model, width: int, height: int) -> list[Row]:
    """What keeps the device busy now, what did last, and all of it."""
    return fit(_flash(model), width, height)


def files(model: Model, width: int, height: int) -> list[Row]:
    """Name, size and the device's checksum of what is on UFS."""
    if model.files_trouble:
        return fit([row(Piece(harmless(model.files_trouble), Tone.WARN))], width, height)
    if model.files is None:
        return fit([row(Piece("not asked yet", Tone.FAINT))], width, height)
    if not model.files:
        return fit([row(Piece("no file", Tone.FAINT))], width, height)
    return fit([_file(model, label, size, width) for label, size in sorted(model.files.items())],
               width, height)  # fmt: skip


def network(model: Model, width: int, height: int) -> list[Row]:
    """How the device stands with its network, and its connections."""
    if model.network is None:
        return fit([row(Piece("not asked yet", Tone.FAINT))], width, height)
    return fit(_network(model.network), width, height)


def counters(model: Model, width: int, height: int) -> list[Row]:
    """Where the host's bytes are."""
    return fit(_counters(model), width, height)


def _level(model: Model, width: int) -> Row:
    status = model.status
    level, capacity = status.level, status.capacity
    few, many = _NEARLY_FULL
    numbers = f" {level}/{capacity}"
    is_full = 0 < capacity <= level
    tone = Tone.LOUD if is_full else Tone.WARN if level * many >= capacity * few else Tone.HOST
    word = " FULL" if is_full else ""
    columns = max(width - len(numbers) - len(word) - 2, 1)
    return row(Piece(block_bar(level, capacity, columns), tone), numbers, Piece(word, Tone.LOUD))


def _flow(model: Model) -> Iterator[Row]:
    status = model.status
    yield named("device", f"{status.line} {status.flow or 'none'}")
    host = status.host_line
    told = "not seen yet" if host is None else f"{host.end} {status.host_flow or 'none'}"
    yield named("host", told)
    if status.mismatch is not None:
        yield row(Piece("!! the two ends differ", Tone.LOUD))
    line = "XON/XOFF" if "XON" in status.flow else "RTS"
    go = Piece("go", Tone.GOOD) if status.may_send else Piece("STOP", Tone.WARN)
    yield named(line, go, Piece(_marks(model), Tone.FAINT))
    is_ready = model.host_ready and model.host_rts
    yield named("CTS", Piece("go", Tone.GOOD) if is_ready else Piece("STOP", Tone.WARN))
    held = format_ns(model.held_ns)
    now = Piece("HELD", Tone.WARN) if status.is_held else Piece("free", Tone.GOOD)
    yield named("sender", now, Piece(f", {held} in all", Tone.FAINT) if model.held_ns else "")


def _marks(model: Model) -> str:
    if model.marks is None or not model.status.flow:
        return ""
    return f" (stops at {model.marks[0]})"


def _flash(model: Model) -> Iterator[Row]:
    busy = model.status.busy_at(model.now_ns)
    if busy is None:
        yield named("now", Piece("idle", Tone.FAINT), width=8)
    else:
        lasts = format_ns(busy.until_ns - busy.at_ns)
        yield named("now", Piece(f"BUSY {lasts} {harmless(busy.why)}", Tone.WARN), width=8)
    use = model.flash
    yield named("took", format_ns(use.busy_ns), width=8)
    yield named("longest", format_ns(use.longest_ns), width=8)
    yield named("erases", str(use.erases), width=8)
    yield named("programs", str(use.programs), width=8)
    if use.stalls:
        yield named("stalls", f"{use.stalls}, {format_ns(use.stall_ns)}", width=8)
    for work in reversed(model.works):
        kinds = f" {work.erases}e{work.programs}p" if work.erases or work.programs else ""
        yield named(
            format_ns(work.duration_ns), harmless(work.why), Piece(kinds, Tone.FAINT), width=8
        )


def _file(model: Model, label: str, size: int, width: int) -> Row:
    checksum = model.checksum(label)
    numbers = f"{size:>8} {checksum:>4}"
    name = harmless(label)
    room = width - len(numbers)
    if cells(name) > room:
        name = cut(name, max(room, 1))
    return row(
        name, " " * max(room - cells(name), 0), f"{size:>8} ", Piece(f"{checksum:>4}", Tone.NAME)
    )


def _network(state: NetworkState) -> Iterator[Row]:
    tone = Tone.GOOD if state.registration in _GOOD_STANDINGS else Tone.WARN
    yield named("standing", Piece(harmless(state.registration), tone))
    for context in state.contexts:
        stands = "used" if context.is_used else "up" if context.is_up else "down"
        if context.is_broken:
            stands = "LOST"
        yield named(f"context {context.number}", f"{stands} {harmless(context.address)}".rstrip(),
                    width=9)  # fmt: skip
    for link in state.links:
        yield _link(link)
    for client in state.clients:
        where = place_text(client.host, client.port) if client.host else ""
        yield row(
            Piece(harmless(client.name), Tone.NAME), f" {client.state} {harmless(where)}".rstrip()
        )
    for service in state.services:
        where = harmless(place_text(service.host, service.port))
        yield row(Piece(f"{where} ({harmless(service.kind)})", Tone.FAINT))
    if state.registration == "none" and not state.links:
        yield BLANK


def _link(link: LinkState) -> Row:
    where = harmless(place_text(link.host, link.port))
    is_open = Piece("open", Tone.GOOD) if link.is_open else Piece("asked", Tone.WARN)
    moved = f" out {link.sent_bytes} in {link.received_bytes}"
    tls = f" {harmless(link.tls_version)}" if link.tls_version else ""
    return row(Piece(f"link {link.number} ", Tone.FAINT), is_open, f" {where}", tls, moved)


def _counters(model: Model) -> Iterator[Row]:
    status, account = model.status, model.bytes
    for name, key in (("from host", "sent"), ("stored", "stored")):
        yield named(name, f"{account[key]:>9}", width=9)
    if forwarded := account.get("forwarded", 0):
        yield named("passed on", f"{forwarded:>9}", width=9)
    lost = account["lost"]
    yield named("lost", Piece(f"{lost:>9}", Tone.LOUD if lost else Tone.PLAIN), width=9)
    yield named("to host", f"{status.sent:>9}", width=9)
    yield named("commands", f"{account['eaten']:>9}", width=9)
    yield named("on way", f"{account['in_flight']:>9}", width=9)
    for cause, count in sorted(status.lost.items()):
        yield named("by cause", Piece(f"{harmless(cause)} {count}", Tone.LOUD), width=9)
    for kind, count in sorted(model.faults_fired.items()):
        yield named("fault", f"{harmless(kind)} {count}", width=9)
    if model.missed:
        yield row(Piece(f"{counted(model.missed, 'event')} not seen", Tone.WARN))


class Panel(NamedTuple):
    """A panel: its name, its title, and what fills it."""

    name: str
    title: str
    rows: Callable[[Model, int, int], list[Row]]


PANELS = (
    Panel("ring", "Receive ring", ring),
    Panel("flow", "Flow control", flow),
    Panel("flash", "Flash", flash),
    Panel("files", "Files", files),
    Panel("network", "Network", network),
    Panel("counters", "Bytes", counters),
)
