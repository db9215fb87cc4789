from quecsim.likeness.comparison import compare, record_of
from quecsim.likeness.search import Explained, explain
from quecsim.profiles.loader import load_profile
from quecsim.trace.event import Event
from tests.likeness.device import asks, session


def explained(events: list[Event], device: str = "ec200u") -> Explained:
    profile = load_profile(device)
    record = record_of(events, profile)
    return explain(record, profile, compare(record, profile))


def test_one_value_explains_one_difference() -> None:
    events = session(asks("ATI", 'AT+QFLST="none.txt"'), quirks={"missing_list": "file_not_found"})
    found = explained(events)
    (changes,) = found.alone.values()
    assert changes[0].words == 'files.missing_list = "file_not_found"'
    assert [change.words for change in found.together] == [changes[0].words]
    assert found.left.differences == ()
