"""Each rule about Bluetooth LE: a host that breaks it, and one that comes close and does not."""

import pytest

from quecsim.judge.conduct import ConductWatch
from quecsim.judge.conduct_rules import Breach
from quecsim.trace import event as ev
from quecsim.units import ms, s

CONNECTED, DISCONNECTED = '+QBLESTAT: "CONNECTED"', '+QBLESTAT: "DISCONNECTED"'
NOTIFY = '+QBLEGATTSNTFY=0,"FFF2",{}'
WRITE = '+QBLEGATTCWRREQ=0,"FFF2",{}'
JOIN = '+QBLECONN=0,"58d391010203"'


class Record:
    """What a host and a device say, a second apart."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self.at_ns = 0
        self._offset = 0
        self._number = 0

    def asks(self, line: str, result: str = "OK", after_ns: int = s(1)) -> "Record":
        self.at_ns += after_ns
        self._number += 1
        data = f"AT{line}\r".encode()
        at_ns, offset, number = self.at_ns, self._offset, self._number
        self.events += [
            ev.HostBytes(at_ns, offset, data),
            ev.CommandLine(at_ns + ms(1), offset, len(data), line, number),
            ev.Result(at_ns + ms(2), result, line, number),
        ]
        self._offset += len(data)
        return self

    def says(self, *urcs: str, after_ns: int = s(1)) -> "Record":
        self.at_ns += after_ns
        self.events += [ev.Urc(self.at_ns, urc) for urc in urcs]
        return self

    def rules(self) -> list[str]:
        return [each.rule for each in self._breaches()]

    def text(self) -> str:
        (breach,) = self._breaches()
        return breach.text

    def _breaches(self) -> list[Breach]:
        watch = ConductWatch()
        watch.feed(self.events)
        return watch.breaches()


# no-wait-for-result


def test_a_central_that_takes_the_ok_for_the_connection() -> None:
    record = Record().asks(JOIN).asks(WRITE.format("on"), "ERROR")
    assert record.rules() == ["no-wait-for-result"]
    assert record.text() == (
        'AT+QBLEGATTCWRREQ came 998.0 ms after AT+QBLECONN, before +QBLEINFO: "DOWN"'
    )


def test_a_connection_without_its_discovery_is_not_enough() -> None:
    record = Record().asks(JOIN).says(CONNECTED).asks(WRITE.format("on"), "ERROR")
    assert record.rules() == ["no-wait-for-result"]


def test_a_central_that_waits_for_down() -> None:
    record = Record().asks(JOIN).says(CONNECTED, "+QBLEINFO: fff2", '+QBLEINFO: "DOWN"')
    assert record.asks(WRITE.format("on")).asks(WRITE.format("x"), "ERROR").rules() == []


def test_a_device_that_takes_it_sooner_is_right() -> None:
    assert Record().asks(JOIN).says(CONNECTED).asks(WRITE.format("on")).rules() == []


# no-connection


def test_a_peripheral_that_notifies_before_anybody_has_connected() -> None:
    record = Record().asks("+QBLEADVSTART").asks(NOTIFY.format("on"), "ERROR")
    assert record.rules() == ["no-connection"]
    assert record.text() == "AT+QBLEGATTSNTFY came, nobody had connected yet"


def test_one_that_goes_on_when_the_phone_has_left() -> None:
    record = Record().says(CONNECTED).asks(NOTIFY.format("on")).says(DISCONNECTED)
    record.asks(NOTIFY.format("on"), "ERROR").asks(NOTIFY.format("on"), "ERROR")
    assert record.rules() == ["no-connection"]
    assert record.text() == 'AT+QBLEGATTSNTFY came, though +QBLESTAT had said "DISCONNECTED"'


def test_the_words_of_a_device_without_quotes() -> None:
    record = Record().says("+QBLESTAT:CONNECTED").says("+QBLESTAT:DISCONNECTED")
    assert record.asks(NOTIFY.format("on"), "ERROR").rules() == ["no-connection"]


def test_what_crosses_the_news_on_the_line_is_no_breach() -> None:
    record = Record().says(CONNECTED).says(DISCONNECTED)
    assert record.asks(NOTIFY.format("on"), "ERROR", ms(50)).rules() == []


def test_a_phone_that_comes_again_is_a_connection() -> None:
    record = Record().says(CONNECTED).says(DISCONNECTED).says(CONNECTED)
    assert record.asks(NOTIFY.format("on")).asks(NOTIFY.format("x"), "ERROR").rules() == []


def test_a_device_that_restarted_has_nobody() -> None:
    record = Record().says(CONNECTED)
    record.events.append(ev.Power(record.at_ns, "booting", "reset"))
    assert record.asks(NOTIFY.format("on"), "ERROR").rules() == ["no-connection"]


# more-than-mtu


@pytest.mark.parametrize("data", ["x" * 21, '"' + "x" * 21 + '"', "21," + "00" * 21])
def test_more_than_the_mtu_carries(data: str) -> None:
    record = Record().says(CONNECTED).asks(NOTIFY.format(data), "ERROR")
    assert record.rules() == ["more-than-mtu"]
    assert record.text() == "AT+QBLEGATTSNTFY had 21 bytes, and the MTU is 23"


@pytest.mark.parametrize("data", ["x" * 20, '"' + "x" * 20 + '"', "20," + "00" * 20, "a,b" * 7])
def test_as_much_as_it_carries_and_no_room_for_it(data: str) -> None:
    assert Record().says(CONNECTED).asks(NOTIFY.format(data), "ERROR").rules() == []


def test_the_mtu_that_was_told_counts_until_the_connection_ends() -> None:
    record = Record().says(CONNECTED, "+QBLEMTU: 247").asks(NOTIFY.format("x" * 244), "ERROR")
    assert record.rules() == []
    record.says(DISCONNECTED).says(CONNECTED).asks(NOTIFY.format("x" * 244), "ERROR")
    assert record.rules() == ["more-than-mtu"]
