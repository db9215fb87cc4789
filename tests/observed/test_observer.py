"""The record of a real device: every byte that was heard is in it."""

from quecsim.observed.heard import Heard, Source
from quecsim.observed.observer import observed
from quecsim.profiles.loader import load_profile
from quecsim.trace import event as ev


def test_all_bytes_of_both_sides_are_on_record() -> None:
    heard = [Heard(5, "host", b"AT\r"), Heard(9, "device", b"\r\nOK\r\n"), Heard(12, "host", b"A")]
    source = Source(words="tap of a port", lacks=("modem-lines",))
    record = list(observed(source, load_profile("ec200u"), heard))
    start = record[0]
    assert isinstance(start, ev.Start)
    assert start.observed is not None
    assert start.observed.lacks == ("modem-lines",)
    host = [each for each in record if isinstance(each, ev.HostBytes)]
    assert [(each.offset, each.data) for each in host] == [(0, b"AT\r"), (3, b"A")]
    assert b"".join(each.data for each in record if isinstance(each, ev.Sent)) == b"\r\nOK\r\n"
