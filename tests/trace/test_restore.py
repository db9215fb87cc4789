"""With the payload at hand a record is again what it was."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.trace.event import DataBegin, DataEnd, Event, HostBytes, PayloadDigest
from quecsim.trace.redact import Redactor
from quecsim.trace.restore import is_hidden, restored, without_digests

FILE = bytes(range(256)) * 8 + b"the end of it"


def run_of(pieces: Sequence[bytes]) -> list[Event]:
    """One upload a piece, with its command."""
    events: list[Event] = []
    for number, piece in enumerate(pieces):
        events += [
            HostBytes(number, 0, b"AT+QFWRITE=1\r"),
            DataBegin(number, 0, "+QFWRITE", "x", len(piece), False, 0),
            HostBytes(number, 0, piece),
            DataEnd(number, 0, "size", len(piece), len(piece), ""),
        ]
    return events


def redacted(events: Sequence[Event]) -> list[Event]:
    redactor = Redactor()
    return [*redactor.feed(events), *redactor.end()]


@given(st.lists(st.integers(1, len(FILE) - 1), max_size=12, unique=True))
@settings(deadline=None)
def test_a_file_in_any_pieces(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(FILE)]
    events = run_of([FILE[a:b] for a, b in pairwise(edges)])
    record = redacted(events)
    assert is_hidden(record)
    assert restored(record, [FILE]) == events
    assert without_digests(record) != events


def test_several_files_and_one_again_and_a_part() -> None:
    other = b"another file, of another kind" * 9
    events = run_of([FILE, other, FILE, FILE[300:900], other[:40]])
    assert restored(redacted(events), [other, FILE]) == events


def test_another_file_is_refused_with_the_place() -> None:
    record = redacted(run_of([FILE]))
    with pytest.raises(QuecsimError, match=r"2061 bytes that the host wrote from byte 0 on"):
        restored(record, [FILE[:-1] + b"!"])
    with pytest.raises(QuecsimError, match="digests in place of the payload"):
        restored(record, [])


def test_a_record_that_was_cut_short_goes_on_where_it_was() -> None:
    events = run_of([FILE[:500], FILE[500:]])[:-1]
    record = Redactor().feed(events)
    assert not isinstance(record[-1], PayloadDigest)
    assert restored(record, [FILE]) == events


def test_what_does_not_fit_together_is_told() -> None:
    record = [PayloadDigest(0, 5, ""), *redacted(run_of([FILE]))]
    with pytest.raises(QuecsimError, match="does not fit together"):
        restored(record, [FILE])


def test_nothing_hidden_is_as_it_is() -> None:
    assert not is_hidden(run_of([FILE]))
