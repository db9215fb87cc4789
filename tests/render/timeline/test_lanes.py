import pytest

from quecsim.errors import QuecsimError
from quecsim.render.timeline import Timeline, timeline
from quecsim.run.recorded import recorded
from tests.cli.test_report import CERTIFICATE, record


@pytest.fixture(scope="module")
def lossy() -> Timeline:
    return timeline(recorded(record("thread-57329")))


def test_the_loss_has_its_place_and_its_reason(lossy: Timeline) -> None:
    (lost,) = lossy.lane("lost").spans
    assert (lost.offset, lost.count) == (1047, 153)
    assert lost.begin_ns < lost.end_ns
    assert lost.text.startswith("153 bytes lost, 1047..1199: ring full for 13.3 ms while")


def test_the_ring_is_full_when_the_bytes_are_lost(lossy: Timeline) -> None:
    (lost,) = lossy.lane("lost").spans
    full = [at_ns for at_ns, level in lossy.ring if level == lossy.ring_bytes]
    assert full[0] <= lost.begin_ns < lost.end_ns <= full[-1]


def test_the_line_carries_the_file_in_one_train(lossy: Timeline) -> None:
    command, file = lossy.lane("line").spans
    assert file.count == len(CERTIFICATE)
    assert file.end_ns - file.begin_ns == len(CERTIFICATE) * 10 * 1_000_000_000 // 115200
    assert command.text == "23 bytes at 115200 8N1"


def test_data_mode_is_from_connect_to_its_end(lossy: Timeline) -> None:
    (data,) = lossy.lane("data").spans
    (spans,) = [lossy.signal("mode").spans("data", lossy.end_ns)]
    assert spans == [(data.begin_ns, data.end_ns)]


def test_flow_control_holds_the_host_where_it_has_it() -> None:
    made = timeline(recorded(record("thread-57329", flow="rtscts", ifc=(2, 2))))
    held = made.lane("held").spans
    assert held
    assert made.lane("lost").spans == ()
    offs = made.signal("rts").spans("off", made.end_ns)
    assert all(any(off <= span.begin_ns for off, _ in offs) for span in held)


def test_without_its_beginning_there_is_no_record() -> None:
    with pytest.raises(QuecsimError, match="does not begin"):
        recorded(record("thread-57329")[1:])


def test_a_device_without_flow_control_has_no_levels_for_it() -> None:
    """Otherwise pictures have marks that mean nothing, on the line of the empty ring."""
    made = timeline(recorded(record("fcm242d-certificate")))
    assert (made.rts_off_bytes, made.rts_on_bytes) == (None, None)
    with_it = timeline(recorded(record("typical-flash")))
    assert (with_it.rts_off_bytes, with_it.rts_on_bytes) == (3072, 1024)
