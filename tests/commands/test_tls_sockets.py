"""Sockets with TLS, in both families: opened, used, closed, and refused."""

import pytest

from quecsim.border import Failed, Opened, TlsWish, Why
from quecsim.peers.served import Offer
from quecsim.peers.simple import SimpleServer, SimpleSettings, Step
from quecsim.tls.authority import authority_pem, client_pair, server_tls
from quecsim.tls.outcome import news_of
from quecsim.trace.event import ClientResult, LinkOpened
from tests.commands.socket_bench import (
    BOTH,
    CONNECT,
    ERROR,
    LTE,
    NO_CARRIER,
    OK,
    SEND_OK,
    WLAN,
    SocketBench,
    info,
    urc,
)

RECV = urc('+QSSLURC: "recv",4')


def _valid(wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls())


def _expired(wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls("expired"))


def _mutual(wish: TlsWish, host: str) -> Opened | Failed:
    return news_of(wish, host, server_tls(client="required"))


class SecureBench(SocketBench):
    """Behind it are safe.example, an echo at 8010 (that wants a certificate at 8011, and has an old
    one at 8012), and 8013, which says something and goes.
    """

    def __init__(self, device: str) -> None:
        echo = SimpleSettings(echo=True)
        late = SimpleSettings(steps=(Step(text="it is late", ends="fin"),))
        more = {
            ("safe.example", port): Offer(SimpleServer(settings), "192.0.2.2", handshake)
            for port, settings, handshake in (
                (8010, echo, _valid),
                (8011, echo, _mutual),
                (8012, echo, _expired),
                (8013, late, _valid),
            )
        }
        super().__init__(device, more=more)

    def secure(self, port: int, mode: int = 0, host: str = "safe.example") -> str:
        """What AT+QSSLOPEN answers, for socket 4 and TLS context 1."""
        context = "1," if self.device == LTE else ""
        return self.ask(f'AT+QSSLOPEN={context}1,4,"{host}",{port},{mode}', 10)

    def settings(self, *settings: str) -> "SecureBench":
        for setting in settings:
            assert self.ask(f"AT+QSSLCFG={setting}") == OK, setting
        return self

    def has(self, **files: bytes) -> "SecureBench":
        for name, data in files.items():
            self.rig.device.context.ufs.write_file(f"{name}.pem", data)
        return self


@pytest.fixture(params=BOTH)
def bench(request: pytest.FixtureRequest) -> SecureBench:
    return SecureBench(request.param)


OPENED = OK + urc("+QSSLOPEN: 4,0")


def test_data_over_it(bench: SecureBench) -> None:
    assert bench.secure(8010) == OPENED
    assert bench.ask("AT+QSSLSEND=4") == bench.prompt
    assert bench.send("Test data from SSL\x1a") == SEND_OK + RECV
    assert bench.ask("AT+QSSLRECV=4,1500") == f"\r\n+QSSLRECV: 18\r\nTest data from SSL{OK}"
    assert bench.ask("AT+QSSLRECV=4,1500") == info("+QSSLRECV: 0")
    assert bench.ask("AT+QSSLSEND=4,3") == bench.prompt
    assert bench.send("\x1a\x1b\xff") == SEND_OK + RECV
    assert bench.ask("AT+QSSLRECV=4,2") == f"\r\n+QSSLRECV: 2\r\n\x1a\x1b{OK}"
    assert bench.ask("AT+QSSLCLOSE=4") == OK
    assert bench.ask("AT+QSSLSTATE") == OK
    [opened] = [event for event in bench.events if isinstance(event, LinkOpened)]
    assert (opened.owner, opened.version) == ("TLS socket 4", "TLSv1.2")


def test_its_state(bench: SecureBench) -> None:
    bench.secure(8010, 1)
    shown = {
        LTE: '+QSSLSTATE: 4,"SSLClient","192.0.2.2",8010,0,2,1,4,1,"uart1",1',
        WLAN: '+QSSLSTATE: 4,"SSLClient","192.0.2.2",8010,49153,2,4,1,"uart1",1',
    }[bench.device]
    for form in ("", "?", "=0,1", "=1,4"):
        assert bench.ask(f"AT+QSSLSTATE{form}") == info(shown), form
    assert bench.ask("AT+QSSLSTATE=0,2") == bench.ask("AT+QSSLSTATE=1,3") == OK


def test_plain_sockets_are_others(bench: SecureBench) -> None:
    bench.secure(8010)
    assert bench.state(4) == ""
    bench.opened(4)
    assert bench.ask("AT+QSSLCLOSE=4") == OK
    assert bench.state(4) == "2"


def test_direct_push(bench: SecureBench) -> None:
    bench.secure(8010, 1)
    assert bench.ask("AT+QSSLSEND=4,5") == bench.prompt
    assert bench.send("hello") == SEND_OK + urc('+QSSLURC: "recv",4,5\r\nhello')
    assert (bench.ask("AT+QSSLRECV=4,10"), bench.error()) == (ERROR, bench.codes["refused"])


def test_transparent_mode(bench: SecureBench) -> None:
    assert bench.secure(8010, 2) == CONNECT
    assert bench.send("raw") == "raw"
    assert bench.send("+++") == OK
    assert bench.ask("ATO") == CONNECT
    assert bench.send("+++") == OK
    assert bench.ask("AT+QSSLCLOSE=4") == OK
    assert bench.secure(8013, 2) == CONNECT + "it is late" + NO_CARRIER


def test_the_other_side_ends_it(bench: SecureBench) -> None:
    assert bench.secure(8013) == OPENED + RECV + urc('+QSSLURC: "closed",4')
    used = bench.codes["used"]
    assert bench.secure(8010) == OK + urc(f"+QSSLOPEN: 4,{used}")
    assert bench.ask("AT+QSSLRECV=4,100") == f"\r\n+QSSLRECV: 10\r\nit is late{OK}"
    assert (bench.ask("AT+QSSLSEND=4,1"), bench.error()) == (ERROR, bench.codes["closed"])
    assert bench.ask("AT+QSSLCLOSE=4,1") == OK
    assert bench.secure(8010) == OPENED


def test_a_server_that_is_checked(bench: SecureBench) -> None:
    bench.has(ca=authority_pem()).settings('"seclevel",1,1', '"cacert",1,"ca.pem"')
    assert bench.secure(8010) == OPENED
    bench.ask("AT+QSSLCLOSE=4")
    bench.settings('"ignorelocaltime",1,0')
    assert bench.secure(8012) == OK + urc(f"+QSSLOPEN: 4,{bench.codes['connect']}")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (('"seclevel",1,1',), Why.TLS_CA),
        (('"seclevel",1,1', '"cacert",1,"gone.pem"'), Why.TLS_CA),
        (('"seclevel",1,1', '"cacert",1,"cut.pem"'), Why.TLS_CA),
        (('"seclevel",1,2', '"cacert",1,"ca.pem"', '"clientcert",1,"cut.pem"'), Why.TLS_OWN),
        (('"sslversion",1,0',), Why.TLS_VERSION),
        (('"ciphersuite",1,0X0005',), Why.TLS_VERSION),
    ],
)
def test_every_failure_of_tls_has_one_number(
    bench: SecureBench, settings: tuple[str, ...], why: Why
) -> None:
    bench.has(ca=authority_pem(), cut=authority_pem()[:-200]).settings(*settings)
    assert bench.secure(8010) == OK + urc(f"+QSSLOPEN: 4,{bench.codes['connect']}")
    assert (bench.secure(8010, 2), bench.error()) == (ERROR, bench.codes["connect"])
    results = [event for event in bench.events if isinstance(event, ClientResult)]
    assert [(each.client, each.command, each.why) for each in results] == [
        ("TLS socket 4", "+QSSLOPEN", why)
    ] * 2


def test_a_certificate_of_its_own(bench: SecureBench) -> None:
    certificate, key = client_pair()
    bench.has(ca=authority_pem(), own=certificate, key=key)
    assert bench.secure(8011) == OK + urc(f"+QSSLOPEN: 4,{bench.codes['connect']}")
    bench.settings(
        '"seclevel",1,2',
        '"cacert",1,"ca.pem"',
        '"clientcert",1,"own.pem"',
        '"clientkey",1,"key.pem"',
    )
    assert bench.secure(8011) == OPENED


def test_names_and_places_that_are_not_there(bench: SecureBench) -> None:
    dns, connect = bench.codes["dns"], bench.codes["connect"]
    assert bench.secure(8010, host="no.example") == OK + urc(f"+QSSLOPEN: 4,{dns}")
    assert bench.secure(99) == OK + urc(f"+QSSLOPEN: 4,{connect}")
    assert bench.secure(7, host="echo.example") == OK + urc(f"+QSSLOPEN: 4,{connect}"), "no TLS"


@pytest.mark.parametrize(
    "line",
    [
        "+QSSLSEND=4",
        "+QSSLSEND=4,10",
        "+QSSLRECV=4,100",
        "+QSSLSEND=4,0",
        "+QSSLRECV=4",
        "+QSSLRECV=4,0",
    ],
)
def test_nothing_goes_without_a_connection(bench: SecureBench, line: str) -> None:
    assert bench.ask(f"AT{line}") == ERROR
    wrong = line.endswith((",0", "RECV=4"))
    assert bench.error() == bench.codes["wrong" if wrong else "refused"]
