"""A connection through a tiny module in memory: the correct way, and whatever is not it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.host.connect import ConnectPlan, ConnectResult, Message, Publication, Stage, connect
from quecsim.host.uploader import Interrupted
from tests.host.mqtt_peer import RIGHT, MqttPeer, Says

HELLO = Publication("a/b", "hello")
PLAN = ConnectPlan(
    "broker.example", 8883, cacert="UFS:ca.pem", subscribe="a/#", publish=HELLO, registration_s=5
)


def run(port: MqttPeer, plan: ConnectPlan = PLAN, **changes: Any) -> ConnectResult:
    return connect(port, replace(plan, **changes), sleep=port.sleep)


def said(says: dict[str, Says], **changes: Any) -> ConnectResult:
    return run(MqttPeer(says), **changes)


# the correct way


def test_the_correct_way_byte_for_byte() -> None:
    port = MqttPeer()
    result = run(port)
    assert result.failure is None, result
    assert port.writes == [
        b"AT\r",
        b"ATE0\r",
        b"AT+CMEE=1\r",
        b"AT+QMTOPEN=?\r",
        b"AT+QIACT=?\r",
        b"AT+QSSLCFG=?\r",
        b"AT+CPIN?\r",
        b"AT+CEREG?\r",
        b"AT+QIACT?\r",
        b"AT+QMTOPEN?\r",
        b'AT+QSSLCFG="sslversion",0,4\r',
        b'AT+QSSLCFG="ciphersuite",0,0XFFFF\r',
        b'AT+QSSLCFG="seclevel",0,1\r',
        b'AT+QSSLCFG="cacert",0,"UFS:ca.pem"\r',
        b'AT+QSSLCFG="ignorelocaltime",0,1\r',
        b'AT+QSSLCFG="sni",0,1\r',
        b'AT+QMTCFG="version",0,4\r',
        b'AT+QMTCFG="pdpcid",0,1\r',
        b'AT+QMTCFG="ssl",0,1,0\r',
        b'AT+QMTCFG="session",0,1\r',
        b'AT+QMTCFG="timeout",0,10,3,0\r',
        b'AT+QMTCFG="recv/mode",0,0,1\r',
        b'AT+QMTOPEN=0,"broker.example",8883\r',
        b'AT+QMTCONN=0,"quecsim"\r',
        b'AT+QMTSUB=0,1,"a/#",1\r',
        b"AT+QMTPUBEX=?\r",
        b'AT+QMTPUBEX=0,2,1,0,"a/b",5\r',
        b"hello",
        b"AT+QMTDISC=0\r",
        b"AT+QMTOPEN?\r",
    ]
    assert port.published == [("a/b", b"hello")]
    assert result == ConnectResult(
        host="broker.example",
        port=8883,
        tls=True,
        client_id="quecsim",
        stage=Stage.CLOSE,
        registration=1,
        address="10.0.0.2",
        connected=True,
        granted_qos=1,
        published_bytes=5,
        received=Message("a/b", "hello"),
    )


def test_the_stages_are_told_in_order() -> None:
    port, told = MqttPeer(), list[Stage]()
    connect(port, PLAN, told.append, sleep=port.sleep)
    assert told == list(Stage)


def test_everything_that_can_be_given() -> None:
    port = MqttPeer()
    result = run(
        port,
        client_cert="UFS:me.pem",
        client_key="UFS:me.key",
        checks_time=True,
        sni=False,
        apn="iot.example",
        apn_user="u",
        apn_password="p",
        client_id="me",
        user="Käthe",
        password="p,q",
        publish=Publication("a/b", '> OK\r\n"\N{EURO SIGN}'),
    )
    assert result.ok, result
    written = b"".join(port.writes).decode()
    for command in (
        'AT+QICSGP=1,1,"iot.example","u","p",1',
        'AT+QSSLCFG="seclevel",0,2',
        'AT+QSSLCFG="clientcert",0,"UFS:me.pem"',
        'AT+QSSLCFG="clientkey",0,"UFS:me.key"',
        'AT+QSSLCFG="ignorelocaltime",0,0',
        'AT+QSSLCFG="sni",0,0',
        'AT+QMTCONN=0,"me","Käthe","p,q"',
    ):
        assert f"{command}\r" in written
    assert result.received == Message("a/b", '> OK\r\n"\N{EURO SIGN}')


def test_plain_tcp_leaves_tls_alone() -> None:
    port = MqttPeer({"AT+QSSLCFG=": ("ERROR",)})
    assert run(port, cacert=None).ok
    assert b'AT+QMTCFG="ssl",0,0\r' in port.writes
    assert not any(command.startswith("AT+QSSLCFG") for command in port.commands)


def test_an_older_module_has_neither_qmtpubex_nor_sni() -> None:
    says: dict[str, Says] = {"AT+QMTPUBEX=?": ("ERROR",), 'AT+QSSLCFG="sni"': ("ERROR",)}
    port = MqttPeer(says)
    result = run(port)
    assert result.ok
    assert port.published == [("a/b", b"hello")]
    assert "does not take SNI (ERROR)" in result.notes[0]


def test_a_client_that_is_still_open_is_closed_first() -> None:
    port = MqttPeer({"AT+QMTOPEN?": ('+QMTOPEN: 0,"other.example",1883', "OK")})
    result = run(port)
    assert result.notes == ["MQTT client 0 was still open: it was closed first"]
    assert port.commands.index("AT+QMTCLOSE=0") < port.commands.index('AT+QMTCFG="version",0,4')


def test_another_message_is_not_ours() -> None:
    port = MqttPeer({"AT+QMTSUB=0,": ("OK", "+QMTSUB: 0,1,0,1", '+QMTRECV: 0,0,"a/c",3,"old"')})
    assert run(port).received == Message("a/b", "hello")
    port.echoes = False
    assert run(port).failure == "what was published did not come back on a/# within 30 s"
    assert run(port, subscribe="x").received == Message("a/c", "old")


def test_a_prompt_that_comes_late_is_waited_for() -> None:
    port = MqttPeer()
    port.prompt_s = 12.0
    assert run(port).ok
    port.prompt_s = 20.0
    assert not run(port).ok
    assert port.published == [("a/b", b"hello")]


# every answer that is not the correct one

NEEDED = [
    "AT+QMTOPEN=?",
    "AT+QIACT=?",
    "AT+QSSLCFG=?",
    "AT+CEREG?",
    "AT+QIACT?",
    "AT+QMTOPEN=0,",
    "AT+QMTCONN=0,",
    "AT+QMTSUB=0,",
    "AT+QMTPUBEX=0,",
    *(f'AT+QSSLCFG="{key}"' for key in ("sslversion", "ciphersuite", "seclevel", "cacert")),
    *(f'AT+QMTCFG="{key}"' for key in ("version", "pdpcid", "ssl", "timeout", "recv/mode")),
]


@pytest.mark.parametrize("answer", ["ERROR", "+CME ERROR: 3", "", "+CMS ERROR: 500"])
@pytest.mark.parametrize("command", NEEDED)
def test_no_command_that_fails_is_passed_over(command: str, answer: str) -> None:
    says: dict[str, Says] = {command: (answer,)}
    if command == "AT+QIACT?":
        says["AT+QIACT=1"] = (answer,)
    port = MqttPeer(says)
    result = run(port)
    assert not result.ok
    assert result.received is None
    assert port.now_s < 300


@pytest.mark.parametrize(
    ("command", "code", "failure", "stage", "number"),
    [
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,-1", "the network could not be opened", Stage.OPEN, -1),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,1", "a parameter is wrong", Stage.OPEN, 1),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,2", "the client is in use", Stage.OPEN, 2),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,3", "the packet context is not up", Stage.OPEN, 3),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,4", "the name was not found", Stage.OPEN, 4),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,5", "the connection did not come about", Stage.OPEN, 5),
        ("AT+QMTOPEN=0,", "+QMTOPEN: 0,77", "no meaning is known", Stage.OPEN, 77),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,0,1", "this version of MQTT", Stage.CONNECT, 1),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,0,2", "the client's name", Stage.CONNECT, 2),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,0,3", "not available", Stage.CONNECT, 3),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,0,4", "name or password is wrong", Stage.CONNECT, 4),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,0,5", "may not come in", Stage.CONNECT, 5),
        ("AT+QMTCONN=0,", "+QMTCONN: 0,2", "no answer from the broker", Stage.CONNECT, None),
        ("AT+QMTCONN=0,", "+QMTSTAT: 0,4", "did not answer the login", Stage.CONNECT, 4),
        ("AT+QMTSUB=0,", "+QMTSUB: 0,1,0,128", "refuses the subscription", Stage.SUBSCRIBE, 128),
        ("AT+QMTSUB=0,", "+QMTSUB: 0,1,2", "no answer from the broker", Stage.SUBSCRIBE, None),
        ("AT+QMTSUB=0,", "+QMTSTAT: 0,1", "the broker closed", Stage.SUBSCRIBE, 1),
        ("AT+QMTSUB=0,", '+QIURC: "pdpdeact",1', "took the packet context", Stage.SUBSCRIBE, None),
        ("AT+QMTSUB=0,", "RDY", "the module has restarted", Stage.SUBSCRIBE, None),
    ],
)
def test_each_code_is_told_with_its_meaning(
    command: str, code: str, failure: str, stage: Stage, number: int | None
) -> None:
    result = said({command: ("OK", (2, code))})
    assert result.failure is not None
    assert code in result.failure or code == "RDY"
    assert failure in result.failure
    assert result.advice
    assert (result.stage, result.code) == (stage, number)
    assert result.command == (code.partition(":")[0] if number is not None else None)


@pytest.mark.parametrize("command", ["AT+QMTOPEN=0,", "AT+QMTCONN=0,", "AT+QMTSUB=0,"])
def test_ok_alone_is_no_success(command: str) -> None:
    result = said({command: ("OK",)})
    assert result.failure is not None
    assert f"{command[:-1]} was OK, and its result did not come within" in result.failure


def test_a_code_that_was_said_too_early_counts_for_nothing() -> None:
    early: Says = ('+QIACT: 1,1,1,"10.0.0.2"', "OK", "+QMTOPEN: 0,0")
    result = said({"AT+QIACT?": early, "AT+QMTOPEN=0,": ("OK",)})
    assert result.stage is Stage.OPEN
    assert not result.ok


def test_the_reason_behind_a_login_without_an_answer() -> None:
    result = said({"AT+QMTCONN=0,": ("OK", (2, "+QMTCONN: 0,2"), (2.1, "+QMTSTAT: 0,4"))})
    assert result.failure == "+QMTSTAT: 0,4: the broker did not answer the login"


def test_an_error_because_the_connection_is_gone_is_told_as_that() -> None:
    says: dict[str, Says] = {
        "AT+QMTOPEN=0,": ("OK", "+QMTOPEN: 0,0", "+QMTSTAT: 0,1"),
        "AT+QMTCONN=0,": ("ERROR",),
    }
    result = said(says)
    assert result.failure == "+QMTSTAT: 0,1: the broker closed the connection"


@pytest.mark.parametrize(
    ("acknowledged", "failure"),
    [
        (("OK", "+{command}: 0,2,2"), "+QMTPUBEX: 0,2,2: the module had no answer"),
        (("OK", "+{command}: 0,3,0"), "AT+QMTPUBEX=0 was OK, and its result did not come"),
        (("OK",), "AT+QMTPUBEX=0 was OK, and its result did not come"),
        (("ERROR",), "AT+QMTPUBEX=0: ERROR"),
        (("OK", "+QMTSTAT: 0,6"), "+QMTSTAT: 0,6: sending failed again and again"),
        (("",), "does not take the message"),
    ],
)
def test_a_message_that_is_not_acknowledged_is_not_published(
    acknowledged: Says, failure: str
) -> None:
    port = MqttPeer()
    port.acknowledged, port.echoes = acknowledged, False
    result = run(port)
    assert result.published_bytes is None
    assert failure in str(result.failure)


@pytest.mark.parametrize("prompt", ["", "\r\nERROR\r\n", "\r\n+QMTSTAT: 0,1\r\n"])
def test_nothing_is_sent_without_a_prompt(prompt: str) -> None:
    port = MqttPeer()
    port.prompt = prompt
    result = run(port)
    assert not result.ok
    assert b"hello" not in port.writes
    if prompt != "\r\nERROR\r\n":  # what is sent now could become the message
        assert result.notes == ["the module may still wait for the rest of a message"]
        assert port.writes[-1].startswith(b"AT+QMTPUBEX=0")


def test_no_message_comes() -> None:
    result = said({}, publish=None, message_s=7)
    assert result.failure == "no message came on a/# within 7 s"
    assert (result.granted_qos, result.connected) == (1, True)


def test_the_broker_closes_while_a_message_is_waited_for() -> None:
    result = said({"AT+QMTSUB=0,": ("OK", "+QMTSUB: 0,1,0,1", (9, "+QMTSTAT: 0,1"))}, publish=None)
    assert (result.stage, result.command, result.code) == (Stage.MESSAGE, "+QMTSTAT", 1)


def test_a_farewell_that_fails_is_a_note() -> None:
    result = said({"AT+QMTDISC=0": ("OK", (1, "+QMTDISC: 0,-1"))})
    assert result.ok
    assert result.notes == ["the module did not leave the broker well: +QMTDISC: 0,-1"]


def test_a_password_is_in_no_message() -> None:
    result = said({"AT+QMTCONN=0,": ("ERROR",)}, user="u", password="secret")
    assert result.failure == "AT+QMTCONN=0: ERROR"
    assert "secret" not in repr(result)


# the port


def test_the_port_goes_away() -> None:
    port = MqttPeer()
    port.goes_away_after = 300
    result = run(port)
    assert "the port went away" in str(result.failure)
    assert port.forgotten_output == 1


@pytest.mark.parametrize(
    ("interrupt_after", "state"),
    [
        (30, "the module is in command mode"),
        (500, "perhaps still connected to broker.example:8883"),
    ],
)
def test_ctrl_c_says_in_what_state_the_module_is(interrupt_after: int, state: str) -> None:
    port = MqttPeer()
    port.interrupt_after = interrupt_after
    with pytest.raises(Interrupted, match=state):
        run(port)


ODD = """
    OK|ERROR||CONNECT|> |RDY|+CME ERROR: 3|+QMTOPEN: 0,5|+QMTCONN: 0,0,5|+QMTSTAT: 0,1
    |+QMTSUB: 0,1,2|+QMTPUBEX: 0,2,2|+CEREG: 0,2|+QIACT: 1,0,1
"""


@given(
    command=st.sampled_from(sorted(RIGHT)),
    answer=st.lists(st.sampled_from([each.strip() for each in ODD.split("|")]), max_size=4),
)
def test_whatever_a_module_says_a_success_was_one(command: str, answer: list[str]) -> None:
    """The message went to the broker and came back, or the host says that something failed."""
    port = MqttPeer({command: tuple(answer)})
    result = run(port)
    if result.ok:
        assert port.published == [("a/b", b"hello")]
        assert result.received == Message("a/b", "hello")
    else:
        assert result.failure
