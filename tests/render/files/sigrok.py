"""sigrok's own UART decoder, which knows nothing of us."""

import subprocess
from pathlib import Path

from tests.examples.hosts import need

_PARITY = {"N": "none", "E": "even", "O": "odd", "M": "one", "S": "zero"}


def decoded(vcd: Path, wire: str, baud: int, frame: str, *, nanoseconds: int) -> bytes:
    """What it reads from that wire of a waveform file, sampled every so many nanoseconds."""
    side = {"TXD": "tx", "RXD": "rx"}[wire]
    options = (
        f"uart:{side}={wire}:baudrate={baud}:data_bits={frame[0]}:parity={_PARITY[frame[1]]}"
        ":stop_bits=1.0"
    )
    command: list[str | Path] = [
        need("sigrok-cli"),
        "-i",
        vcd,
        "-I",
        f"vcd:downsample={nanoseconds}",
        "-P",
        options,
    ]
    done = subprocess.run(
        [*command, "-B", f"uart={side}"], capture_output=True, check=True, timeout=300
    )
    assert done.stderr == b""
    return done.stdout
