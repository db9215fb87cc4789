"""A capture file as packet analysers read it (pcapng), packet by packet.

It has three interfaces (`Interface`): what a network carries, and what is known beside it. Times
are nanoseconds since 1970. The secrets of TLS stand before the packets that need them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from dpkt import pcapng

_SECRETS_BLOCK = 0x0A
_TLS_KEY_LOG = 0x544C534B
_NANOSECONDS = b"\x09"
SNAP_BYTES = 1 << 18
"""No packet of a file is larger: the most that Wireshark reads."""
_MOST_COMMENT_BYTES = 4000


class Interface(IntEnum):
    """Where a packet was seen: in the network; in a place where TLS has been taken off; or it is
    none, and in words (`quecsim.packets.inside`).
    """

    NETWORK = 0
    INSIDE = 1
    NOTES = 2


# Raw IP, and Wireshark's PDUs of a named protocol (tcpdump.org/linktypes.html).
_LINK_TYPES = {Interface.NETWORK: 101, Interface.INSIDE: 101, Interface.NOTES: 252}


@dataclass(frozen=True, slots=True)
class Packet:
    """`data` was seen at `at_ns`. `whole_bytes` is how much there was, where that is more.
    `comment` is for people.
    """

    at_ns: int
    data: bytes
    interface: Interface = Interface.NETWORK
    comment: str = ""
    whole_bytes: int = 0


class SecretsBlock(pcapng.PcapngBlockLE):  # type: ignore[misc]
    """A Decryption Secrets Block: lines of an SSLKEYLOGFILE."""

    __hdr__ = (
        ("type", "I", _SECRETS_BLOCK),
        ("len", "I", 20),
        ("kind", "I", _TLS_KEY_LOG),
        ("count", "I", 0),
        ("_len", "I", 20),
    )

    def __init__(self, lines: bytes) -> None:
        super().__init__(count=len(lines))
        self._padded = lines + bytes(-len(lines) % 4)

    def __bytes__(self) -> bytes:
        self.len = self._len = self.__hdr_len__ + len(self._padded)
        head: bytes = self.pack_hdr()
        return head[:-4] + self._padded + head[-4:]


class PcapngWriter:
    """Writes the head of a file into `out` at once. `program` and `comment` tell where it is from;
    `descriptions` are those of the interfaces.
    """

    def __init__(
        self,
        out: BinaryIO,
        *,
        program: str,
        comment: str = "",
        descriptions: Sequence[str] = ("", "", ""),
    ) -> None:
        self._out = out
        head = pcapng.SectionHeaderBlockLE(
            opts=_options(
                (pcapng.PCAPNG_OPT_COMMENT, _text(comment)),
                (pcapng.PCAPNG_OPT_SHB_USERAPPL, _text(program)),
            )
        )
        out.write(bytes(head))
        for interface, link_type in _LINK_TYPES.items():
            block = pcapng.InterfaceDescriptionBlockLE(
                linktype=link_type,
                snaplen=SNAP_BYTES,
                opts=_options(
                    (pcapng.PCAPNG_OPT_IF_NAME, interface.name.lower().encode()),
                    (pcapng.PCAPNG_OPT_IF_DESCRIPTION, _text(descriptions[interface])),
                    (pcapng.PCAPNG_OPT_IF_TSRESOL, _NANOSECONDS),
                ),
            )
            out.write(bytes(block))

    def write(self, packet: Packet, epoch_ns: int = 0) -> None:
        """Append `packet`, whose time counts from `epoch_ns` since 1970. What it has beyond
        `SNAP_BYTES` is left out.
        """
        self._out.write(_packet_block(packet, packet.at_ns + epoch_ns))

    def write_secrets(self, lines: bytes) -> None:
        """Append the secrets of TLS connections whose packets come behind."""
        self._out.write(bytes(SecretsBlock(lines)))


def _packet_block(packet: Packet, at_ns: int) -> bytes:
    data = packet.data[:SNAP_BYTES]
    block = pcapng.EnhancedPacketBlockLE(
        iface_id=packet.interface,
        ts_high=at_ns >> 32 & 0xFFFFFFFF,
        ts_low=at_ns & 0xFFFFFFFF,
        pkt_data=data,
        opts=_options((pcapng.PCAPNG_OPT_COMMENT, _text(packet.comment))),
    )
    made = bytearray(bytes(block))
    whole = max(packet.whole_bytes, len(packet.data))
    if whole > len(data):  # dpkt takes it that a packet is always whole
        made[24:28] = min(whole, 0xFFFFFFFF).to_bytes(4, "little")
    return bytes(made)


def _text(words: str) -> bytes:
    """In UTF-8, as long as an option may be; no character is cut."""
    data = words.encode(errors="replace")[:_MOST_COMMENT_BYTES]
    return data.decode(errors="ignore").encode()


def _options(*pairs: tuple[int, bytes]) -> list[pcapng.PcapngOptionLE]:
    """Those that say something."""
    given = [pcapng.PcapngOptionLE(code=code, data=data) for code, data in pairs if data]
    return [*given, pcapng.PcapngOptionLE()] if given else []
