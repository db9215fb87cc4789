"""Published logs of real modules, as far as they are facts: what was typed and what was answered.

Of most files in them only size and checksum were published, so such files are made.
"""

from tests.fidelity.dialogue import Dialogue, Document
from tests.fidelity.payloads import certificate_like
from tests.test_checksum import AMAZON

_BROKER = ({"host": "broker.example", "port": 8883, "tls": {"certificate": "valid"}, "mqtt": {}},)


def _stored(name: str, size: int, wanted: int) -> Dialogue:
    text = f"""
    AT+QFDEL="{name}"
    +CME ERROR: 418
    AT+QFUPL="{name}",{size}
    CONNECT
    {{file}}
    +QFUPL: {size},{wanted:x}

    OK
    AT+QFLST="{name}"
    +QFLST: "UFS:{name}",{size}

    OK
    """
    lines = "\n".join(line.strip() for line in text.splitlines())
    return Dialogue(name, lines, payloads={"file": certificate_like(size, wanted)})


EC25_PROVISIONING = Document(
    "the log of a provisioning tool for EC21 and EC25",
    ("ec25",),
    (
        Dialogue("identity", "ATI\nQuectel\nEC25\nRevision: EC25EFAR06A17M4G\n\nOK"),
        Dialogue("firmware", "AT+QGMR\nEC25EFAR06A17M4G_20.200.20.200\n\nOK"),
        _stored("client.crt", 851, 0x6D21),
        _stored("client.key", 227, 0xD35),
        _stored("cacert.pem", 684, 0xF64),
    ),
)

EC25_FORUM = Document(
    "Quectel forum, thread 3562",
    ("ec25",),
    (
        Dialogue(
            "certificates in RAM, and a connection that fails",
            """
AT+CPIN?
+CPIN: READY

OK
AT+CREG?
+CREG: 0,1

OK
AT+QFDEL="*"
OK
AT+QFUPL="RAM:cacert.pem",1188,100
CONNECT
{cacert}
+QFUPL: 1188,2d13

OK
AT+QFUPL="RAM:user_key.pem",1679,100
CONNECT
{user_key}
+QFUPL: 1679,4b38

OK
AT+QFUPL="RAM:client.pem",1220,100
CONNECT
{client}
+QFUPL: 1220,3500

OK
AT+QIACT?
OK
AT+QIACT=1
OK
AT+QMTCFG="SSL",0,1,2
OK
AT+QSSLCFG="clientcert",2,"RAM:client.pem"
OK
AT+QSSLCFG="clientkey",2,"RAM:user_key.pem"
OK
AT+QSSLCFG="cacert",2,"RAM:cacert.pem"
OK
AT+QSSLCFG="seclevel",2,2
OK
AT+QSSLCFG="sslversion",2,4
OK
AT+QSSLCFG="ciphersuite",2,0xFFFF
OK
AT+QSSLCFG="ignorelocaltime",2,1
OK
AT+QMTOPEN?
OK
AT+QMTOPEN=0,"broker.example",8883
OK

+QMTOPEN: 0,-1
""",
            payloads={
                "cacert": AMAZON,
                "user_key": certificate_like(1679, 0x4B38),
                "client": certificate_like(1220, 0x3500),
            },
            services=_BROKER,
            note="the name of the broker is another",
        ),
    ),
)

EG25G_COMMANDS = Document(
    "the published replies of an EG25-G",
    ("eg25g",),
    (
        Dialogue("ATI", "ATI\nQuectel\nEG25\nRevision: EG25GGBR07A08M2G\n\nOK"),
        Dialogue("AT+QGMR", "AT+QGMR\nEG25GGBR07A08M2G_30.203.30.203\n\nOK"),
    ),
)

BG95_MQTT = Document(
    "the log of an MQTT session of a BG95-M3",
    ("bg95",),
    (
        Dialogue("a word of its own for 2", "AT+CMEE=2\nOK\nAT+QIACT?\nOK"),
        Dialogue(
            "from the packet context to a message",
            """
AT+QICSGP=1,1,"Internet","","",0
OK
AT+QIACT=1
OK
AT+QMTOPEN=0,"broker.example",1883
OK

+QMTOPEN: 0,0
AT+QMTCONN=0,"quectel"
OK

+QMTCONN: 0,0,0
AT+QMTPUBEX=0,1,1,0,"main_topic","Presure: 3.2Bar"
OK

+QMTPUB: 0,1,0
""",
            services=({"host": "broker.example", "port": 1883, "mqtt": {}},),
            note="without TLS; the name of the broker is another",
        ),
    ),
)

# A BG95 behind another microcontroller, whose writer notes every size and checksum.
BG95_CERTIFICATE = Document(
    "the notes of a certificate writer for a BG95",
    ("bg95",),
    (
        Dialogue(
            "with CR LF",
            """
AT+QFUPL="cacert.pem",1208,60
CONNECT
{cacert}
+QFUPL: 1208,5769

OK
AT+QFLST="*"
+QFLST: "cacert.pem",1208

OK
""",
            payloads={"cacert": AMAZON.replace(b"\n", b"\r\n")},
        ),
    ),
)

FC41D_FORUM = Document(
    "Quectel forum, thread 30108",
    ("fc41d",),
    (
        Dialogue(
            "a station, and a socket that listens",
            """
AT+QSTAAPINFO=testssid,123456789
OK
+QSTASTAT:WLAN_CONNECTED
+QSTASTAT:GOT_IP
AT+QGETIP=station
+QGETIP:ip:192.168.1.100,gate:192.168.1.1,mask:255.255.255.0,dns:192.168.1.1
OK
AT+QIOPEN=1,"TCP LISTENER","192.168.1.183",7000,2022,1
OK
+QIOPEN: 1,0
""",
            note="without the echo, which it switches on; the names and addresses are others",
            is_joined=False,
        ),
    ),
)

FC41D_TRACE = Document(
    "published traces of an FC41D with the firmware FC41DAAR03A09M02",
    ("fc41d",),
    (
        Dialogue(
            "which firmware it is",
            """
ATE0
ERROR
AT
OK
AT+QVERSION
+QVERSION:FC41DAAR03A09M02.bin_202406260343
OK
""",
        ),
    ),
)

DOCUMENTS = (
    EC25_PROVISIONING,
    EC25_FORUM,
    EG25G_COMMANDS,
    BG95_MQTT,
    BG95_CERTIFICATE,
    FC41D_FORUM,
    FC41D_TRACE,
)
