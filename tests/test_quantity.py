"""Values with their unit: exact, and nonsense is told as such."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.quantity import RATE, SIZE, TIME, Dimension, QuantityError, of_key, parse


@pytest.mark.parametrize(
    ("text", "dimension", "unit", "number"),
    [
        ("5ms", TIME, "ns", 5_000_000),
        ("1.5s", TIME, "ns", 1_500_000_000),
        ("1.5s", TIME, "ms", 1_500),
        ("2min", TIME, "ns", 120_000_000_000),
        ("1h", TIME, "s", 3_600),
        ("0.1s", TIME, "ns", 100_000_000),  # as a float it is more than that
        ("0.3us", TIME, "ns", 300),
        ("250 us", TIME, "ns", 250_000),
        ("3µs", TIME, "ns", 3_000),
        ("45", TIME, "ms", 45),
        ("8k", SIZE, "bytes", 8_192),
        ("64KiB", SIZE, "bytes", 65_536),
        ("64kB", SIZE, "bytes", 64_000),
        ("1.5k", SIZE, "bytes", 1_536),
        ("1M", SIZE, "bytes", 1 << 20),
        ("512", SIZE, "bytes", 512),
        ("512B", SIZE, "bytes", 512),
        ("115200", RATE, "baud", 115_200),
        ("115k", RATE, "baud", 115_200),
        ("921k", RATE, "baud", 921_600),
        ("115.2k", RATE, "baud", 115_200),
        ("115k2", RATE, "baud", 115_200),
        ("9k6", RATE, "baud", 9_600),
        ("250k", RATE, "baud", 250_000),
        ("1.5M", RATE, "baud", 1_500_000),
        (" 9600 baud ", RATE, "baud", 9_600),
    ],
)
def test_what_is_written_is_a_whole_number(
    text: str, dimension: Dimension, unit: str, number: int
) -> None:
    assert parse(text, dimension, unit) == number


def test_a_bare_number_has_the_unit_of_its_place() -> None:
    assert parse("1.5", TIME, "ns", bare="s") == 1_500_000_000
    assert parse("1.5ms", TIME, "ns", bare="s") == 1_500_000


@pytest.mark.parametrize(
    ("text", "dimension", "unit", "message"),
    [
        ("nan", TIME, "ms", '"nan" is no time: write 5ms, 1.5s or 2min'),
        ("inf", TIME, "ms", "is no time"),
        ("-1", TIME, "ms", '"-1" is no time'),
        ("+1", TIME, "ms", "is no time"),
        ("1e400", TIME, "s", '"1e400" is no time'),
        ("1e3", SIZE, "bytes", "is no size: write 512, 8k or 64KiB"),
        ("", TIME, "ms", '"" is no time'),
        ("ms", TIME, "ms", "is no time"),
        ("1,5s", TIME, "ms", "is no time"),
        ("1.s", TIME, "ms", "is no time"),
        ("0x10", SIZE, "bytes", "is no size"),
        ("٣ms", TIME, "ms", "is no time"),
        ("9" * 400, SIZE, "bytes", '..." is no size'),
        ("5m", TIME, "ms", "two ways: write min for minutes"),
        ("5KB", SIZE, "bytes", "two ways: write k or KiB for 1024 bytes, kB for 1000"),
        ("5parsec", TIME, "ms", "there is no unit parsec of a time"),
        ("5ms", SIZE, "bytes", "there is no unit ms of a size"),
        ("1.5ms", TIME, "ms", '"1.5ms" is no whole number of ms'),
        ("0.0001k", SIZE, "bytes", "is no whole number of bytes"),
        ("0.5", RATE, "baud", "is no whole number of baud"),
    ],
)
def test_nonsense_is_one_readable_sentence(
    text: str, dimension: Dimension, unit: str, message: str
) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text, dimension, unit)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 120


@given(st.integers(0, 10**12), st.integers(0, 999_999_999), st.sampled_from(["us", "ms", "s"]))
def test_it_agrees_with_decimal(whole: int, part: int, unit: str) -> None:
    text = f"{whole}.{part:09}"
    exact = Decimal(text) * TIME.units[unit]
    try:
        assert parse(text + unit, TIME, "ns") == exact
    except QuantityError:
        assert exact != exact.to_integral_value()


def test_a_key_says_its_unit_last() -> None:
    assert of_key("off_ms", "1.5s") == 1_500
    assert of_key("at_byte", "4k") == 4_096
    assert of_key("rx_bytes", "8k") == 8_192
    assert of_key("baud", "115k") == 115_200
    assert of_key("every", "5ms") is None
    assert of_key("up_bytes_per_s", "2s") is None  # a speed, and no time
    with pytest.raises(QuantityError, match='"7" has no unit'):
        of_key("off_ms", "7")
    with pytest.raises(QuantityError, match=r'^"a\\nb" is no time'):
        of_key("off_ms", "a\nb")
