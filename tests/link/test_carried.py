"""Bytes that go over the links are in exactly one place, or it is said at once."""

import pytest

from quecsim.link import Carried


def test_what_is_booked_adds_up() -> None:
    carried = Carried(given=10, arrived=4, on_way=1)
    carried.lose("link", 3)
    carried.lose("fault", 2)
    carried.lose("credit", 0)
    carried.check()
    assert (carried.lost_total, carried.lost) == (5, {"link": 3, "fault": 2})


def test_what_vanishes_is_found() -> None:
    with pytest.raises(AssertionError, match="appeared or vanished"):
        Carried(given=10, arrived=9).check()
