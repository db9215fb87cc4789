"""AT+QSSLCERT and AT+QSSLCFG of an FC41D, as hosts use them; and TLS with what was uploaded."""

from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.peers.broker import Broker
from quecsim.peers.mqtt_settings import BrokerSettings
from quecsim.peers.served import Offer
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.tls.authority import authority_pem, client_pair, server_tls
from quecsim.tls.outcome import news_of
from quecsim.trace.event import ClientResult, DataBegin, DataEnd, Stored
from quecsim.units import s
from tests.device.bench import ERROR, OK, Bench, info
from tests.peers.bench import NetworkBench
from tests.test_checksum import AMAZON

NAMES = ("CA", "User Cert", "User Key")
PROMPT = b"\r\n>"


def device(**certificates: Any) -> Profile:
    """The FC41D with some of its `certificates` changed."""
    shipped = load_profile("fc41d")
    assert shipped.certificates is not None
    return replace(shipped, certificates=replace(shipped.certificates, **certificates))


def quiet(**certificates: Any) -> Bench:
    bench = Bench(device(**certificates))
    assert bench.ask("AT+QECHO=0").endswith(OK)
    return bench


def put(bench: Bench, name: str, data: bytes, opening: bytes = PROMPT) -> bytes:
    bench.send(f'AT+QSSLCERT="{name}",2,{len(data)}\r'.encode())
    bench.until(opening)
    bench.send(data)
    return bench.rest()


@pytest.mark.parametrize("name", NAMES)
def test_the_data_goes_behind_the_prompt_and_ok_is_all_that_is_said(name: str) -> None:
    bench = quiet()
    assert put(bench, name, AMAZON) == OK
    assert bench.file(name) == AMAZON


def test_another_firmware_asks_by_connect() -> None:
    bench = quiet(asks_by="connect")
    assert put(bench, "CA", AMAZON, b"\r\nCONNECT\r\n") == OK
    assert bench.file("CA") == AMAZON


def test_a_second_one_takes_the_place_of_the_first() -> None:
    bench = quiet()
    assert put(bench, "CA", AMAZON) == put(bench, "CA", b"new") == OK
    assert bench.file("CA") == b"new"


def test_deleting_is_ok_also_where_there_is_none() -> None:
    bench = quiet()
    assert put(bench, "CA", AMAZON) == OK
    for _ in range(2):
        assert bench.ask('AT+QSSLCERT="CA",0') == OK
        assert bench.names() == []


@pytest.mark.parametrize(
    "tail",
    [
        '"CA",1', '"CA",2', '"CA",0,5', '"CA",2,0', '"CA",2,8193', '"ca",2,5', '"CB",2,5',
        '"User_Cert",2,5', "CA,2,5", '"CA"', '"CA",2,5,5', "",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_an_error_before_the_prompt(tail: str) -> None:
    bench = quiet()
    assert bench.ask(f"AT+QSSLCERT={tail}") == ERROR
    assert bench.ask("AT+QSSLCERT?") == bench.ask("AT+QSSLCERT") == ERROR
    assert bench.ask("AT+QSSLCERT=?") == OK


def test_data_that_stops_ends_in_an_error_after_the_time() -> None:
    bench = quiet(timeout_s=7)
    bench.send(b'AT+QSSLCERT="CA",2,1188\r')
    bench.until(PROMPT)
    bench.send(AMAZON[:500])
    assert bench.run_for(s(6)) == b""
    assert bench.rest() == ERROR
    assert bench.file("CA") == AMAZON[:500]
    assert bench.ask("AT") == OK


def test_a_power_cut_leaves_what_was_stored_and_no_more() -> None:
    bench = quiet()
    bench.send(b'AT+QSSLCERT="CA",2,1188\r')
    bench.until(PROMPT)
    bench.send(AMAZON[:600])
    bench.run_for(s(1))
    bench.rig.cut_power(bench.now_ns)
    assert bench.rig.counters()["lost_power"] == 600
    bench.rig.check()


def test_it_is_an_upload_on_record() -> None:
    bench = quiet()
    put(bench, "User Key", AMAZON)
    begin, end = bench.events(DataBegin)[-1], bench.events(DataEnd)[-1]
    assert (begin.command, begin.name, begin.size) == ("+QSSLCERT", "User Key", 1188)
    assert (end.why, end.summary) == ("size", "")
    assert sum(event.count for event in bench.events(Stored)) == 1188


# the contexts


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ('"ciphersuite",1,0xFFFF', '"ciphersuite",1,0XFFFF'),
        ('"sni",1,0', '"sni",1,0'),
        ('"verify",1,2', '"verify",1,2'),
        ('"version",1,3', '"version",1,3'),
    ],
)
def test_settings_that_hosts_make(setting: str, shown: str) -> None:
    bench = quiet()
    assert bench.ask(f"AT+QSSLCFG={setting}") == OK
    key = setting.rpartition(",")[0]
    assert bench.ask(f"AT+QSSLCFG={key}") == info(f"+QSSLCFG: {shown}")


@pytest.mark.parametrize("key", ["seclevel", "sslversion", "cacert", "clientcert", "negotiatetime"])
def test_what_the_newer_modules_have_is_not_there(key: str) -> None:
    assert quiet().ask(f'AT+QSSLCFG="{key}",1') == ERROR


class SecureBench(NetworkBench):
    """A broker with TLS that wants to see the device's own certificate."""

    def __init__(self) -> None:
        super().__init__(device="fc41d", more=_mutual())
        for line in ('+QMTCFG="ssl",0,1,1', '+QSSLCFG="verify",1,2'):
            assert self.send(f"AT{line}\r") == "\r\nOK\r\n"

    def put(self, name: str, data: bytes) -> None:
        assert self.send(f'AT+QSSLCERT="{name}",2,{len(data)}\r') == "\r\n>"
        assert self.send(data) == "\r\nOK\r\n"

    def opened(self) -> tuple[str, str]:
        """What the host is told, and what the record says of it."""
        said = self.send('AT+QMTOPEN=0,"safe.example",8883\r', 20).split("\r\n")[-2]
        results = [event for event in self.events if isinstance(event, ClientResult)]
        return said, str(results[-1].why)


def _mutual() -> dict[tuple[str, int], Offer]:
    def secure(wish: TlsWish, host: str) -> Opened | Failed:
        return news_of(wish, host, server_tls(client="required"))

    return {("safe.example", 8883): Offer(Broker(BrokerSettings()), "192.0.2.2", secure)}


def test_what_was_uploaded_is_what_a_connection_uses() -> None:
    bench, (certificate, key) = SecureBench(), client_pair()
    assert bench.opened() == ("+QMTOPEN: 0,3", Why.TLS_CA)
    bench.put("CA", authority_pem())
    assert bench.opened()[0] == "+QMTOPEN: 0,3"
    bench.put("User Cert", certificate)
    bench.put("User Key", key)
    assert bench.opened()[0] == "+QMTOPEN: 0,0"


def test_a_certificate_that_lost_bytes_shows_only_in_the_connection() -> None:
    bench, (certificate, key) = SecureBench(), client_pair()
    bench.put("CA", authority_pem()[:-200])
    bench.put("User Cert", certificate)
    bench.put("User Key", key)
    assert bench.opened() == ("+QMTOPEN: 0,3", Why.TLS_CA)
