"""A host whose device is a Bluetooth LE peripheral: it reports to a phone, which confirms."""

from typing import Any

from tests.fuzz.mqtt_hosts import Talk, TroubleError

MTU_S, REPLY_S, CONNECT_S = 5, 15, 20
SERVICE = (
    "AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="fff0"', 'AT+QBLEGATTSCHAR="fff2"', "AT+QBLEGATTSSRVDONE",
    "AT+QBLEADVSTART",
)  # fmt: skip


def reports(port: Any, _name: str, _data: bytes) -> bool:
    """The phone gets ten bytes, and says that it has."""
    talk = Talk(port)
    try:
        for line in ("AT+QECHO=0", *SERVICE):
            talk.ask(line)
        talk.wait(lambda text: text == '+QBLESTAT: "CONNECTED"', CONNECT_S)
        talk.wait(lambda text: text == "ready", REPLY_S)
        talk.ask('AT+QBLEGATTSNTFY=0,"fff2","0123456789"')
        talk.wait(lambda text: text == "have it", REPLY_S)
    except TroubleError:
        return False
    return True
