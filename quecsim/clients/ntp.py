"""SNTP (RFC 4330): a question and an answer of 48 bytes."""

import struct

_PACKET = struct.Struct(">BBbb11I")
_CLIENT, _SERVER = 3, 4
_VERSION = 4
_FIRST_ERA_S = 2_208_988_800  # from 1900 to 1970
_ERA_S = 1 << 32
_NEVER_SET, _MOST_STRATUM = 3, 15  # a leap indicator, and the worst clock that is one

REQUEST = bytes([_VERSION << 3 | _CLIENT]) + bytes(_PACKET.size - 1)


def time_of(answer: bytes) -> int | None:
    """The server's time in seconds since 1970, UTC; None where `answer` tells none."""
    if len(answer) < _PACKET.size:
        return None
    flags, stratum, *_, seconds, _fraction = _PACKET.unpack(answer[: _PACKET.size])
    is_server = flags & 7 == _SERVER
    has_time = flags >> 6 != _NEVER_SET and 1 <= stratum <= _MOST_STRATUM and seconds
    if not is_server or not has_time:
        return None
    is_next_era = not seconds >> 31  # RFC 4330, 3: from 2036 on
    return int(seconds) - _FIRST_ERA_S + (_ERA_S if is_next_era else 0)
