"""How far away an address is, however it is written."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.live.network.addresses import Address, Reach, reach_of, read_address, why_never

LOCAL, PUBLIC, NEVER = Reach.LOCAL, Reach.PUBLIC, Reach.NEVER


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("127.0.0.1", LOCAL),
        ("127.255.255.254", LOCAL),
        ("126.255.255.255", PUBLIC),
        ("128.0.0.0", PUBLIC),
        ("10.0.0.0", LOCAL),
        ("11.0.0.0", PUBLIC),
        ("172.15.255.255", PUBLIC),
        ("172.16.0.1", LOCAL),
        ("172.31.255.255", LOCAL),
        ("172.32.0.0", PUBLIC),
        ("192.168.7.7", LOCAL),
        ("192.169.0.0", PUBLIC),
        ("100.64.0.1", PUBLIC),
        ("203.0.113.5", PUBLIC),
        ("8.8.8.8", PUBLIC),
        ("0.0.0.0", NEVER),
        ("0.1.2.3", NEVER),
        ("169.254.0.1", NEVER),
        ("169.254.169.254", NEVER),
        ("192.0.0.192", NEVER),
        ("100.100.100.200", NEVER),
        ("168.63.129.16", NEVER),
        ("224.0.0.1", NEVER),
        ("239.255.255.255", NEVER),
        ("240.0.0.1", NEVER),
        ("255.255.255.255", NEVER),
        ("::1", LOCAL),
        ("fc00::1", LOCAL),
        ("fdff:ffff::1", LOCAL),
        ("fe00::1", PUBLIC),
        ("2001:db8::1", PUBLIC),
        ("2606:4700::1111", PUBLIC),
        ("::", NEVER),
        ("fe80::1", NEVER),
        ("febf::1", NEVER),
        ("fec0::1", NEVER),
        ("ff02::1", NEVER),
        ("fd00:ec2::254", NEVER),
        ("fd00:42::42", NEVER),
        ("fd20:ce::254", NEVER),
        # version 4 inside
        ("::ffff:127.0.0.1", LOCAL),
        ("::ffff:7f00:1", LOCAL),
        ("::ffff:10.1.2.3", LOCAL),
        ("::ffff:8.8.8.8", PUBLIC),
        ("::ffff:169.254.169.254", NEVER),
        ("::ffff:a9fe:a9fe", NEVER),
        ("0:0:0:0:0:FFFF:169.254.169.254", NEVER),
        ("::ffff:0.0.0.0", NEVER),
        # through a translator: public as what it is, otherwise a way round
        ("64:ff9b::8.8.8.8", PUBLIC),
        ("64:ff9b::127.0.0.1", NEVER),
        ("64:ff9b::a9fe:a9fe", NEVER),
        ("64:ff9b:1::1", NEVER),
        ("::ffff:0:8.8.8.8", PUBLIC),
        ("::ffff:0:169.254.169.254", NEVER),
        ("::127.0.0.1", NEVER),
        ("::169.254.169.254", NEVER),
        ("2002:0808:0808::1", PUBLIC),
        ("2002:7f00:0001::1", NEVER),
        ("2002:a9fe:a9fe::", NEVER),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", NEVER),
    ],
)
def test_the_reach_of_an_address(text: str, reach: Reach) -> None:
    address = read_address(text)
    assert address is not None
    assert reach_of(address) is reach
    assert bool(why_never(address)) is (reach is NEVER)


@pytest.mark.parametrize("text", ["::ffff:169.254.169.254", "::ffff:0.0.0.0"])
def test_also_where_nobody_has_read_it_before(text: str) -> None:
    assert reach_of(ip_address(text)) is NEVER


# fmt: off
NO_ADDRESSES = (
    "", " ", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "127.0.0.01", "017700000001", "127.0.0.1 ", " 127.0.0.1", "127.0.0.1\n", "127.0.0.256",
    "127.0.0.1.", "[::1]", "::1%lo", "fe80::1%eth0", "::ffff:127.1", "::ffff:0x7f.0.0.1",
    "1::2::3", "12345::", "127.0.0.1/32", "\uff11\uff12\uff17.0.0.1", "\u246027.0.0.1",
    "localhost", "1.2.3.4.5", "-1.0.0.0", "+127.0.0.1", "1_2.0.0.1", "127\u30020\u30020\u30021",
)
# fmt: on


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_there_is_one_way_to_write_an_address(text: str) -> None:
    assert read_address(text) is None


def test_version_4_in_disguise_becomes_version_4() -> None:
    assert read_address("::ffff:127.0.0.1") == IPv4Address("127.0.0.1")


ADDRESSES: st.SearchStrategy[Address] = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address),
    st.integers(0, 2**128 - 1).map(IPv6Address),
)


@given(ADDRESSES)
def test_whatever_is_read_is_judged_alike_and_the_system_reads_the_same(address: Address) -> None:
    read = read_address(str(address))
    assert read is not None
    assert reach_of(read) is reach_of(address)
    family = socket.AF_INET if read.version == 4 else socket.AF_INET6
    assert socket.inet_pton(family, str(read)) == read.packed


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_address_of_version_4_gets_nearer_by_being_dressed_up(inner: Address) -> None:
    mapped = ip_address(f"::ffff:{inner}")
    assert reach_of(mapped) is reach_of(inner)
    if reach_of(inner) is not PUBLIC:
        for prefix in ("64:ff9b::", "::ffff:0:"):
            assert reach_of(ip_address(f"{prefix}{inner}")) is NEVER
        assert reach_of(IPv6Address((0x2002 << 112) | (int(inner) << 80))) is NEVER
