"""MQTT on the LTE devices: from AT+QMTOPEN to AT+QMTCLOSE, against the broker in process."""

import pytest

from quecsim.trace.event import ClientResult, LinkAsked, LinkFailed, NewsCame
from tests.device.bench import profile
from tests.peers.bench import NetworkBench


def test_a_client_opens_connects_publishes_receives_and_goes() -> None:
    bench = NetworkBench().connected()
    assert bench.send("AT+QMTOPEN?\r") == '\r\n+QMTOPEN: 0,"broker.example",1883\r\n\r\nOK\r\n'
    assert bench.send("AT+QMTCONN?\r") == "\r\n+QMTCONN: 0,3\r\n\r\nOK\r\n"
    assert bench.send('AT+QMTSUB=0,1,"a/+",1\r') == "\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n"
    assert bench.send('AT+QMTPUB=0,2,1,0,"a/b","hello"\r') == (
        '\r\nOK\r\n\r\n+QMTRECV: 0,1,"a/b","hello"\r\n\r\n+QMTPUB: 0,2,0\r\n'
    )
    assert bench.send("AT+QMTDISC=0\r") == "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n"
    assert bench.send("AT+QMTCONN?\r") == "\r\nOK\r\n"
    assert bench.send("AT+QMTCLOSE=0\r") == "\r\nERROR\r\n"


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize("command", ["QMTPUB", "QMTPUBEX"])
def test_the_three_forms_of_publishing(qos: int, command: str) -> None:
    bench = NetworkBench().connected()
    number = 7 if qos else 0
    head = f'AT+{command}=0,{number},{qos},0,"t"'
    done = f"\r\nOK\r\n\r\n+{command}: 0,{number},0\r\n"
    assert bench.send(f'{head},"inline"\r') == done
    assert bench.send(f"{head}\r") == "\r\n> "
    assert bench.send(b"typed\x1a") == done
    assert bench.send(f"{head},5\r") == "\r\n> "
    assert bench.send(b"\x1a\x1b\x00\xff+") == done


def test_a_device_that_calls_the_result_of_both_forms_the_same() -> None:
    """A published log of a BG95-M3."""
    bench = NetworkBench(device=profile(mqtt={"ex_result": "+QMTPUB"})).connected()
    done = "\r\nOK\r\n\r\n+QMTPUB: 0,1,0\r\n"
    assert bench.send('AT+QMTPUBEX=0,1,1,0,"main_topic","Presure: 3.2Bar"\r') == done
    assert bench.send('AT+QMTPUB=0,1,1,0,"main_topic","Presure: 3.2Bar"\r') == done


def test_a_name_that_nothing_gives() -> None:
    bench = NetworkBench()
    assert bench.send('AT+QMTOPEN=0,"other.example",1883\r') == "\r\nOK\r\n\r\n+QMTOPEN: 0,4\r\n"
    [failed] = [event for event in bench.events if isinstance(event, LinkFailed)]
    assert failed.detail == "nothing gives the device other.example:1883"
    result = next(event for event in bench.events if isinstance(event, ClientResult))
    assert (result.code, result.why) == (4, "not-allowed")


@pytest.mark.parametrize("name", ["UFS:none.pem", "RAM:none.pem", "UFS:a?b"])
def test_a_ca_that_is_not_there_ends_the_attempt(name: str) -> None:
    bench = NetworkBench()
    for line in (f'"cacert",2,"{name}"', '"seclevel",2,1'):
        assert bench.send(f"AT+QSSLCFG={line}\r") == "\r\nOK\r\n"
    assert bench.send('AT+QMTCFG="ssl",0,1,2\r') == "\r\nOK\r\n"
    assert bench.send('AT+QMTOPEN=0,"broker.example",1883\r') == "\r\nOK\r\n\r\n+QMTOPEN: 0,5\r\n"
    [asked] = [event for event in bench.events if isinstance(event, LinkAsked)]
    assert asked.files == (("ca", name, -1, ""),)


def test_news_are_on_record() -> None:
    bench = NetworkBench().connected()
    assert [type(event.news).__name__ for event in bench.events if isinstance(event, NewsCame)] == [
        "Opened",
        "Data",
    ]
