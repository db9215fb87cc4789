"""How a host hands its bytes over to its port."""

import time
from dataclasses import dataclass
from typing import Any

from quecsim.units import S


@dataclass(frozen=True, slots=True)
class WriteSchedule:
    """How a host hands its bytes over: `chunk_bytes` at a time, `gap_ns` of silence between."""

    chunk_bytes: int
    gap_ns: int

    def write(self, port: Any, data: bytes) -> None:
        """Write `data` to a pyserial port like this; the pauses take the port's time."""
        for start in range(0, len(data), self.chunk_bytes):
            if start and self.gap_ns:
                time.sleep(self.gap_ns / S)
            port.write(data[start : start + self.chunk_bytes])
