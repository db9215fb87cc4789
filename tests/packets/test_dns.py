"""Questions for names, and answers, as dpkt reads them."""

import pytest
from dpkt import dns as read

from quecsim.packets import dns


def test_a_question() -> None:
    asked = read.DNS(dns.question("broker.example.", 70_000, 4))
    assert (asked.id, asked.qr, asked.rd) == (70_000 % 65_536, 0, 1)
    assert (asked.qd[0].name, asked.qd[0].type) == ("broker.example", read.DNS_A)


def test_an_answer_has_the_addresses_of_its_version() -> None:
    addresses = ["192.0.2.1", "2001:db8::1", "192.0.2.2"]
    assert dns.families(addresses) == [4, 6]
    told = read.DNS(dns.answer("web.example", 1, 4, addresses, 300))
    assert [each.ip for each in told.an] == [b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02"]
    assert {each.ttl for each in told.an} == {300}
    told = read.DNS(dns.answer("web.example", 1, 6, addresses))
    assert [each.type for each in told.an] == [read.DNS_AAAA]


def test_no_such_name() -> None:
    told = read.DNS(dns.answer("web.example", 1, 4, []))
    assert (told.rcode, told.an) == (read.DNS_RCODE_NXDOMAIN, [])
    assert dns.families([]) == [4]


@pytest.mark.parametrize(
    ("name", "can"),
    [
        ("broker.example", True),
        ("broker.example.", True),
        ("", False),
        (".", False),
        ("a..b", False),
        ("a" * 63, True),
        ("a" * 64 + ".example", False),
        (".".join(["a" * 60] * 5), False),
        ("bücher.example", False),
    ],
)
def test_which_names_can_be_asked_for(name: str, can: bool) -> None:
    assert dns.can_be_asked(name) is can
    if can:
        assert read.DNS(dns.question(name, 1, 6)).qd[0].name == name.removesuffix(".")
