"""FC41D: every command of its manual's list has its place, and its words are those of its logs."""

from quecsim.commands.catalogue import catalogue
from quecsim.profiles.loader import load_profile
from tests.device.bench import ERROR, OK, Bench, info
from tests.device.wifi import JOIN, fresh

# FC41D AT Commands Manual V1.0, its list, without AT itself.
_LIST = """
+QRST +QVERSION +QECHO +QURCCFG +QPING +QGETIP +QSETBAND +QWLANOTA +QLOWPOWER +QDEEPSLEEP +QWLMAC
+QAIRKISS +QSTAST +QSTADHCP +QSTADHCPDEF +QSTASTATIC +QSTASTOP +QSOFTAP +QAPSTATE +QAPSTATIC
+QSOFTAPSTOP +QSTAAPINFO +QSTAAPINFODEF +QGETWIFISTATE +QWSCAN +QWEBCFG
+QBLEINIT +QBLEADDR +QBLENAME +QBLEADVPARAM +QBLEADVDATA +QBLEGATTSSRV +QBLEGATTSCHAR
+QBLEADVSTART +QBLEADVSTOP +QBLEGATTSNTFY +QBLESCAN +QBLESCANPARAM +QBLECONN +QBLECONNPARAM
+QBLECFGMTU +QBLEGATTCNTFCFG +QBLEGATTCWR +QBLEGATTCRD +QBLEDISCONN +QBLESTAT
+QICFG +QIOPEN +QISTATE +QISEND +QIRD +QIACCEPT +QISWTMD +QICLOSE +QIGETERROR O +++
+QSSLCFG +QSSLCERT +QSSLOPEN +QSSLSEND +QSSLRECV +QSSLSTATE +QSSLCLOSE
+QMTCFG +QMTOPEN +QMTCLOSE +QMTCONN +QMTDISC +QMTSUB +QMTUNS +QMTPUB +QMTRECV
+QHTTPCFG +QHTTPGET +QHTTPPOST +QHTTPPUT +QHTTPREAD
"""
LIST = _LIST.split()
FC41D = load_profile("fc41d")


def waiting() -> set[str]:
    return {name for each in FC41D.commands.waiting for name in each.names}


def test_every_command_of_the_list_is_here_or_waits() -> None:
    here = {command.name for command in catalogue(FC41D)}
    assert len(set(LIST)) == len(LIST)
    assert here | waiting() | {"+++"} == set(LIST)
    assert not here & waiting()


def test_what_waits_or_is_newer_is_an_error() -> None:
    bench = Bench(FC41D)
    for name in sorted(waiting()):
        for form in ("", "?", "=?", "=0", '="x"'):
            assert bench.ask(f"AT{name}{form}") == ERROR, (name, form)
    for line in ("ATE0", "ATI", "AT+CMEE=1", "AT+QFLST", 'AT+QFOPEN="a"', "AT+QSCLK?", "AT+QNTP"):
        assert bench.ask(line) == ERROR, line


def test_what_a_sister_documents_is_assumed_here() -> None:
    known = FC41D.provenance["sockets.open_s"]
    assert (known.how, known.source) == ("assumed", "as an FCM242D: the manual, AT+QIOPEN: 150 s")
    documented = {name for name, each in FC41D.provenance.items() if each.how == "documented"}
    assert documented == {
        "identity.manufacturer", "identity.model", "commands.families", "commands.absent",
        "commands.keys", "commands.waiting",
    }  # fmt: skip


def test_it_starts_with_ready() -> None:
    bench = Bench(FC41D)
    joined = b"\r\n+QSTASTAT:WLAN_CONNECTED\r\n\r\n+QSTASTAT:GOT_IP\r\n"
    assert bench.ask("AT+QRST") == OK + b"\r\nready\r\n" + joined


def test_what_wifi_says_is_bare() -> None:
    bench = fresh(device=FC41D)
    assert bench.ask("AT+QSTAST") == info("+QSTAST:STATION_DOWN")
    assert bench.ask("AT+QSTADHCP?") == info("+QSTADHCP:1")
    said = bench.ask(JOIN)
    assert said == OK + b"\r\n+QSTASTAT:WLAN_CONNECTED\r\n\r\n+QSTASTAT:GOT_IP\r\n"
    assert bench.ask("AT+QSTAST") == info("+QSTAST:STATION_UP")
    assert bench.ask("AT+QSETBAND?") == info("+QSETBAND:115200")
    assert bench.ask("AT+QAPSTATE") == info("+QAPSTATE:SOFTAP_DOWN")
    assert bench.ask("AT+QSOFTAP=mine,12345678") == OK + b"\r\n+QAPSTAT:AP_UP\r\n"
    assert bench.ask("AT+QBLESTAT") == info("+QBLESTAT:NOINIT")
    assert bench.ask("AT+QBLESCAN?") == info("+QBLESCAN:0")
