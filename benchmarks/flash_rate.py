"""The 15 KB/s question: which rates and pieces of a host without flow control lose how many bytes.

    python -m benchmarks.flash_rate         the tables of docs/FLASH_RATE.md, in a few seconds

A firmware package goes to an EC200T by AT+QFOTADL="FILE:<length>", in pieces with pauses between,
on a fast line, in virtual time. Nothing here knows of a limit: what is lost follows from the flash.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quecsim.firmware.package import build_package
from quecsim.flash.timing import FlashMode
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.units import MS, US, S, s

DEVICE = "ec200t"
BAUD = 921_600
PACKAGE_BYTES = 200_000
PIECES_BYTES = (32, 256, 1_024, 1_700, 2_500, 4_096, 16_384)
RATES_BYTES_S = (7_500, 15_000, 30_000, 0)  # 0: as fast as the line
_LINE_BYTES_S = BAUD // 10
_FILESTART_NS = s(2)
_QUIET_NS = s(40)  # longer than the device waits for what is missing


@dataclass(frozen=True, slots=True)
class Cell:
    """One run: pieces of so many bytes, at a mean rate (0: no pauses), and what came of it."""

    piece_bytes: int
    rate_bytes_s: int
    lost: int
    end: str

    @property
    def pause_us(self) -> int:
        """The silence between two pieces, in microseconds."""
        return pause_ns(self.piece_bytes, self.rate_bytes_s) // 1_000


def pause_ns(piece_bytes: int, rate_bytes_s: int) -> int:
    """How long a host at that mean rate is silent after each piece."""
    if not rate_bytes_s:
        return 0
    return piece_bytes * S // rate_bytes_s - piece_bytes * S // _LINE_BYTES_S


def run(piece_bytes: int, rate_bytes_s: int, mode: FlashMode, size_bytes: int) -> Cell:
    """Send one package and count."""
    profile = load_profile(DEVICE)
    package = build_package(bytes(size_bytes), profile.identity.revision, "NEXT")
    rig = Rig(profile, RigConfig(flash_mode=mode, ipr=BAUD, host_flow="none"))
    rig.start()
    rig.host_write(0, f'AT+QFOTADL="FILE:{len(package)}"\r'.encode())
    rig.advance(_FILESTART_NS)
    assert b"FILESTART" in _said(rig)
    last_ns = _FILESTART_NS
    for at_ns, piece in _pieces(package, piece_bytes, rate_bytes_s or _LINE_BYTES_S):
        last_ns = _FILESTART_NS + at_ns
        rig.advance(last_ns)
        rig.host_write(last_ns, piece)
    rig.advance(last_ns + _QUIET_NS)
    return Cell(piece_bytes, rate_bytes_s, rig.counters()["lost"], _end(_said(rig)))


def safe_piece_bytes(rate_bytes_s: int) -> int:
    """The largest piece that cannot overrun the ring at that mean rate, wherever the stops fall.

    For rates that the slowest flash keeps up with. The ring must hold what comes during one stop at
    the mean rate, what an early erase left in it, and one piece, by which a host that sends a piece
    at once is ahead of its mean rate.
    """
    profile = load_profile(DEVICE)
    flash, store_bytes = profile.flash, profile.files.data_buffer_bytes
    store_ns = store_bytes // flash.page_bytes * flash.program_page_max_us * US
    stop_ns = flash.erase_block_max_ms * MS + store_ns
    stores = profile.files.block_bytes // store_bytes - 1  # what an early erase leaves of a block
    early_ns = stop_ns + (stores - 1) * store_ns
    left = max(0, rate_bytes_s * early_ns // S - stores * store_bytes)
    return profile.uart.rx_ring_bytes - rate_bytes_s * stop_ns // S - left


def table(mode: FlashMode, size_bytes: int = PACKAGE_BYTES) -> list[list[Cell]]:
    """A row for each size of piece, a cell for each rate."""
    return [
        [run(piece_bytes, rate, mode, size_bytes) for rate in RATES_BYTES_S]
        for piece_bytes in PIECES_BYTES
    ]


def markdown(rows: list[list[Cell]]) -> str:
    """The table as the document has it."""
    heads = [f"{rate / 1_000:g} KB/s" if rate else "no pauses" for rate in RATES_BYTES_S]
    lines = [f"| pieces of | {' | '.join(heads)} |", "| ---: |" + " ---: |" * len(heads)]
    for row in rows:
        cells = " | ".join(_text(cell) for cell in row)
        lines.append(f"| {row[0].piece_bytes} bytes | {cells} |")
    return "\n".join(lines)


def _text(cell: Cell) -> str:
    pause = f" (pause {cell.pause_us / 1_000:.1f} ms)" if cell.rate_bytes_s else ""
    return f"{cell.lost or 'none'}{pause}"


def _pieces(data: bytes, size: int, rate_bytes_s: int) -> Iterator[tuple[int, bytes]]:
    """(when, piece): each begins when the mean rate has come to it."""
    for start in range(0, len(data), size):
        yield start * S // rate_bytes_s, data[start : start + size]


def _said(rig: Rig) -> bytes:
    return b"".join(run.data for run in rig.take_output())


def _end(said: bytes) -> str:
    """What the device said of the package: `FILEEND,0` or `FILEEND,500`."""
    _, found, number = said.partition(b'"FILEEND",')
    assert found, said
    return f"FILEEND,{number.split(maxsplit=1)[0].decode()}"


def main() -> None:
    """Print both tables, and the pieces that are safe wherever the stops fall."""
    for mode in (FlashMode.WORST, FlashMode.TYPICAL):
        print(f"{mode.value} flash, {BAUD} baud, a package of {PACKAGE_BYTES} bytes: bytes lost\n")
        print(markdown(table(mode)), end="\n\n")
    for rate in RATES_BYTES_S[:2]:
        print(f"{rate / 1_000:g} KB/s: pieces up to {safe_piece_bytes(rate)} bytes are safe")


if __name__ == "__main__":
    main()
