"""A packet analyser that others wrote, as a judge: tshark, and dpkt's own reader."""

import io
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import dpkt
import pytest
from dpkt import ip, ip6, pcapng, tcp, udp

_CHECKED = [f"{name}.check_checksum:TRUE" for name in ("ip", "tcp", "udp")]
WRONG = (
    'ip.checksum.status=="Bad" || tcp.checksum.status=="Bad" || udp.checksum.status=="Bad"'
    ' || icmp.checksum.status=="Bad" || icmpv6.checksum.status=="Bad"'
    " || tcp.analysis.flags && !tcp.analysis.reused_ports"
)
"""What is no packet of a right file: a checksum or a sequence number that is wrong."""
WRONG_OR_MALFORMED = f"{WRONG} || _ws.malformed"
"""Where a protocol's own messages are in it, too."""


def tshark(path: Path, *arguments: str) -> list[str]:
    """The lines that it says. Where it is missing the test is skipped."""
    found = shutil.which("tshark")
    if found is None:
        pytest.skip("tshark is not installed (Debian: apt install tshark)")
    options = [word for each in _CHECKED for word in ("-o", each)]
    done = subprocess.run(
        [found, "-n", "-r", str(path), *options, *arguments],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def shown(path: Path, only: str, *fields: str) -> list[list[str]]:
    """The `fields` of those packets that a display filter lets through."""
    wanted = [word for each in fields for word in ("-e", each)]
    lines = tshark(path, "-Y", only, "-T", "fields", *wanted)
    return [line.split("\t") for line in lines]


@dataclass
class Stream:
    """One direction of a connection, by the sequence numbers of its segments."""

    first: int = -1
    data: bytearray = field(default_factory=bytearray)

    def take(self, segment: tcp.TCP, count: int) -> None:
        """Segments come in order, and without gaps: that is a law of these files. It has `count`
        bytes, of which not all need be known.
        """
        if segment.flags & tcp.TH_SYN:
            self.first = segment.seq + 1
            return
        assert (segment.seq - self.first) % (1 << 32) == len(self.data)
        self.data += segment.data.ljust(count, b"?")
        self.first += bool(segment.flags & tcp.TH_FIN)


Ends = tuple[bytes, int, bytes, int]


def read(made: bytes) -> list[tuple[float, dpkt.Packet]]:
    """The packets of IP in a file, as dpkt reads them, with their times."""
    found = []
    for at, data in pcapng.Reader(io.BytesIO(made)):
        if data[0] >> 4 in (4, 6):
            found.append((at, (ip.IP if data[0] >> 4 == 4 else ip6.IP6)(data)))
    return found


def streams(made: bytes) -> dict[Ends, list[bytes]]:
    """What each direction of each connection carried: several where ports were used again."""
    found: dict[Ends, list[Stream]] = {}
    for _, packet in read(made):
        if not isinstance(packet.data, tcp.TCP):
            continue
        segment = packet.data
        ends = (packet.src, segment.sport, packet.dst, segment.dport)
        if segment.flags & tcp.TH_SYN:
            found.setdefault(ends, []).append(Stream())
        elif segment.flags & tcp.TH_RST:
            continue
        found[ends][-1].take(segment, _count(packet, segment))
    return {ends: [bytes(each.data) for each in many] for ends, many in found.items()}


def _count(packet: dpkt.Packet, segment: tcp.TCP) -> int:
    """How many bytes it carries, as its headers say."""
    is_4 = isinstance(packet, ip.IP)
    return int(packet.len - packet.hl * 4 if is_4 else packet.plen) - int(segment.off) * 4


def datagrams(made: bytes) -> list[tuple[Ends, bytes]]:
    """The datagrams, in order, but for questions of names."""
    found = []
    for _, packet in read(made):
        one = packet.data
        if isinstance(one, udp.UDP) and 53 not in (one.sport, one.dport):
            found.append(((packet.src, one.sport, packet.dst, one.dport), bytes(one.data)))
    return found
