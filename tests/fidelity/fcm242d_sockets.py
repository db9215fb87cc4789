"""FCM242D&FGM842D AT Commands Manual, chapter Examples: TCP and SSL; and ATO and +++ of theirs."""

from typing import Any

from tests.fidelity.dialogue import Dialogue

_ESCAPE = "the +++ is in a comment"
_PORT = "the local port is another one"
_TYPED = {
    "all data": b"All data got from COM port",
    "data to the network": b"Client is sending data",
    "Test data from SSL": b"Test data from SSL",
    "Test data from SSL, Ctrl+Z": b"Test data from SSL\x1a",
    "Test data from SSL, CR LF": b"Test data from SSL\r\n",
    "Test 1": b"Test 1",
    "Received data": b"Received data",
}


def _server(port: int, text: str, after: str = "", *, has_tls: bool = True) -> dict[str, Any]:
    """Says `text` behind as many bytes as `after` has."""
    step = {"after_bytes": len(after), "text": text}
    return {
        "host": "192.0.2.2",
        "port": port,
        "kind": "tcp",
        "address": "192.0.2.2",
        "tcp": {"steps": [step] if text else []},
        **({"tls": {"certificate": "valid"}} if has_tls else {}),
    }


_TCP = (_server(8009, "Test 1", _TYPED["all data"].decode(), has_tls=False),)
_TWICE = "Test data from SSL" * 2

TCP = Dialogue(
    "TCP, transparent transmission mode",
    """
    AT+QIOPEN=0,"TCP","192.0.2.2",8009,0,2
    CONNECT
    {all data}
    |Test 1|
    +++
    OK
    AT+QICLOSE=0
    OK
    """,
    payloads=_TYPED,
    services=_TCP,
    note=_ESCAPE,
)
ON_LINE = (
    Dialogue(
        "ATO, connected",
        """
        AT+QIOPEN=0,"TCP","192.0.2.2",8009,0,2
        CONNECT
        +++
        OK
        ATO
        CONNECT
        """,
        services=_TCP,
        note="the connection, and what leaves it, are from the examples",
    ),
    Dialogue(
        "+++",
        """
        AT+QIOPEN=0,"TCP","192.0.2.2",8009,0,2
        CONNECT
        +++
        OK
        """,
        services=_TCP,
        note="the connection is from the examples",
    ),
)
SSL = (
    Dialogue(
        "SSL client, buffer access mode",
        """
        AT+QSSLOPEN=1,4,"192.0.2.2",8010,0
        OK
        +QSSLOPEN: 4,0
        AT+QSSLSTATE
        +QSSLSTATE: 4,"SSLClient","192.0.2.2",8010,49153,2,4,0,"uart1",1
        OK
        AT+QSSLSEND=4
        >
        {Test data from SSL, Ctrl+Z}
        SEND OK
        AT+QSSLSEND=4,18
        >
        {Test data from SSL}
        SEND OK
        +QSSLURC: "recv",4
        AT+QSSLRECV=4,1500
        +QSSLRECV: 18
        |Test data from SSL|
        OK
        AT+QSSLRECV=4,1500
        +QSSLRECV: 0
        OK
        AT+QSSLCLOSE=4
        OK
        """,
        payloads=_TYPED,
        services=(_server(8010, "Test data from SSL", _TWICE),),
        note=_PORT,
    ),
    Dialogue(
        "SSL client, direct push mode",
        """
        AT+QSSLOPEN=1,4,"192.0.2.2",8011,1
        OK
        +QSSLOPEN: 4,0
        AT+QSSLSTATE
        +QSSLSTATE: 4,"SSLClient","192.0.2.2",8011,49153,2,4,1,"uart1",1
        OK
        AT+QSSLSEND=4
        >
        {Test data from SSL, Ctrl+Z}
        SEND OK
        AT+QSSLSEND=4,18
        >
        {Test data from SSL}
        SEND OK
        +QSSLURC: "recv",4,18
        |Test data from SSL, CR LF|
        AT+QSSLCLOSE=4
        OK
        """,
        payloads=_TYPED,
        services=(_server(8011, "Test data from SSL", _TWICE),),
        note=_PORT,
    ),
    Dialogue(
        "SSL client, transparent transmission mode, sending",
        """
        AT+QSSLOPEN=1,4,"192.0.2.2",8011,2
        CONNECT
        {data to the network}
        +++
        OK
        """,
        payloads=_TYPED,
        services=(_server(8011, ""),),
        note=_ESCAPE,
    ),
    Dialogue(
        "SSL client, transparent transmission mode, receiving",
        """
        AT+QSSLOPEN=1,4,"192.0.2.2",8011,2
        CONNECT
        |Received data|
        +++
        OK
        AT+QSSLCLOSE=4
        OK
        """,
        payloads=_TYPED,
        services=(_server(8011, "Received data"),),
        note=_ESCAPE,
    ),
)
