"""Packets of IP: an independent reader finds in them what was put in, and no wrong checksum."""

from ipaddress import ip_address

import pytest
from dpkt import icmp, icmp6, ip, ip6
from hypothesis import given
from hypothesis import strategies as st

from quecsim.packets.ip import ACK, PSH, SYN, Place, datagram, echo, is_alike, segment

HERE, THERE = Place("10.0.0.2", 49_153), Place("192.0.2.10", 1883)
HERE_6, THERE_6 = Place("fd00::2", 49_153), Place("2001:db8::1", 1883)


def parsed(made: bytes) -> ip.IP | ip6.IP6:
    return ip.IP(made) if made[0] >> 4 == 4 else ip6.IP6(made)


def is_right(made: bytes) -> bool:
    """The sum of all that a checksum covers, and itself, is 0xffff."""
    packet = parsed(made)
    body = bytes(packet.data)
    number = packet.p if isinstance(packet, ip.IP) else packet.nxt
    pseudo = b"" if number == 1 else packet.src + packet.dst
    pseudo += b"" if number == 1 else len(body).to_bytes(4, "big") + number.to_bytes(4, "big")
    data = pseudo + body + bytes(len(body) % 2)
    total = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


@pytest.mark.parametrize("ends", [(HERE, THERE), (HERE_6, THERE_6)])
@given(data=st.binary(max_size=3000), seq=st.integers(0, 1 << 40), ack=st.integers(0, 1 << 40))
def test_a_segment(ends: tuple[Place, Place], data: bytes, seq: int, ack: int) -> None:
    made = segment(*ends, ACK | PSH, seq, ack, data)
    packet = parsed(made)
    found = packet.data
    assert (found.sport, found.dport) == (49_153, 1883)
    assert (found.seq, found.ack) == (seq % (1 << 32), ack % (1 << 32))
    assert found.data == data
    assert packet.src == ip_address(ends[0].address).packed
    assert is_right(made)


def test_a_segment_that_begins_has_options_and_acknowledges_nothing() -> None:
    found = parsed(segment(HERE, THERE, SYN, 7, 8, b"", b"\x02\x04\x05")).data
    assert found.opts == b"\x02\x04\x05\x01"
    assert (found.flags, found.seq, found.ack) == (SYN, 7, 0)


@pytest.mark.parametrize("ends", [(HERE, THERE), (HERE_6, THERE_6)])
@given(data=st.binary(max_size=70))
def test_a_datagram(ends: tuple[Place, Place], data: bytes) -> None:
    made = datagram(*ends, data)
    assert parsed(made).data.data == data
    assert is_right(made)


@pytest.mark.parametrize("ends", [(HERE, THERE), (HERE_6, THERE_6)])
def test_no_datagram_has_a_checksum_of_zero_which_would_mean_none(
    ends: tuple[Place, Place],
) -> None:
    other = parsed(datagram(*ends, b"\0\0")).data.sum
    for word in (other - 1, other, other + 1):  # whose checksums are 1, 0 and 0xfffe
        found = parsed(datagram(*ends, word.to_bytes(2, "big"))).data.sum
        assert found == (0xFFFF if word == other else (other - word) % 0xFFFF)


@pytest.mark.parametrize(("here", "there"), [("10.0.0.2", "192.0.2.1"), ("fd00::2", "fd00::3")])
@pytest.mark.parametrize("is_reply", [False, True])
def test_an_echo(here: str, there: str, is_reply: bool) -> None:
    made = echo(here, there, 7, 32, is_reply=is_reply, ttl=55)
    packet = parsed(made)
    kinds = (icmp.ICMP_ECHO, icmp.ICMP_ECHOREPLY)
    if isinstance(packet, ip6.IP6):
        kinds = (icmp6.ICMP6_ECHO_REQUEST, icmp6.ICMP6_ECHO_REPLY)
    assert packet.data.type == kinds[is_reply]
    assert (packet.ttl if isinstance(packet, ip.IP) else packet.hlim) == 55
    assert is_right(made)


def test_addresses_of_one_version() -> None:
    assert is_alike("10.0.0.2", "192.0.2.1")
    assert not is_alike("10.0.0.2", "fd00::2")
    assert parsed(datagram(Place("fe80::1%eth0", 1), THERE_6, b"")).src.startswith(b"\xfe\x80")
