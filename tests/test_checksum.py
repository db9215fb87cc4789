"""The checksum against values that real devices printed, and against the rule spelled out."""

from pathlib import Path

import certifi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.checksum import Checksum, checksum, checksum_text


def spelled_out(data: bytes) -> int:
    """The rule, one word at a time: the reference that the fast version must equal."""
    total = 0
    for at in range(0, len(data), 2):
        total ^= int.from_bytes(data[at : at + 2].ljust(2, b"\0"), "big")
    return total


def certificate(label: str) -> bytes:
    """One PEM certificate out of certifi's bundle, LF line ends, with the last LF."""
    bundle = Path(certifi.where()).read_text(encoding="utf-8")
    after = bundle.split(f'# Label: "{label}"', 1)[1]
    body = after.split("-----BEGIN CERTIFICATE-----", 1)[1].split("-----END CERTIFICATE-----", 1)[0]
    return f"-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----\n".encode()


AMAZON = certificate("Amazon Root CA 1")
ISRG = certificate("ISRG Root X1")


@pytest.mark.parametrize(
    ("data", "size", "text"),
    [
        (AMAZON, 1188, "2d13"),  # printed by an EC25 and by M66/M95
        (AMAZON[:-1], 1187, "2d19"),  # without the last LF: an odd length
        (AMAZON.replace(b"\n", b"\r\n"), 1208, "5769"),  # printed by a BG95
        (ISRG, 1939, "4f64"),  # printed by an EG800K: an odd length
        (b"".join(line + b"\r\n" for line in AMAZON.splitlines()[::3]), 389, "41e"),  # BG95
        (AMAZON.splitlines()[0] + b"\r", 28, "6c53"),  # BG95
        (AMAZON.splitlines()[0] + b"\r\n", 29, "6653"),  # BG95
        (AMAZON[:1024], 1024, "2e3c"),
        (b"", 0, "0"),
        (b"A", 1, "4100"),
        (b"AB", 2, "4142"),
        (b"ABC", 3, "242"),  # no leading zero
        (b"0123456789", 10, "3839"),
        (b"\x01\x02\x01\x02", 4, "0"),
    ],
)
def test_golden_vectors(data: bytes, size: int, text: str) -> None:
    assert len(data) == size
    assert checksum_text(checksum(data)) == text
    assert Checksum().update(data).text == text


@given(st.binary(max_size=300))
def test_the_fast_fold_equals_the_rule(data: bytes) -> None:
    assert checksum(data) == spelled_out(data)


@given(st.lists(st.binary(max_size=20)))
def test_pieces_do_not_matter(pieces: list[bytes]) -> None:
    running = Checksum()
    for count, piece in enumerate(pieces, start=1):
        running.update(piece)
        assert running.value == spelled_out(b"".join(pieces[:count]))


def test_a_memoryview_and_a_bytearray_will_do() -> None:
    assert checksum(memoryview(AMAZON)) == checksum(bytearray(AMAZON)) == 0x2D13
    running = Checksum().update(memoryview(AMAZON)[:333]).update(bytearray(AMAZON[333:]))
    assert running.text == "2d13"


def test_it_is_weak_swapped_or_paired_words_go_unnoticed() -> None:
    assert checksum(b"ABCDEF") == checksum(b"CDABEF")
    assert checksum(b"ABxyxyCD") == checksum(b"ABCD")


def test_a_single_shift_or_a_swap_within_a_word_is_noticed() -> None:
    assert checksum(b"ABCDEF") != checksum(b"BACDEF")
    assert checksum(AMAZON) != checksum(AMAZON[1:] + AMAZON[:1])


def test_a_last_line_feed_changes_the_high_byte_of_the_last_word() -> None:
    """Printed for one unknown file without and with it: 683,f6e and 684,f64."""
    without = b"\0" * 680 + b"\x0f\x6e\x00"
    assert (len(without), checksum_text(checksum(without))) == (683, "f6e")
    assert (len(without + b"\n"), checksum_text(checksum(without + b"\n"))) == (684, "f64")


def test_padded_to_four_digits() -> None:
    """A host of one Cat.1 module reads 0a31."""
    assert checksum_text(0x0A31, padded=True) == "0a31"
    assert checksum_text(0, padded=True) == "0000"
