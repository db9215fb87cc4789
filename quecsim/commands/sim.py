"""The SIM: +QSIMSTAT, +CCID, its files (+CRSM), its answers to commands (+CSIM), and +CLCK.

Its PIN is switched off. The files are those that hosts read at their start; others are not found.
"""

from collections.abc import Callable

from quecsim.at.context import Context, radio
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored_command

_SOURCE = "3GPP TS 27.007"
_READ_BINARY = 176
_DONE, _WRONG_PARAMETERS, _WRONG_LENGTH = "144,0", "107,0", "103,0"
_SPN_BYTES = 16


def _swapped(digits: str) -> bytes:
    """Two digits in a byte, the first in the lower half (ITU-T E.118, 3GPP TS 24.008)."""
    padded = digits + "F" * (len(digits) % 2)
    return bytes.fromhex("".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2)))


def _imsi(context: Context) -> bytes:
    """EF_IMSI: its length, and the digits behind the parity that 24.008 has in front of them."""
    digits = radio(context).imsi
    body = _swapped(f"{'9' if len(digits) % 2 else '1'}{digits}")
    return (bytes((len(body),)) + body).ljust(9, b"\xff")


def _administrative(context: Context) -> bytes:
    """EF_AD: an ordinary SIM, and how many digits the network's part of the IMSI has."""
    return bytes((0, 0, 0, len(radio(context).operator_numeric) - 3))


def _provider(context: Context) -> bytes:
    """EF_SPN: to be shown, and the name."""
    return b"\x01" + radio(context).operator_name.encode()[:_SPN_BYTES].ljust(_SPN_BYTES, b"\xff")


# 3GPP TS 31.102 and 51.011: the files by their numbers.
_FILES: dict[int, Callable[[Context], bytes]] = {
    0x2FE2: lambda context: _swapped(radio(context).iccid),
    0x6F07: _imsi,
    0x6FAD: _administrative,
    0x6F46: _provider,
}


def _need_sim(context: Context) -> None:
    """AT+CFUN=0 switches the SIM off."""
    if context.functionality == 0:
        raise AtError(Cme.SIM_NOT_INSERTED)


CRSM = Command(
    "+CRSM",
    "Read a file of the SIM",
    source=f"{_SOURCE} 8.18; 3GPP TS 31.102, 51.011",
    params=(
        Integer("command", allowed=(_READ_BINARY, 178, 192, 214, 220, 242)),
        Integer("fileid", high=0xFFFF, optional=True),
        Integer("P1", optional=True, default=0),
        Integer("P2", optional=True, default=0),
        Integer("P3", optional=True, default=0),
        Text("data", optional=True),
        Text("pathid", optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="",
)


@CRSM.write
def _restricted(
    context: Context,
    command: int,
    file_id: int | None,
    p1: int,
    p2: int,
    p3: int,
    _data: str | None,
    _path: str | None,
) -> str:
    _need_sim(context)
    if command != _READ_BINARY or file_id not in _FILES:
        return '+CRSM: 106,130,""'
    content, start = _FILES[file_id](context), p1 * 256 + p2
    part = content[start : start + (p3 or 256)]
    if start >= len(content):
        return f'+CRSM: {_WRONG_PARAMETERS},""'
    if len(part) < p3:
        return f'+CRSM: {_WRONG_LENGTH},""'
    return f'+CRSM: {_DONE},"{part.hex().upper()}"'


CSIM = Command(
    "+CSIM",
    "A command to the SIM as it is: how many attempts are left for PIN and PUK",
    source=f"{_SOURCE} 8.17; ETSI TS 102 221 11.1",
    params=(
        Integer("length", low=8, high=520),
        Text("command", max_bytes=520, needs_quotes=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="",
)
_VERIFY, _UNBLOCK = "0020", "002C"
_ATTEMPTS = {_VERIFY: "63C3", _UNBLOCK: "63CA"}  # 3 for the PIN, 10 for the PUK
_UNKNOWN_INSTRUCTION = "6D00"


@CSIM.write
def _generic(context: Context, length: int, command: str) -> str:
    _need_sim(context)
    try:
        bytes.fromhex(command)
    except ValueError:
        raise AtError(Cme.INCORRECT_PARAMETERS) from None
    if length != len(command):
        raise AtError(Cme.INCORRECT_PARAMETERS)
    is_query = length <= 10 and command[8:] in ("", "00")  # without a PIN it only asks
    answer = _ATTEMPTS.get(command[:4].upper()) if is_query else None
    return f'+CSIM: 4,"{answer or _UNKNOWN_INSTRUCTION}"'


_FACILITIES = ("SC", "FD", "PN", "PU", "PP", "PC", "PF")
_QUERY = 2
CLCK = Command(
    "+CLCK",
    "Locks: none is on, and none can be put on",
    source=f"{_SOURCE} 7.4",
    params=(
        Text("fac", max_bytes=2),
        Integer("mode", allowed=(0, 1, 2)),
        Text("passwd", max_bytes=16, optional=True),
        Integer("class", low=1, high=255, optional=True),
    ),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    test_text="+CLCK: ({})".format(",".join(f'"{name}"' for name in _FACILITIES)),
)


@CLCK.write
def _lock(
    context: Context,
    facility: str,
    mode: int,
    _password: str | None,
    _class: int | None,
) -> str | None:
    _need_sim(context)
    if facility.upper() not in _FACILITIES:
        raise AtError(Cme.INCORRECT_PARAMETERS)
    if mode == _QUERY:
        return "+CLCK: 0"
    if mode:
        raise AtError(Cme.OPERATION_NOT_ALLOWED)
    return None


QSIMSTAT = stored_command(
    "+QSIMSTAT",
    "Report when the SIM is put in or taken out: it always is in",
    "EC25&EC21 AT Commands Manual",
    (Integer("enable", allowed=(0, 1)),),
    (0,),
    bad_parameter=Cme.INCORRECT_PARAMETERS,
    shows=lambda _context, values: f"{values[0]},1",
    is_saved=True,
)
CCID = Command("+CCID", "ICCID of the SIM", source="as AT+QCCID, in the words of other modules")


@CCID.read
@CCID.execute
def _ccid(context: Context) -> str:
    return f"+CCID: {radio(context).iccid}"


COMMANDS = (QSIMSTAT, CCID, CRSM, CSIM, CLCK)
