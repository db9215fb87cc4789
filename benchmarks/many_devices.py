"""Many devices on ptys in one process. A program of its own: `many_devices.py COUNT [ROUTE]`.

With a route their network takes no time. It prints the ports, one a line, and for each line that it
is given one of JSON: for each device the checksum of what was uploaded, and how many bytes were
lost.
"""

import hashlib
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import quecsim
from quecsim.api import OpenDevice

FILE = "UFS:bench.bin"
FAST = Path(__file__).with_name("fast-network.toml")


def main() -> None:
    """Until the end of the input."""
    with ExitStack() as stack:
        network = {"scenario": FAST, "speed": "paced", "routes": sys.argv[2:]}
        options: dict[str, Any] = network if len(sys.argv) > 2 else {"device": "ec200u"}
        devices = [
            stack.enter_context(quecsim.open(**options, flash="instant"))
            for _ in range(int(sys.argv[1]))
        ]
        for device in devices:
            print(device.port, flush=True)
        for _line in sys.stdin:
            print(json.dumps([_told(device) for device in devices]), flush=True)


def _told(device: OpenDevice) -> dict[str, Any]:
    counters = device.counters
    data = device.read_file(FILE) if FILE in device.files() else b""
    return {"sha256": hashlib.sha256(data).hexdigest(), "lost": counters["lost"]}


if __name__ == "__main__":
    main()
