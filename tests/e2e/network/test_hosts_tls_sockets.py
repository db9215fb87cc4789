"""What real hosts say to sockets with TLS, each to its end and byte for byte, in virtual time."""

import pytest

from quecsim.scenario.network import Service, ServiceTls
from quecsim.tls.authority import piece
from quecsim.tls.pieces import Piece
from tests.e2e.network.host import Host
from tests.e2e.network.hosted import hosted

HOST = "broker.example"  # the name on the certificates
PLACE = f'"{HOST}",8443'
NAMES: dict[str, Piece] = {"cacert": "ca", "clientcert": "client-cert", "clientkey": "client-key"}


def server(client: str = "none") -> Service:
    return Service(host=HOST, port=8443, kind="echo", tls=ServiceTls(client=client))  # type: ignore[arg-type]


def uploads(host: Host, name: str, data: bytes) -> None:
    host.command(f'AT+QFUPL="{name}",{len(data)},100')
    host.reads(b"\r\nCONNECT\r\n")
    host.write(data)
    host.port.read_until(b"\r\nOK\r\n")


def sets(host: Host, suites: str, level: int) -> None:
    host.ask(f'AT+QSSLCFG="ciphersuite",1,{suites}')
    host.ask('AT+QSSLCFG="sslversion",1,4')
    host.ask(f'AT+QSSLCFG="seclevel",1,{level}')
    host.ask('AT+QSSLCFG="ignorelocaltime",1,1')
    host.ask('AT+CSSLCFG="ignorelocaltime",1,1', result="ERROR")  # a slip of real hosts


def names(host: Host) -> None:
    for key in NAMES:
        host.ask(f'AT+QSSLCFG="{key}",1,"{key}.pem"')


def talks(host: Host) -> None:
    host.ask(f"AT+QSSLOPEN=1,1,1,{PLACE},0")
    host.hears("+QSSLOPEN: 1,0")
    host.ask("AT+QSSLSTATE", '+QSSLSTATE: 1,"SSLClient","192.0.2.10",8443,0,2,1,1,0,"uart1",1')
    for data in (b"hello", bytes(range(256)) * 3):
        host.is_prompted(f"AT+QSSLSEND=1,{len(data)}")
        host.write(data)
        host.reads(b"\r\nSEND OK\r\n")
        host.hears('+QSSLURC: "recv",1')
        host.command("AT+QSSLRECV=1,1023")
        host.reads(b"\r\n+QSSLRECV: %d\r\n%b\r\nOK\r\n" % (len(data), data))
        host.ask("AT+QSSLRECV=1,1023", "+QSSLRECV: 0")
    host.ask("AT+QSSLCLOSE=1")
    host.ask("AT+QSSLSTATE")


@pytest.mark.parametrize("suites", ["0XFFFF", "0xffff", "0xFFFF"])
@pytest.mark.parametrize("is_named_first", [True, False])
def test_a_host_with_certificates_of_its_own(suites: str, is_named_first: bool) -> None:
    with hosted(server("required"), flow="rtscts") as host:
        host.ask("AT+QSSLCLOSE=1")
        host.ask("AT+QISDE=0")
        sets(host, suites, 2)
        if is_named_first:
            names(host)
        for key, word in NAMES.items():
            uploads(host, f"{key}.pem", piece(word))
        if not is_named_first:
            names(host)
        talks(host)


def test_a_host_whose_certificate_is_not_there_and_then_is() -> None:
    with hosted(server()) as host:
        sets(host, "0XFFFF", 1)
        host.ask('AT+QSSLCFG="cacert",1,"cacert.pem"')
        host.ask(f"AT+QSSLOPEN=1,1,1,{PLACE},0")
        host.reads(b"\r\n+QSSLOPEN: 1,")
        assert int(host.port.read_until(b"\r\n")) != 0
        host.ask("AT+QSSLCLOSE=1")
        uploads(host, "UFS:cacert.pem", piece("ca"))
        host.ask("AT+QISDE=0")
        talks(host)
