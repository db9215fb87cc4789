"""Any event that a record can hold."""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from quecsim.faults import AckLost, BitError, InsertBytes, PowerCutFault, UrcFault
from quecsim.faults.catalogue import fault_table
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Count, Event, Place, Time
from quecsim.trace.setup import FlashImage, Lack, Observed, Origin

FAULTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        AckLost(ack=3),
        BitError(per_million=7),
        InsertBytes(at_byte=1, bytes=(0, 255)),
        PowerCutFault(at_flash_op=2, off_ms=5),
        UrcFault(moment="before_ack", nth=2),
    ]
).map(fault_table)
INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)
DATA = st.dictionaries(st.text(), st.one_of(st.text(), INTEGERS, st.lists(st.booleans())))


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type, integers within their bounds, or no longer than 64 bits."""
    if get_origin(kind) is Annotated:
        (meta,) = kind.__metadata__
        return st.integers(meta.ge, meta.le)
    if kind == Place | None:
        return st.none() | _values(Place)
    if kind == dict[str, Any]:
        return FAULTS
    if kind == tuple[dict[str, Any], ...]:
        return st.lists(FAULTS, max_size=3).map(tuple)
    if kind is Origin:
        return st.builds(Origin, st.text(), DATA, image=st.builds(FlashImage, packed=st.binary()))
    if kind == Observed | None:
        lacks = st.lists(st.sampled_from(get_args(Lack)), max_size=2).map(tuple)
        return st.none() | st.builds(Observed, st.text(), lacks, DATA)
    if kind == Profile | None:
        return st.sampled_from([None, load_profile("m95")])
    if kind == dict[str, Any]:
        return DATA
    if kind == dict[str, Place]:
        return st.dictionaries(st.text(), _values(Place))
    if kind == tuple[int, int]:
        return st.tuples(INTEGERS, INTEGERS)
    if kind == tuple[tuple[Count, Count], ...]:
        return st.lists(st.tuples(_values(Count), _values(Count)), max_size=3).map(tuple)
    if kind == list[tuple[str, Count, Count, Time, Time]]:
        number = _values(Count)
        return st.lists(st.tuples(st.text(), number, number, number, number), max_size=3)
    return st.from_type(kind)


def events_of(kind: type) -> st.SearchStrategy[Event]:
    """Events of one kind."""
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: _values(hints[name]) for name in kind.__struct_fields__})  # type: ignore[attr-defined]


ANY_EVENT: st.SearchStrategy[Event] = st.sampled_from(get_args(Event)).flatmap(events_of)
