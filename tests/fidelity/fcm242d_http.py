"""FCM242D&FGM842D AT Commands Manual, chapter Examples: HTTP and HTTPS.

Where the manual prints `<body>`, a body of the length that it prints is made.
"""

from base64 import b64encode
from typing import Any

from quecsim.tls.authority import authority_pem, client_pair
from tests.fidelity.dialogue import Dialogue
from tests.fidelity.fcm242d_examples import CERTIFICATES
from tests.fidelity.payloads import led_by_text

_CROSS = "the conversion made a multiplication sign of the X of a cipher suite"
_NO_RC4 = "the cipher suite that the manual sets, RC4, is in no TLS library of today: left out"
_LENGTHS = "the manual prints 21472 and 21451 for the same length: the one of the response's head"
_NOT_285 = "the manual's 285 bytes are not those that it prints: six line ends more"

_GET_SETTINGS = """
AT+QHTTPCFG="rsp/header",1
OK
AT+QHTTPCFG="url","http://www.example.com"
OK
"""

_GET = """
AT+QHTTPGET=80
OK
+QHTTPGET: 0,200,601710

AT+QHTTPREAD=80
CONNECT
|response|
OK
+QHTTPREAD: 0
"""

_GET_HEAD = """\
HTTP/1.1 200 OK
Server: nginx
Date: Tue, 12 Sep 2017 05:57:29 GMT
Content-Type: text/html
Content-Length: 601710
Connection: close
Last-Modified: Tue, 12 Sep 2017 05:54:48 GMT
Vary: Accept-Encoding
Expires: Tue, 12 Sep 2017 05:58:28 GMT
Cache-Control: max-age=60
X-Powered-By: shci_v1.03
Age: 1
"""

_ECHO_URL = """
AT+QHTTPCFG="url","http://example.com/DEMOWebServices2.8/Service.asmx/Echo?"
OK
"""

_ECHO_BODY = """
CONNECT
|response|
OK
+QHTTPREAD: 0
"""

_ECHOED = b"""\
<?xml version="1.0" encoding="utf-8"?>
<string xmlns="httpHTTPs://example.com/webservices2.3">Message='HelloQuectel' \
ASCII:72 101 108 108 111 81 117 101 99 116 101 108 </string>"""

_POST = f"""
AT+QHTTPPOST=20,80,80
CONNECT
{{Message=HelloQuectel}}
OK
+QHTTPPOST: 0,200,177
AT+QHTTPREAD=80
{_ECHO_BODY}
"""

_PUT = f"""
AT+QHTTPPUT=20,80,80
CONNECT
{{Message=HelloQuectel}}
OK
+QHTTPPUT: 0,200,177
AT+QHTTPREAD=80
{_ECHO_BODY}
"""

_TLS_GET_SETTINGS = """
AT+QHTTPCFG="rsp/header",1
OK
AT+QHTTPCFG="sslctxid",1
OK
AT+QSSLCFG="sslversion",1,1
OK
AT+QSSLCFG="ciphersuite",1,0X0005
OK
AT+QSSLCFG="seclevel",1,0
OK
AT+QHTTPCFG="url","https://www.example.com"
OK
"""

_TLS_GET = """
AT+QHTTPGET=80
OK
+QHTTPGET: 0,200,21451

AT+QHTTPREAD=80
CONNECT
|response|
OK
+QHTTPREAD: 0
"""

_TLS_GET_HEAD = """\
HTTP/1.1 200 OK
Server: Tengine/2.1.0
Date: Tue, 12 Sep 2017 05:54:34 GMT
Content-Type: text/html; charset=utf-8
Content-Length: 21451
Connection: keep-alive
"""

_TLS_SETTINGS = """
AT+QHTTPCFG="sslctxid",1
OK
AT+QSSLCFG="sslversion",1,1
OK
AT+QSSLCFG="ciphersuite",1,0X0005
OK
AT+QSSLCFG="seclevel",1,2
OK
"""

_TLS_FILES = """
AT+QFOPEN="ca.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,1757
CONNECT
{CA certificate}
+QFWRITE: 1757,1757
OK
AT+QFCLOSE=1
OK

AT+QFOPEN="user.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,1684
CONNECT
{client certificate of 1684 bytes}
+QFWRITE: 1684,1684
OK
AT+QFCLOSE=1
OK

AT+QFOPEN="user_key.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,2455
CONNECT
{client key}
+QFWRITE: 2455,2455
OK
AT+QFCLOSE=1
OK

AT+QSSLCFG="cacert",1,"ca.pem"
OK
AT+QSSLCFG="clientcert",1,"user.pem"
OK
AT+QSSLCFG="clientkey",1,"user_key.pem"
OK
"""

_ORDER_URL = """
AT+QHTTPCFG="url","https://192.0.2.2:8011/processorder.php"
OK
"""

_ORDER_BODY = """
AT+QHTTPREAD=80
CONNECT
|response|
OK
+QHTTPREAD: 0
"""

_ORDERED = b"""\
<html>
<head>
<title>Quectel's Auto Parts - Order Results</title>
</head>
<body>
<h1>Quectel's Auto Parts</h1>
<h2>Order Results</h2>
<p>Order processed at 02:49, 27th December</p><p>Your order is as follows: </p>\
1111 message<br />2222 apple<br />3333 orange<br /></body>
</html>"""

_TLS_POST = f"""
AT+QHTTPPOST=48,80,80
CONNECT
{{Message=1111&Appleqty=2222&Orangeqty=3333&find=1}}
OK
+QHTTPPOST: 0,200,285
{_ORDER_BODY}
"""

_TLS_PUT = f"""
AT+QHTTPPUT=48,80,80
CONNECT
{{Message=1111&Appleqty=2222&Orangeqty=3333&find=1}}
OK
+QHTTPPUT: 0,200,285
{_ORDER_BODY}
"""


def _response(head: str, size: int) -> bytes:
    """A whole response, with a body of that size."""
    row = b"<p>The body that the manual leaves out.</p>\n"
    return head.replace("\n", "\r\n").encode() + b"\r\n" + (row * (size // len(row) + 1))[:size]


def _says(host: str, port: int, response: bytes, **tls: Any) -> dict[str, Any]:
    """A server that says just that."""
    step = {"after_bytes": 1, "base64": b64encode(response).decode()}
    return {"host": host, "port": port, "kind": "tcp", "tcp": {"steps": [step]}, **tls}


def _answers(host: str, port: int, path: str, body: bytes, **tls: Any) -> dict[str, Any]:
    """A server that answers whatever is sent to that path."""
    answer = {"text": body.decode(), "takes": "answer"}
    return {"host": host, "port": port, "kind": "http", "http": {"files": {path: answer}}, **tls}


_RC4 = """AT+QSSLCFG="ciphersuite",1,0X0005
OK
"""
_GOT, _GOT_BY_TLS = _response(_GET_HEAD, 601_710), _response(_TLS_GET_HEAD, 21_451)
_ECHO = "/DEMOWebServices2.8/Service.asmx/Echo?"
_ORDER = _ORDERED + b"\n" * 6
_TEXTS = {
    text: text.encode()
    for text in ("Message=HelloQuectel", "Message=1111&Appleqty=2222&Orangeqty=3333&find=1")
}
_ORDER_SERVER = _answers(
    "192.0.2.2",
    8011,
    "/processorder.php",
    _ORDER,
    tls={"certificate": "valid", "client": "required"},
)
_USEFUL = {
    "CA certificate": led_by_text(authority_pem(), 1757),
    "client certificate of 1684 bytes": led_by_text(client_pair()[0], 1684),
    "client key": led_by_text(client_pair()[1], 2455),
}


def _echoing(section: str, text: str) -> Dialogue:
    return Dialogue(
        section,
        _ECHO_URL + text,
        services=(_answers("example.com", 80, _ECHO, _ECHOED),),
        payloads={**_TEXTS, "response": _ECHOED},
    )


def _ordering(section: str, text: str) -> Dialogue:
    return Dialogue(
        section,
        _TLS_SETTINGS.replace(_RC4, "") + _TLS_FILES + _ORDER_URL + text,
        services=(_ORDER_SERVER,),
        payloads={**_USEFUL, **_TEXTS, "response": _ORDER},
        note=f"{_NO_RC4}; {_NOT_285}",
    )


HTTP_EXAMPLES = (
    Dialogue(
        "HTTP GET",
        _GET_SETTINGS + _GET,
        services=(_says("www.example.com", 80, _GOT),),
        payloads={"response": _GOT},
    ),
    _echoing("HTTP POST", _POST),
    _echoing("HTTP PUT", _PUT),
    Dialogue("HTTPS GET, settings", _TLS_GET_SETTINGS, note=_CROSS),
    Dialogue(
        "HTTPS GET",
        _TLS_GET_SETTINGS.replace(_RC4, "") + _TLS_GET,
        services=(_says("www.example.com", 443, _GOT_BY_TLS, tls={"certificate": "valid"}),),
        payloads={"response": _GOT_BY_TLS},
        note=f"{_NO_RC4}; {_LENGTHS}",
    ),
    Dialogue(
        "HTTPS POST, settings and certificates",
        _TLS_SETTINGS + _TLS_FILES + _ORDER_URL,
        payloads=CERTIFICATES,
        note=_CROSS,
    ),
    _ordering("HTTPS POST", _TLS_POST),
    Dialogue("HTTPS PUT, settings", _TLS_SETTINGS + _ORDER_URL, note=_CROSS),
    _ordering("HTTPS PUT", _TLS_PUT),
)
