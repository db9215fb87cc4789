"""When somebody advertises, and what he says."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from quecsim.border.ble import Heard
from quecsim.peers.ble_advertiser import Advertiser, advertisement, name_in
from quecsim.units import MS


def made(until_ms: int | None = None, address: str = "c0ffee000001") -> Advertiser:
    until_ns = None if until_ms is None else until_ms * MS
    return Advertiser(Heard(address), 100 * MS, 7, 1000 * MS, until_ns)


def test_it_is_about_its_interval_apart_and_another_one_has_other_times() -> None:
    times = [made().at_ns(number) or 0 for number in range(50)]
    assert 1000 * MS <= times[0] < 1110 * MS
    apart = {after - before for before, after in itertools.pairwise(times)}
    assert all(90 * MS < each < 110 * MS for each in apart)
    assert len(apart) > 40
    assert times == [made().at_ns(number) for number in range(50)]
    assert times != [made(address="c0ffee000002").at_ns(number) for number in range(50)]


@given(st.integers(0, 20_000 * MS))
def test_the_first_from_a_time_on_is_that(at_ns: int) -> None:
    one = made()
    number = one.first_from(at_ns)
    assert (one.at_ns(number) or 0) >= at_ns
    assert number == 0 or (one.at_ns(number - 1) or 0) < at_ns


def test_then_he_is_gone() -> None:
    one = made(until_ms=1500)
    last = max(number for number in range(20) if one.at_ns(number) is not None)
    assert last in (3, 4)
    assert one.at_ns(one.first_from(1500 * MS)) is None


def test_what_he_says_has_his_name_in_it() -> None:
    long = "0123456789abcdef0123456789abcdef"
    assert advertisement("tag").hex() == "02010604097461" + "67"
    assert advertisement("tag", ["181a", "180f"]).hex() == "02010603031a1804097461" + "67"
    assert name_in(advertisement("thermometer", [long])) == "thermometer"
    assert name_in(advertisement("x" * 64)) == "x" * 29
    assert len(advertisement("x" * 64, [long])) <= 62
    assert name_in(bytes.fromhex("0201060408") + b"tag") == "tag"
    assert name_in(bytes.fromhex("02010600")) == name_in(b"") == name_in(b"\x09\x09") == ""
