"""FCM242D&FGM842D AT Commands Manual, chapter Examples: Wi-Fi, BLE, TCP, SSL and MQTT."""

from typing import Any

from quecsim.tls.authority import authority_pem, client_pair
from tests.fidelity.dialogue import Dialogue
from tests.fidelity.fcm242d_sockets import SSL, TCP
from tests.fidelity.payloads import certificate_like, led_by_text

_CROSS = "the conversion made a multiplication sign of the X of a cipher suite"

CERTIFICATES = {
    "CA certificate": certificate_like(1757),
    "client certificate of 1639 bytes": certificate_like(1639),
    "client certificate of 1684 bytes": certificate_like(1684),
    "client key": certificate_like(2455),
}
# The same lengths, and of use: text in front of a certificate is no part of it.
REAL_CERTIFICATES = {
    "CA certificate": led_by_text(authority_pem(), 1757),
    "client certificate of 1639 bytes": led_by_text(client_pair()[0], 1639),
    "client key": led_by_text(client_pair()[1], 2455),
}
PUBLICATIONS = {
    text: text.encode()
    for text in ("This is test data, hello MQTT.", "This is publish data from client")
}

_WIFI_AND_BLE = (
    Dialogue(
        "Wi-Fi",
        """
        AT+QSTAAPINFO="testssid","123456789"
        OK
        AT+QSOFTAP="testap","12345678"
        OK
        +QAPSTAT: "AP_UP"
        +QSTASTAT: "WLAN_CONNECTED"
        +QSTASTAT: "GOT_IP"
        """,
        note="the codes that follow stand in their own tables, and not here",
        is_joined=False,
    ),
    Dialogue(
        "Peripheral device, nRF Connect",
        """
        AT+QBLEINIT=2,1
        OK
        AT+QBLEADVPARAM=150,150
        OK
        AT+QBLENAME="QuecFGM842D"
        OK
        AT+QBLEADDR?
        +QBLEADDR: "c8e4a1b1c1f9"
        OK
        AT+QBLEGATTSSRV="FFF1"
        OK
        AT+QBLEGATTSCHAR="FFF2"
        OK
        AT+QBLEGATTSSRVDONE
        OK
        AT+QBLEADVSTART
        OK
        +QBLESTAT: "CONNECTED"
        |received|
        AT+QBLEGATTSNTFY=0,"FFF2","123456789"
        OK
        """,
        note="what was received is printed on one line; the description of the URC has CR LF before"
        " the data. That nRF Connect has connected is said in words",
        payloads={"received": b'\r\n+QBLERECV: 0,"fff2",10\r\nfrom phone\r\n'},
        ble_peers=(
            {
                "kind": "phone",
                "name": "nRF Connect",
                "after_ms": 500,
                "steps": (
                    {"do": "subscribe", "uuid": "fff2"},
                    {"do": "write", "uuid": "fff2", "text": "from phone", "after_ms": 500},
                ),
            },
        ),
    ),
)

_SSL_CONTEXT = """
AT+QSSLCFG="sslversion",1,1
OK
AT+QSSLCFG="ciphersuite",1,0X0035
OK
AT+QSSLCFG="seclevel",1,1
OK
AT+QFOPEN="ca.pem"
+QFOPEN: 1
OK
AT+QFWRITE=1,1757
CONNECT
{CA certificate}
+QFWRITE: 1757,1757
OK
AT+QSSLCFG="cacert",1,"ca.pem"
OK
"""

_SSL_CONTEXT_ALONE = Dialogue("SSL context", _SSL_CONTEXT, payloads=CERTIFICATES, note=_CROSS)

_RECV_MODE = """
AT+QMTCFG="recv/mode",0,0
OK
"""

_MQTT_TESTS = """
AT+QMTOPEN=?
+QMTOPEN: (0-5),<host_name>,(1-65535)
OK

AT+QMTCONN=?
+QMTCONN: (0-5),<clientID>,<username>,<password>
OK

AT+QMTSUB=?
+QMTSUB: (0-5),(0-65535),<topic>,(0-2)
OK

AT+QMTPUB=?
+QMTPUB: (0-5),(0-65535),(0-2),(0,1),<topic>,(1-2048)
OK
"""

_MQTT_OPENED = """
AT+QMTOPEN=0,"192.0.2.2",8306
OK
+QMTOPEN: 0,0

AT+QMTOPEN?
+QMTOPEN: 0,"192.0.2.2",8306
OK

AT+QMTCONN=0,"test","quectel","quectel"
OK
+QMTCONN: 0,0,0

AT+QMTSUB=0,1,"topic/example",2
OK
+QMTSUB: 0,1,0,2

AT+QMTSUB=0,1,"topic/pub",0
OK
+QMTSUB: 0,1,0,0
"""

_MQTT_RECEIVED = """
+QMTRECV: 0,0,"topic/example",36,"This is the payload related to topic"
"""

_MQTT_PUBLISHED = """
AT+QMTUNS=0,2,"topic/example"
OK
+QMTUNS: 0,2,0

AT+QMTPUB=0,0,0,0,"topic/pub",30
>
{This is test data, hello MQTT.}
OK
+QMTPUB: 0,0,0
"""

_MQTT_UNQUOTED = """
+QMTRECV: 0,0,"topic/pub",30,This is test data, hello MQTT.
"""

_MQTT_GONE = """
AT+QMTDISC=0
OK
+QMTDISC: 0,0
"""

_USERS = {"quectel": "quectel"}
_OTHERS = {"topic": "topic/example", "text": "This is the payload related to topic"}


def _broker(port: int, tls: dict[str, str] | None = None, **mqtt: Any) -> tuple[dict[str, Any]]:
    """The manual's broker."""
    secured = {} if tls is None else {"tls": tls}
    return ({"host": "192.0.2.2", "port": port, "mqtt": {"users": _USERS, **mqtt}, **secured},)


_MQTT_FILES = """
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

AT+QFWRITE=1,1639
CONNECT
{client certificate of 1639 bytes}
+QFWRITE: 1639,1639
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
"""

_MQTT_SSL_FILES = """
AT+QSSLCFG="cacert",1,"ca.pem"
OK

AT+QSSLCFG="clientcert",1,"user.pem"
OK

AT+QSSLCFG="clientkey",1,"user_key.pem"
OK
"""

_MQTT_SSL_CONTEXT = """

AT+QSSLCFG="seclevel",2,2
OK

AT+QSSLCFG="sslversion",2,4
OK

AT+QSSLCFG="ciphersuite",2,0XFFFF
OK

AT+QSSLCFG="ignorelocaltime",2,1
OK
"""

_MQTT_SSL_MODE = """
AT+QMTCFG="ssl",0,1,2
OK
"""

_MQTT_SSL = """
AT+QMTOPEN=0,"192.0.2.2",8307
OK
+QMTOPEN: 0,0

AT+QMTCONN=0,"test","quectel","quectel"
OK
+QMTCONN: 0,0,0

AT+QMTSUB=0,1,"$aws/things/M26_0206/shadow/update/accepted",1
OK
+QMTSUB: 0,1,0,1

AT+QMTPUB=0,1,1,0,"$aws/things/M26_0206/shadow/update/accepted",32
>
{This is publish data from client}
OK
+QMTPUB: 0,1,0

+QMTRECV: 0,1,"$aws/things/M26_0206/shadow/update/accepted",32,"This is publish data from client"

AT+QMTDISC=0
OK
+QMTDISC: 0,0
"""

_MQTT = (
    Dialogue("MQTT without SSL, receiving mode", _RECV_MODE),
    Dialogue("MQTT without SSL, test commands", _MQTT_TESTS),
    Dialogue(
        "MQTT without SSL, receiving",
        _MQTT_OPENED + _MQTT_RECEIVED + _MQTT_GONE,
        services=_broker(8306, messages=[{**_OTHERS, "after_ms": 2000}]),
        note="the test commands that stand between the others are above; what is published, below",
    ),
    Dialogue(
        "MQTT without SSL, publishing",
        _MQTT_OPENED + _MQTT_PUBLISHED + _MQTT_UNQUOTED + _MQTT_GONE,
        payloads=PUBLICATIONS,
        services=_broker(8306),
        quirks={"mqtt_quotes": False},
        note="this one payload is printed without quotes; the two others of the chapter with them",
    ),
    Dialogue("MQTT with SSL, receiving mode", _RECV_MODE),
    Dialogue("MQTT with SSL, SSL mode", _MQTT_SSL_MODE),
    Dialogue(
        "MQTT with SSL, certificates and SSL parameters",
        _MQTT_FILES + _MQTT_SSL_FILES + _MQTT_SSL_CONTEXT,
        payloads=CERTIFICATES,
        note=_CROSS,
    ),
    Dialogue(
        "MQTT with SSL",
        _MQTT_SSL_MODE
        + _MQTT_FILES
        + _MQTT_SSL_FILES.replace('",1,"', '",2,"')
        + _MQTT_SSL_CONTEXT
        + _MQTT_SSL,
        payloads={**REAL_CERTIFICATES, **PUBLICATIONS},
        services=_broker(8307, {"client": "required"}, acknowledges_first=True),
        note="printed with the certificates in SSL context 1, while the client uses context 2",
    ),
)

# As printed, the client's SSL context has no certificates: none of them can be opened by it.
MQTT_SSL_AS_PRINTED = Dialogue(
    "MQTT with SSL, as printed",
    _MQTT_SSL_MODE
    + _MQTT_FILES
    + _MQTT_SSL_FILES
    + _MQTT_SSL_CONTEXT
    + 'AT+QMTOPEN=0,"192.0.2.2",8307\nOK\n+QMTOPEN: 0,3',
    payloads=REAL_CERTIFICATES,
    services=_broker(8307, {"client": "required"}),
)

EXAMPLES = (*_WIFI_AND_BLE, TCP, _SSL_CONTEXT_ALONE, *SSL, *_MQTT)
