"""What one side of a connection is made of, and what the other may do to it."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field

from quecsim.border.ble import LARGEST_MTU, GattService

READ_NOT_PERMITTED = 0x02
WRITE_NOT_PERMITTED = 0x03
ATTRIBUTE_NOT_FOUND = 0x0A
INVALID_LENGTH = 0x0D


class AttRefusedError(Exception):
    """The other side refused: `error` is ATT's code."""

    def __init__(self, error: int) -> None:
        super().__init__(f"ATT error 0x{error:02X}")
        self.error = error


@dataclass(slots=True)
class Side:
    """`values` by UUID, of characteristics that can be read; what is written goes there, too. `mtu`
    is the largest that it takes. `name` is that of Generic Access.
    """

    name: str = ""
    services: tuple[GattService, ...] = ()
    values: MutableMapping[str, bytes] = field(default_factory=dict)
    mtu: int = LARGEST_MTU
