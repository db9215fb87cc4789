"""What a reader of the envelope should know beside it: the pace behind it, and what was assumed."""

from collections.abc import Iterator, Sequence

from quecsim.host.plan import Via
from quecsim.sweep.cell import Cell
from quecsim.sweep.work import CellResult

BITS_PER_BYTE = 10
ADVICE_BYTES_S = 15_000
"""Both FOTA guides, for NOR flash without flow control; 1 KB is 1000 bytes. docs/FLASH_RATE.md."""


def notes(cells: Sequence[Cell], results: Sequence[CellResult]) -> list[str]:
    """Sentences, where they apply."""
    told = [*_seeds(cells), *_failures(results), *_short_gaps(cells), *_advice(cells, results)]
    return [*told, *_conduct(cells)]


def assumed(results: Sequence[CellResult]) -> list[str]:
    """The values of the profile that the results lean on without knowing.

    What the sweep itself has set is no assumption of the profile.
    """
    lines = dict.fromkeys(line for result in results for line in result.assumed)
    return [line for line in lines if "set by the scenario" not in line]


def line_ns(count_bytes: int, baud: int) -> int:
    """How long so many bytes are on the line."""
    return count_bytes * BITS_PER_BYTE * 1_000_000_000 // baud


def pace_bytes_s(result: CellResult) -> int | None:
    """The mean rate of a host that writes a chunk every gap, or as fast as the line takes it."""
    chunk, gap, baud = (result.settings[name] for name in ("chunk", "gap", "baud"))
    if not (isinstance(chunk, int) and isinstance(gap, int) and isinstance(baud, int)):
        return None
    every_ns = max(gap * 1_000_000, line_ns(chunk, baud))
    return chunk * 1_000_000_000 // every_ns


def _seeds(cells: Sequence[Cell]) -> Iterator[str]:
    seeds = cells[0].seeds
    if len(seeds) > 1:
        yield (
            f"Each cell was run {len(seeds)} times, with the seeds {seeds[0]} to {seeds[-1]}; "
            "safe is what was intact in every run."
        )


def _failures(results: Sequence[CellResult]) -> Iterator[str]:
    """A host that fails by itself says why, and that is no matter of chunks and gaps."""
    failed = [result for result in results if result.is_denied]
    if failed:
        cells = f"{len(failed)} cell{'s' * (len(failed) > 1)}"
        yield f"In {cells} the host failed by itself. Its words in the first: {failed[0].says}"


def _conduct(cells: Sequence[Cell]) -> Iterator[str]:
    """A host of the user's may be safe by luck."""
    if any(cell.host is not None for cell in cells):
        yield (
            "Safe means that the file arrived here. How the host went about it is not judged: "
            "`quecsim check` and `quecsim fuzz` do that."
        )


def _short_gaps(cells: Sequence[Cell]) -> Iterator[str]:
    """A gap runs while the bytes leave: one that is over before they have left is none."""
    short = []
    for cell in cells:
        chunk, gap, baud = (cell.settings[name] for name in ("chunk", "gap", "baud"))
        if cell.host is None and isinstance(chunk, int) and isinstance(gap, int) and gap:
            assert isinstance(baud, int) or baud is None
            if baud is not None and gap * 1_000_000 <= line_ns(chunk, baud):
                short.append((chunk, baud))
    if short:
        chunk, baud = max(short)
        took_ms = line_ns(chunk, baud) / 1_000_000
        yield (
            "A gap runs from one write to the next, while the bytes leave: "
            f"{chunk} bytes take {took_ms:.1f} ms at {baud} baud, so a shorter gap changes nothing."
        )


def _advice(cells: Sequence[Cell], results: Sequence[CellResult]) -> Iterator[str]:
    """The guides' 15 KB/s, against what was found: for upgrades without flow control."""
    upgrades = {cell.index for cell in cells if cell.plan.via is Via.QFOTADL and cell.host is None}
    paces = [
        (pace, result.is_safe)
        for result in results
        if result.index in upgrades
        and result.settings["flow"] == "none"
        and (pace := pace_bytes_s(result)) is not None
    ]
    if not paces:
        return
    safe = [pace for pace, is_safe in paces if is_safe]
    bad = [pace for pace, is_safe in paces if not is_safe]
    told = [f"fastest safe pace {_kb(max(safe))}"] if safe else []
    told += [f"slowest unsafe pace {_kb(min(bad))}"] if bad else []
    yield (
        "The FOTA guides advise 15 KB/s to a host without flow control: "
        f"{_kept(paces)} ({', '.join(told)})."
    )


def _kept(paces: list[tuple[int, bool]]) -> str:
    slow = [is_safe for pace, is_safe in paces if pace <= ADVICE_BYTES_S]
    if not slow:
        return "no cell without it kept to that"
    told = f"{len(slow)} cell{'s' * (len(slow) > 1)} without it kept to that"
    return f"{told}, all safe" if all(slow) else f"{told}, {slow.count(False)} not safe"


def _kb(pace: int) -> str:
    return f"{pace / 1_000:.1f} KB/s"
