"""Whatever a listener has heard can be compared; a host that waits finds a device like itself."""

import serial
from hypothesis import assume, given
from hypothesis import strategies as st

from quecsim.likeness.comparison import compare, record_of
from quecsim.likeness.search import Explained
from quecsim.likeness.words import table, text
from quecsim.profiles.quirks import QUIRKS
from quecsim.scenario.options import make_scenario
from quecsim.trace import event as ev
from tests.laws.driver import Setup, Step, law, play
from tests.laws.strategies import cases
from tests.likeness.device import Host, ask, say, session
from tests.observed.listener import listened_to, profile_of


@law(60)
@given(cases())
def test_every_record_can_be_compared(case: tuple[Setup, list[Step]]) -> None:
    known = play(*case).events
    assume(any(isinstance(event, ev.HostBytes) and event.data for event in known))
    profile = profile_of(known)
    record = record_of(listened_to(known), profile)
    found = compare(record, profile)
    assert found == compare(record, profile)
    assert text(record, profile, found, Explained(found))
    assert table(record, profile, found, Explained(found))["differing"] == found.count
    reached = found.compared * found.runs + len(found.unreached)
    assert reached >= len(record.played.reading.exchanges) - 1


_LINES = st.sampled_from(
    ["AT", "ATI", "ATE0", "ATE1", "AT+CMEE=2", "AT+CMEE?", 'AT+QFLST="a"', 'AT+QFDEL="a"',
     'AT+QFLST="*"', 'AT+QFDEL="*"', 'AT+QFDWL="a"', 'AT+QFOPEN="b",0', 'AT+QFOPEN="b",2',
     "AT+QFREAD=1027,9", "AT+QFWRITE=1027,0", "AT+QFCLOSE=1027", "AT+NONE", "AT+QFUPL=?",
     'AT+QFUPL="a",0', "AT;+CMEE?", "at+cmee?;e0"]
)  # fmt: skip
_UPLOADS = st.tuples(
    st.sampled_from(["a", "c"]), st.binary(max_size=1500), st.integers(0, 3), st.booleans()
)
_FILES = ("list_prefix", "checksum_padded", "upload_timeout", "existing_file", "missing_list",
          "missing_delete", "ack_framing", "ack_final_full_block", "early_bytes", "cmee",
          "write_blank_line", "read_eof")  # fmt: skip
_VALUES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(QUIRKS[name].readings) for name in _FILES}
)


def _host(steps: list[str | tuple[str, bytes, int, bool]]) -> Host:
    def host(port: serial.SerialBase) -> None:
        for step in steps:
            if isinstance(step, str):
                ask(port, step, 1)
                continue
            name, data, missing, ack = step
            line = f'AT+QFUPL="{name}",{max(1, len(data) + missing)},1,{int(ack)}'
            if ask(port, line, 1).endswith(b"CONNECT\r\n"):
                say(port, data, 4)

    return host


@law(25)
@given(st.lists(st.one_of(_LINES, _LINES, _UPLOADS), min_size=1, max_size=12), _VALUES)
def test_a_host_that_waits_finds_a_device_like_itself(
    steps: list[str | tuple[str, bytes, int, bool]], values: dict[str, object]
) -> None:
    profile = make_scenario("ec200u", quirks=values).profile()
    found = compare(record_of(session(_host(steps), quirks=values), profile), profile)
    assert found.differences == ()
    assert found.compared * found.runs >= len(steps)
