"""The way that a plan takes, and what all ways have in common."""

import pytest

from quecsim.host.plan import UploadPlan, Via
from quecsim.host.uploader import Interrupted, upload
from tests.host.peer import Peer

COMMANDS = {
    Via.QFUPL: "AT+QFUPL=",
    Via.QFWRITE: "AT+QFOPEN=",
    Via.QSECWRITE: "AT+QSECWRITE=",
    Via.QFOTADL: "AT+QFOTADL=",
    Via.QFOTADL_PATH: "AT+QFUPL=",  # it is stored first
}


def plan(via: Via) -> UploadPlan:
    return UploadPlan("RAM:ca.pem", b"content", via=via)


@pytest.mark.parametrize("via", Via)
def test_each_way_sends_its_own_command_and_no_byte_when_it_is_refused(via: Via) -> None:
    port = Peer()
    result = upload(port, plan(via), sleep=port.sleep)
    used = {text for text in COMMANDS.values() if any(c.startswith(text) for c in port.commands)}
    assert used == {COMMANDS[via]}
    assert result.via is via
    assert len(result.problems) == 1
    assert ": ERROR; this one may not have " in result.problems[0]
    assert b"content" not in port.writes


@pytest.mark.parametrize("via", Via)
def test_each_way_needs_an_answer(via: Via) -> None:
    port = Peer()
    port.answers["AT"] = ""
    result = upload(port, plan(via), sleep=port.sleep)
    assert result.problems == ["no answer to AT at 115200 baud: is it on, and is the rate right?"]
    assert port.now_s < 30


@pytest.mark.parametrize("via", Via)
def test_each_way_bears_a_port_that_goes_away(via: Via) -> None:
    port = Peer()
    port.goes_away_after = 4
    result = upload(port, plan(via), sleep=port.sleep)
    assert len(result.problems) == 1
    assert result.problems[0].startswith("the port went away")


@pytest.mark.parametrize("via", Via)
def test_each_way_can_be_interrupted(via: Via) -> None:
    port = Peer()
    port.interrupt_after = 4
    with pytest.raises(Interrupted, match="in command mode"):
        upload(port, plan(via), sleep=port.sleep)
