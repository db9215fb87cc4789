"""Transparent mode's inbox: bounded, held back, and never forgotten."""

from quecsim.border.ble import BleWhy, Came, Hold, Joined, Left, Subscribed
from quecsim.clients.ble_state import Role, State, Step
from tests.clients.ble_stage import BleStage

PHONE = "112233445566"


def on_line() -> BleStage:
    stage = BleStage(Role.PERIPHERAL, host_bytes=512)
    stage.ble.move(Step.ADVERTISE)
    stage.tell(Joined(PHONE), Subscribed("fff2", is_on=True))
    stage.ble.stream.go_on_line("fff2")
    stage.take()
    return stage


def test_the_other_side_is_held_back_while_too_much_waits() -> None:
    stage = on_line()
    stream = stage.ble.stream
    stage.tell(Came("fff2", bytes(511)))
    assert stage.take() == ([], [])
    stage.tell(Came("fff3", b"ab"))
    assert stage.take() == ([Hold(is_on=True)], [])
    assert len(stream.take_down(200)) == 200
    assert stage.take() == ([], [])
    assert stream.take_down(1000) == bytes(311) + b"ab"
    assert stage.take() == ([Hold(is_on=False)], [])
    assert stream.take_down(1000) == b""


def test_what_was_not_read_is_told_behind_the_escape() -> None:
    stage = on_line()
    stage.tell(Came("fff2", bytes(600)), Came("fff3", b"ab"))
    stage.ble.stream.take_down(599)
    stage.take()
    stage.ble.stream.go_off_line()
    wanted, said = stage.take()
    assert said == ['+QBLERECV: 0,"fff2",1\r\n\0', '+QBLERECV: 0,"fff3",2\r\nab']
    assert wanted == []
    stage.tell(Came("fff2", b"c"))
    assert stage.take()[1] == ['+QBLERECV: 0,"fff2",1\r\nc']


def test_nothing_waits_where_there_is_no_data() -> None:
    stage = on_line()
    stage.tell(*[Came("fff2", b"")] * 10)
    assert len(stage.ble.stream._inbox) == 0
    stage.ble.stream.go_off_line()
    assert stage.take() == ([], [])


def test_another_connection_does_not_take_up_an_old_session() -> None:
    stage = on_line()
    stage.tell(Came("fff2", b"old"), Left(BleWhy.PEER), Joined(PHONE), Came("fff2", b"new"))
    assert stage.ble.state is State.CONNECTED
    assert stage.ble.stream.trouble == "their connection was gone"
    assert stage.ble.stream.take_down(100) == b"old"
    assert '+QBLERECV: 0,"fff2",3\r\nnew' in stage.take()[1]


def test_why_nothing_gets_there() -> None:
    stage = BleStage(Role.PERIPHERAL)
    stream = stage.ble.stream
    stage.ble.move(Step.ADVERTISE)
    stream.go_on_line("fff2")
    assert stream.trouble == "nobody had connected yet"
    stage.tell(Joined(PHONE))
    assert stream.trouble == "the other side had not switched notifications on"
    stage.tell(Subscribed("fff2", is_on=True))
    assert stream.trouble == ""
