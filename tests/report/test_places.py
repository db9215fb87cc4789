from quecsim.report.places import BytePlaces
from quecsim.trace.event import DataBegin, DataEnd, Eaten


def _eaten(offset: int, data: bytes, why: str = "no command") -> Eaten:
    return Eaten(0, 0, offset, len(data), why, data)


def test_pieces_that_touch_are_one_place() -> None:
    places = BytePlaces()
    for event in (
        _eaten(0, b"abc"),
        _eaten(3, b"de"),
        _eaten(9, b"f"),
        _eaten(10, b"\n", "surplus after the data"),
    ):
        places.handlers[Eaten](event)
    assert [(each.offset, each.count) for each in places.listed()] == [(0, 5), (9, 1), (10, 1)]
    assert places.count == 7


def test_the_lf_of_a_line_end_is_no_mistake_and_protocol_download_is_told_apart() -> None:
    places = BytePlaces()
    places.handlers[Eaten](_eaten(0, b"\n", "LF after CR"))
    places.handlers[DataBegin](DataBegin(0, 1, "+QFOTADL,2", "x", 9, False, 0))
    places.handlers[Eaten](_eaten(1, b"frame", "its frames are not public"))
    places.handlers[DataEnd](DataEnd(0, 6, "idle", 5, 0, ""))
    assert (places.count, places.protocol_bytes) == (0, 5)
    places.handlers[Eaten](_eaten(6, b"x"))
    assert places.count == 1
