"""What one `A` stands for, known or learned."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.host.ack_blocks import AckBlocks


def test_it_is_1024_until_the_device_says_otherwise() -> None:
    blocks = AckBlocks(None)
    assert [blocks.wanted(sent) for sent in (1023, 1024, 2047, 2048)] == [0, 1, 1, 2]
    assert blocks.is_learning(0, 1024)
    blocks.none_came(1024)
    assert (blocks.wanted(1024), blocks.wanted(2048)) == (0, 1)
    blocks.came(1, 2048)
    assert blocks.size_bytes == 2048
    assert not blocks.is_learning(1, 2048)


def test_an_a_that_was_only_late_makes_it_smaller_again() -> None:
    blocks = AckBlocks(None)
    blocks.none_came(1024)
    blocks.came(2, 2048)
    assert blocks.size_bytes == 1024


def test_what_is_known_is_not_learned() -> None:
    blocks = AckBlocks(500)
    blocks.came(9, 500)
    assert (blocks.size_bytes, blocks.step_bytes) == (500, 500)
    assert not blocks.is_learning(0, 500)


@given(st.integers(1, 16_384), st.integers(1, 500))
def test_a_device_of_any_block_is_never_waited_for_in_vain(block: int, steps: int) -> None:
    """Once the first `A` has come, no more are wanted than a device of that block gives."""
    blocks = AckBlocks(None)
    for sent in range(1024, 1024 * steps + 1, 1024):
        acks = sent // block
        blocks.came(acks, sent) if acks else blocks.none_came(sent)
        assert blocks.wanted(sent) <= acks
