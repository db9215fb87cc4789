"""The Bluetooth LE of a device as its commands have it, and what they need of it to go on."""

from quecsim.at.context import Context, air, bluetooth, wifi
from quecsim.at.keyed import need
from quecsim.at.spec import Integer, Text
from quecsim.clients.ble import Ble
from quecsim.clients.ble_state import Role

_NAME = "Bluetooth LE"
_HEX = frozenset("0123456789abcdefABCDEF")
_MOST_HEX_BYTES = 1018  # the digits of the longest data: 509 bytes

CONNECTION = Integer("conn_idx", allowed=(0,))
"""There is one connection at most."""
UUID = Text("UUID", max_bytes=32)
FIRST_OF_DATA = Text(
    "data", max_bytes=_MOST_HEX_BYTES, described="<hex_length>", note="or <data>, where it is last"
)
REST_OF_DATA = Text("data", max_bytes=_MOST_HEX_BYTES, optional=True)


def ble(context: Context) -> Ble:
    """It is there from when it is needed first, until the next restart."""
    there = context.clients.get(_NAME)
    if there is None:
        there = context.clients[_NAME] = Ble(air(context), bluetooth(context), wifi(context))
    assert isinstance(there, Ble)
    return there


def need_on(context: Context) -> Ble:
    """Raises AtError before AT+QBLEINIT."""
    there = ble(context)
    need(holds=there.role is not Role.NONE)
    return there


def need_role(context: Context, *roles: Role) -> Ble:
    """Raises AtError before AT+QBLEINIT, and where that gave the device none of `roles`."""
    there = ble(context)
    need(holds=there.role in roles)
    return there


def need_connection(context: Context, *roles: Role) -> Ble:
    """Raises AtError also where there is no connection; no `roles`: in any of them."""
    there = need_role(context, *(roles or Role))
    need(holds=there.is_connected)
    return there


def is_hex(text: str) -> bool:
    """Hexadecimal digits, one at least."""
    return bool(text) and set(text) <= _HEX


def uuid_of(text: str) -> str:
    """In lower case. Raises AtError unless these are 4 or 32 hexadecimal digits."""
    need(holds=is_hex(text) and len(text) in (4, 32))
    return text.lower()


def data_of(context: Context, first: str, rest: str | None) -> bytes:
    """What `[<hex_length>,]<data>` means. Raises AtError where it is nothing, or does not fit."""
    if rest is None:
        need(holds=bool(first))
        return first.encode("latin-1")
    digits = 2 if bluetooth(context).hex_counts == "bytes" else 1
    is_number = first.isascii() and first.isdigit() and len(first) <= 4
    need(holds=is_number and is_hex(rest) and len(rest) % 2 == 0)
    need(holds=int(first) * digits == len(rest))
    return bytes.fromhex(rest)
