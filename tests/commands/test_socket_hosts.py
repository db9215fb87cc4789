"""What real hosts of LTE modules do with sockets, in the order and the forms that they lean on."""

from quecsim.tls.authority import authority_pem
from tests.commands.socket_bench import ERROR, LTE, OK, SEND_OK, SocketBench, info, urc
from tests.commands.test_tls_sockets import SecureBench


def test_a_library_that_closes_first_and_polls() -> None:
    bench = SocketBench(LTE)
    start = (
        "AT", "ATE0", "ATI", "AT+CMEE=1", "AT+QISDE=0", "AT+CPIN?", "AT+CREG?",
        'AT+QICSGP=1,1,"internet","",""', "AT+QIACT=1",
    )  # fmt: skip
    for line in start:
        assert bench.ask(line).endswith(OK), line
    assert bench.ask("AT+QIACT?") == info('+QIACT: 1,1,1,"10.0.0.2"')
    assert bench.ask("AT+QICLOSE=0") == OK
    assert bench.ask('AT+QIOPEN=1,0,"TCP","192.0.2.7",7,0,0') == OK + urc("+QIOPEN: 0,0")
    assert bench.ask("AT+QISEND=0,12") == "\r\n> "
    assert bench.send("GET / HTTP\r\n") == SEND_OK + urc('+QIURC: "recv",0')
    assert bench.ask("AT+QISEND=0,0") == info("+QISEND: 12,12,0")
    for _ in range(100):
        assert bench.ask("AT+QIRD=0,0", 0) == ""
        assert bench.rest(1) == info("+QIRD: 12,0,12")
    assert bench.ask("AT+QIRD=0,1500") == f"\r\n+QIRD: 12\r\nGET / HTTP\r\n{OK}"
    assert bench.ask("AT+QIRD=0,1500") == info("+QIRD: 0")
    assert bench.ask("AT+QISTATE=1,0").startswith('\r\n+QISTATE: 0,"TCP","192.0.2.7",7,')
    assert bench.ask("AT+QICLOSE=0,1") == OK
    assert bench.ask("AT+QISTATE=1,0") == OK


def test_a_driver_with_direct_push() -> None:
    bench = SocketBench(LTE)
    assert bench.ask('AT+QIOPEN=1,0,"TCP","echo.example",7,0,1') == OK + urc("+QIOPEN: 0,0")
    assert bench.ask("AT+QISEND=0,3") == "\r\n> "
    assert bench.send(b"\x00\r\n") == SEND_OK + urc('+QIURC: "recv",0,3\r\n\x00\r\n')


def test_a_program_with_tls() -> None:
    """It names its file before that is there, without UFS:, and mistypes a command."""
    bench = SecureBench(LTE)
    assert bench.ask("AT+QSSLCLOSE=1") == OK
    for setting in (
        '"ciphersuite",0,0XFFFF', '"ciphersuite",0,0xffff', '"seclevel",0,1', '"sslversion",0,4',
        '"ignorelocaltime",0,1', '"cacert",0,"ca.pem"', '"clientcert",0,"client.pem"',
    ):  # fmt: skip
        assert bench.ask(f"AT+QSSLCFG={setting}") == OK
    assert bench.ask('AT+CSSLCFG="seclevel",0,1') == ERROR
    pem = authority_pem()
    assert "CONNECT" in bench.ask(f'AT+QFUPL="ca.pem",{len(pem)},60')
    assert bench.send(pem).endswith(OK)
    assert bench.ask('AT+QSSLOPEN=1,0,1,"192.0.2.2",8010,0', 10) == OK + urc("+QSSLOPEN: 1,0")
    assert bench.ask("AT+QSSLSEND=1,5") == "\r\n> "
    assert bench.send("hello") == SEND_OK + urc('+QSSLURC: "recv",1')
    assert bench.ask("AT+QSSLRECV=1,1023") == f"\r\n+QSSLRECV: 5\r\nhello{OK}"
    assert bench.ask("AT+QSSLSTATE=1,1").startswith('\r\n+QSSLSTATE: 1,"SSLClient",')
    assert bench.ask("AT+QSSLCLOSE=1") == OK
