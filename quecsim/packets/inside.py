"""What a connection carries inside TLS, and what is known beside packets.

Below the border of a device there is no TLS (`quecsim.border`): the plain bytes are what is known,
and packets of TLS around them would be invented. So they go into a capture as if a proxy had taken
TLS off in front of the server, on an interface of their own, and at the port that their protocol
has without TLS: a packet analyser would take the other one for TLS.
"""

from quecsim.packets.pcapng import Interface, Packet

# Wireshark's exported PDUs (wsutil/exported_pdu_tlvs.h): tags, and a protocol whose messages are
# shown in the list of packets.
_END, _PROTOCOL = 0, 12
_TEXT = b"syslog"

_PLAIN_PORTS = {8883: 1883, 443: 80, 8443: 80, 990: 21, 989: 20, 465: 25, 993: 143, 995: 110}
_BY_OWNER = {"MQTT": 1883, "HTTP": 80}


def plain_port(owner: str, port: int) -> int:
    """Where the protocol is at home without TLS that the device's `owner` speaks at `port`, as far
    as one can tell; else `port`.
    """
    named = (plain for word, plain in _BY_OWNER.items() if owner.upper().startswith(word))
    return next(named, _PLAIN_PORTS.get(port, port))


def note(at_ns: int, text: str) -> Packet:
    """Something that happened and is no packet, in words; also as a comment."""
    return Packet(at_ns, _HEAD + text.encode(errors="replace"), Interface.NOTES, text)


def _tag(number: int, value: bytes) -> bytes:
    padded = value + bytes(-len(value) % 4)
    return number.to_bytes(2, "big") + len(padded).to_bytes(2, "big") + padded


_HEAD = _tag(_PROTOCOL, _TEXT) + _tag(_END, b"")
