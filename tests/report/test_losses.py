from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.report.losses import LossList, as_losses, places_text, why
from quecsim.trace.event import Lost
from tests.report.test_verdict import UPLOAD

LOST = Lost(
    at_ns=10, last_ns=20, offset=100, count=5, cause="ring", ring_bytes=64, full_ns=8,
    drained_ns=41_200_008, doing="the flash erased a block at 0x1a000", device_flow="off",
    host_flow="off",
)  # fmt: skip


def test_the_words_of_a_full_ring() -> None:
    assert why(LOST) == (
        "ring full for 41.2 ms while the flash erased a block at 0x1a000;"
        " flow control: device off, host off"
    )


def test_the_words_of_any_other_cause_are_what_the_device_was_doing() -> None:
    off = replace(LOST, cause="off", doing="the device was booting")
    assert why(off) == "the device was booting"
    assert as_losses([off], None)[0].full_ns == 0


def test_pieces_that_touch_and_have_one_reason_are_one() -> None:
    losses = LossList()
    losses.add(LOST)
    losses.add(replace(LOST, at_ns=21, last_ns=30, offset=105, count=2, drained_ns=50))
    assert losses.spans == [replace(LOST, count=7, last_ns=30, drained_ns=50)]
    losses.add(replace(LOST, offset=107, cause="off"))
    losses.add(replace(LOST, offset=120))
    assert [lost.offset for lost in losses.spans] == [100, 107, 120]


def test_a_bounded_list_counts_what_it_does_not_list() -> None:
    losses = LossList(most=2)
    for offset in (0, 10, 20, 30):
        losses.add(replace(LOST, offset=offset))
    assert [lost.offset for lost in losses.spans] == [0, 10]
    assert losses.unlisted == 10


def test_what_lies_behind_an_offset_is_taken_away() -> None:
    losses = LossList()
    for offset in (10, 30, 0):
        losses.add(replace(LOST, offset=offset))
    assert [lost.offset for lost in losses.take_from(10)] == [10, 30]
    assert [lost.offset for lost in losses.sorted()] == [0]


def test_places_in_the_payload() -> None:
    assert as_losses([LOST], 60)[0].at_byte == 40
    assert as_losses([LOST], None)[0].at_byte is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), max_size=25), st.integers(0, 60))
def test_a_bounded_list_counts_every_byte(places: list[tuple[int, int]], limit: int) -> None:
    """Three are listed; those at or behind an offset can be taken away again, with their bytes."""
    losses, every = LossList(3), LossList()
    for offset, count in sorted(places):
        for each in (losses, every):
            each.add(replace(LOST, offset=offset * 5, count=count))
    assert len(losses.spans) <= 3
    total = sum(count for _, count in places)
    assert losses.count == every.count == total
    taken = losses.take_from(limit * 5)
    assert losses.count == total - sum(lost.count for lost in taken)
    losses.add(replace(LOST, offset=10_000, count=7))
    assert losses.count == total - sum(lost.count for lost in taken) + 7


@given(count=st.integers(1, 9), most=st.integers(1, 9), behind=st.integers(0, 9))
def test_places_that_are_not_listed_are_counted(count: int, most: int, behind: int) -> None:
    """Whatever of them turns out to lie behind the upload is none of its places."""
    losses = LossList(most)
    for number in range(count):
        losses.add(replace(LOST, offset=number * 100, count=7))
    taken = losses.take_from((count - behind) * 100)
    upload = replace(
        UPLOAD,
        losses=as_losses(losses.sorted(), None),
        unlisted_places=losses.unlisted_places,
    )
    places = count - len(taken)
    assert places_text(upload) == ("1 place" if places == 1 else f"{places} places")
    assert losses.unlisted_places * 7 == losses.unlisted
