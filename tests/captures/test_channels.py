"""Which channel of an analyser is the host, which the device."""

import pytest

from quecsim.captures.channels import Sides, reader, sides_of
from quecsim.captures.opened import Options, Piece, Tally
from quecsim.errors import QuecsimError
from quecsim.observed.heard import Heard

HOST = b"ATI\rAT+CSQ\r\nAT\r"
DEVICE = b"ATI\r\r\nQuectel\r\n\r\nOK\r\n\r\n+CSQ: 1,99\r\n\r\nOK\r\n\r\nOK\r\n"
DEBUG = b"[main] hello\n[main] world\n"
BINARY = bytes(range(128, 256))


def of(**channels: bytes):  # type: ignore[no-untyped-def]
    """A capture with these channels, their bytes in turn."""
    longest = max(map(len, channels.values()))
    pieces = [
        Piece(place * 1000 + number, name, data[place : place + 1])
        for place in range(longest)
        for number, (name, data) in enumerate(channels.items())
        if place < len(data)
    ]
    return lambda _tally: iter(pieces)


def chosen(options: Options | None = None, **channels: bytes) -> Sides:
    return sides_of(of(**channels), options or Options(), "a")


def test_what_is_said_tells_and_not_the_name() -> None:
    for names in ("ab", "ba"):
        sides = chosen(None, **{names[0]: HOST, names[1]: DEVICE})
        assert (sides.host, sides.device) == (names[0], names[1])


def test_other_channels_are_told_and_left_out() -> None:
    sides = chosen(debug=DEBUG, tx=HOST, junk=BINARY, rx=DEVICE)
    assert (sides.host, sides.device) == ("tx", "rx")
    assert sum("not used" in note for note in sides.notes) == 2


@pytest.mark.parametrize(
    ("channels", "host", "device"),
    [
        ({"a": HOST, "b": BINARY}, "a", "b"),
        ({"a": BINARY, "b": DEVICE}, "a", "b"),
        ({"a": HOST}, "a", None),
        ({"a": DEVICE}, None, "a"),
        ({"a": BINARY}, "a", None),
    ],
)
def test_one_side_is_enough(channels: dict[str, bytes], host: str, device: str) -> None:
    sides = chosen(None, **channels)
    assert (sides.host, sides.device) == (host, device)


def test_nobody_says_at() -> None:
    with pytest.raises(QuecsimError, match="not clear which is the host") as error:
        chosen(a=BINARY, b=DEBUG)
    assert '"a": 128 bytes' in str(error.value)
    sides = chosen(Options(host_channel="b"), a=BINARY, b=DEBUG)
    assert (sides.host, sides.device) == ("b", "a")


def test_swap() -> None:
    sides = chosen(Options(swap=True), a=HOST, b=DEVICE)
    assert (sides.host, sides.device) == ("b", "a")


def test_a_channel_that_begins_late_is_heard() -> None:
    late = [Piece(n, "a", bytes((byte,))) for n, byte in enumerate(HOST * 2000)]
    late += [Piece(10**6 + n, "b", bytes((byte,))) for n, byte in enumerate(DEVICE)]
    read, sides = reader(lambda _tally: iter(late), Options(), "a")
    assert (sides.host, sides.device) == ("a", "b")
    heard = [each for each in read(Tally()) if isinstance(each, Heard)]
    assert b"".join(each.data for each in heard if each.side == "device") == DEVICE


def test_a_file_of_one_side_has_one_channel() -> None:
    assert chosen(Options(side="device"), a=HOST) == Sides(None, "a", True)
    with pytest.raises(QuecsimError, match="2 channels"):
        chosen(Options(side="host"), a=HOST, b=DEVICE)


def test_an_empty_capture() -> None:
    with pytest.raises(QuecsimError, match="no byte"):
        sides_of(lambda _tally: iter(()), Options(), "a")
