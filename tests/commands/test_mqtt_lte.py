"""+QMTCFG of the LTE modules key by key; no MQTT client is open."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.commands.lte_keys import Keys, keys_of, try_key
from tests.device.bench import ERROR, OK, Bench, info, profile

KEYS: Keys = {
    "version": ("4", ["3"], ["2", "5"]),
    "pdpcid": ("1", ["7"], ["0", "8"]),
    "ssl": ("0", ["1,0", "1,2"], ["2", "1,6"]),
    "keepalive": ("120", ["0", "3600"], ["3601"]),
    "session": ("1", ["0"], ["2"]),
    "timeout": ("5,3,0", ["1,1,0", "1200,10,1"], ["0,3,0", "1201,3,0", "5,11,0"]),
    "will": ("0", ['1,2,1,"t","bye"'], ['1,3,0,"t","m"', "1", '1,0,0,"","m"']),
    "recv/mode": ("0,0", ["0,1", "1,0"], ["2,0", "0,2"]),
    "send/mode": ("0", ["1"], ["2"]),
    "onenet": ('"",""', ['"product","key"'], ['"product"']),
    "aliauth": ('"","",""', ['"key","name","secret"'], ['"key","name"']),
    "hwauth": ('"",""', ['"id","secret"'], ['"id"']),
    "hwprodid": ('"","",""', ['"id","secret","node"'], ['"id"']),
    "qmtping": ("5", ["60"], ["4", "61"]),
    "dataformat": ("0,0", ["1,0", "0,1"], ["2,0", "1"]),
    "view/mode": ("0", ["1"], ["2"]),
    "edit/timeout": ("0,120", ["1,1", "1,180"], ["2", "1,181"]),
}


def bench_with(lasts: str = "restart") -> Bench:
    return Bench(profile(tcpip={"mqtt_ssl_lasts": lasts}))


@pytest.fixture
def bench() -> Bench:
    return bench_with()


def test_the_table_has_every_key(bench: Bench) -> None:
    assert keys_of(bench, "+QMTCFG") == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key(bench: Bench, key: str) -> None:
    """A query does not repeat the client, and shows a switch that is off alone (BG770A)."""
    try_key(bench, "+QMTCFG", KEYS, key, index=",0")
    assert bench.ask(f'AT+QMTCFG="{key}",6') == ERROR


def test_a_query_may_leave_out_the_client(bench: Bench) -> None:
    assert bench.ask('AT+QMTCFG="SSL",0,1,2') == OK
    assert bench.ask('AT+QMTCFG="ssl"') == info('+QMTCFG: "ssl",1,2')
    assert bench.ask('AT+QMTCFG="ssl",1') == info('+QMTCFG: "ssl",0')


def test_tls_may_last_until_the_power_goes() -> None:
    """Measured on an EC200U: it survives a restart, and no power cycle."""
    assert load_profile("ec200u").tcpip == bench_with("power").rig.profile.tcpip
    bench = bench_with("power")
    bench.ask('AT+QMTCFG="ssl",0,1,2')
    bench.ask("AT+CFUN=1,1")
    bench.ask("ATE0")
    assert bench.ask('AT+QMTCFG="ssl",0') == info('+QMTCFG: "ssl",1,2')
    bench.rig.cut_power(bench.now_ns)
    bench.rig.power_on(bench.now_ns)
    bench.rest()
    assert bench.ask("ATE0").endswith(OK), "a start brings the echo back"
    assert bench.ask('AT+QMTCFG="ssl",0') == info('+QMTCFG: "ssl",0')


def test_no_client_is_open(bench: Bench) -> None:
    for query in ("+QMTOPEN?", "+QMTCONN?", "+QMTRECV?", "+QMTRECV=0", "+QMTRECV=?"):
        assert bench.ask(f"AT{query}") == OK, query
    for line in (
        '+QMTOPEN=0,"broker.example",8883', "+QMTCLOSE=0", '+QMTCONN=0,"id","u","p"', "+QMTDISC=0",
        '+QMTSUB=0,1,"t",1', '+QMTUNS=0,1,"t"', '+QMTPUB=0,0,0,0,"t","text"',
        '+QMTPUBEX=0,0,0,0,"t",4',
    ):  # fmt: skip
        assert bench.ask(f"AT{line}") == ERROR, line


def test_test_forms(bench: Bench) -> None:
    """A capture of a BG770A, and a log of an EC600S (QMTPUBEX)."""
    for reply in (
        "+QMTOPEN: (0-5),<host_name>,(0-65535)",
        "+QMTCONN: (0-5),<clientID>,<username>,<password>",
        "+QMTPUB: (0-5),(0-65535),(0-2),(0,1),<topic>,(1-4096)",
        '+QMTPUBEX: (0-5),<msgid>,(0-2),(0,1),"topic","length"',
        "+QMTDISC: (0-5)",
        "+QMTCLOSE: (0-5)",
    ):
        assert bench.ask(f"AT{reply.partition(':')[0]}=?") == info(reply)
