"""FCM242D&FGM842D AT Commands Manual: test commands of sockets, TLS, MQTT and HTTP."""

from tests.fidelity.dialogue import Dialogue
from tests.fidelity.fcm242d_commands import LISTS, RENUMBERED
from tests.fidelity.fcm242d_sockets import ON_LINE

_SOCKETS = (
    Dialogue(
        "AT+QICFG, test command",
        """
        AT+QICFG=?
        +QICFG: "transpktsize",(1-1460)
        +QICFG: "transwaittm",(0-20)
        +QICFG: "tcp/accept",(0,1)
        +QICFG: "qisend/timeout",(0-120)
        +QICFG: "passiveclosed",(0,1)
        +QICFG: "dataformat",(0,1),(0,1)
        +QICFG: "close/mode",(0,1)
        +QICFG: "tcp/kalive",(0,1),(60-7200),(10-20),(1-8)
        +QICFG: "tcp/tw_cycle",(0,1)
        +QICFG: "udp/broadcast",(0,1)
        OK
        """,
        note=RENUMBERED,
    ),
    Dialogue(
        "AT+QIOPEN, test command",
        """
        AT+QIOPEN=?
        +QIOPEN: (0-11),"TCP/UDP/TCP LISTENER/UDP SERVICE",\
<IP_address>/<domain_name>,(0-65535),(1-65535),(0-2),(0,1)
        OK
        """,
        note=f"{LISTS}; the services as in a capture of a BG770A",
    ),
    Dialogue(
        "AT+QICLOSE, test command",
        """
        AT+QICLOSE=?
        +QICLOSE: (0-11),(1-120)
        OK
        """,
    ),
    Dialogue("AT+QISTATE, test command", "AT+QISTATE=?\nOK"),
    Dialogue(
        "AT+QISEND, test command",
        """
        AT+QISEND=?
        +QISEND: (0-11),(0-1460),<remoteIP>,(1-65535)
        OK
        """,
    ),
    Dialogue(
        "AT+QIRD, test command",
        """
        AT+QIRD=?
        +QIRD: (0-11),(0-1500)
        OK
        """,
    ),
    Dialogue(
        "AT+QIACCEPT, test command",
        """
        AT+QIACCEPT=?
        +QIACCEPT: (0-11),(0,1),(0-11)
        OK
        """,
    ),
    Dialogue(
        "AT+QISWTMD, test command",
        """
        AT+QISWTMD=?
        +QISWTMD: (0-11),(0-2)
        OK
        """,
    ),
    Dialogue("AT+QIGETERROR, test command", "AT+QIGETERROR=?\nOK"),
    Dialogue("ATO, without a connection", "ATO\nNO CARRIER"),
    *ON_LINE,
)

_CIPHER_SUITES = (
    "0X0035,0X002F,0X0005,0X000A,0X003D,0XC003,0XC004,0XC005,0XC008,0XC009,0XC00A,0XC011,0XC012,"
    "0XC013,0XC014,0XC00D,0XC00E,0XC00F,0XC023,0XC024,0XC025,0XC026,0XC027,0XC028,0XC029,0XC02A,"
    "0XC02F,0XC030,0XFFFF"
)

_TLS = (
    Dialogue(
        "AT+QSSLCFG, test command",
        f"""
        AT+QSSLCFG=?
        +QSSLCFG: "sslversion",(0-5),(0-4)
        +QSSLCFG: "seclevel",(0-5),(0-2)
        +QSSLCFG: "ciphersuite",(0-5),({_CIPHER_SUITES})
        +QSSLCFG: "negotiatetime",(0-5),(10-300)
        +QSSLCFG: "sni",(0-5),(0,1)
        +QSSLCFG: "cacert",(0-5),<cacertpath>
        +QSSLCFG: "clientcert",(0-5),<client_cert_path>
        +QSSLCFG: "clientkey",(0-5),<client_key_path>,<key_pwd>
        +QSSLCFG: "ignorelocaltime",(0-5),(0,1)
        +QSSLCFG: "session_cache",(0-5),(0,1)
        OK
        """,
        note=f"{LISTS}; the conversion made a multiplication sign of the X of cipher suites",
    ),
    Dialogue(
        "AT+QSSLOPEN, test command",
        """
        AT+QSSLOPEN=?
        +QSSLOPEN: (0-5),(0-11),<server_address>,<server_port>,(0-2)
        OK
        """,
    ),
    Dialogue(
        "AT+QSSLSEND, test command",
        """
        AT+QSSLSEND=?
        +QSSLSEND: (0-11),(1-1460)
        OK
        """,
    ),
    Dialogue(
        "AT+QSSLRECV, test command",
        """
        AT+QSSLRECV=?
        +QSSLRECV: (0-11),(1-1500)
        OK
        """,
    ),
    Dialogue(
        "AT+QSSLCLOSE, test command",
        """
        AT+QSSLCLOSE=?
        +QSSLCLOSE: (0-11),(0-65535)
        OK
        """,
    ),
    Dialogue("AT+QSSLSTATE, test command", "AT+QSSLSTATE=?\nOK"),
)

_MQTT = (
    Dialogue(
        "AT+QMTCFG, test command",
        """
        AT+QMTCFG=?
        +QMTCFG: "version",(0-5),(3,4)
        +QMTCFG: "ssl",(0-5),(0,1),(0-5)
        +QMTCFG: "keepalive",(0-5),(0-3600)
        +QMTCFG: "session",(0-5),(0,1)
        +QMTCFG: "will",(0-5),(0,1),(0-2),(0,1),<will_topic>,<will_message>
        +QMTCFG: "recv/mode",(0-5),(0,1)
        +QMTCFG: "dataformat",(0-5),(0,1),(0,1)
        +QMTCFG: "timeout",(0-5),(1-1200),(0-10),(0,1)
        +QMTCFG: "aliauth",(0-5),"product key","device name","device secret"
        +QMTCFG: "onenet",(0-5),"product id","access key"
        OK
        """,
        note=f"{RENUMBERED}; pkt_timeout is 1-1200 here, 1-60 on other pages",
    ),
    Dialogue(
        "AT+QMTCLOSE, test command",
        """
        AT+QMTCLOSE=?
        +QMTCLOSE: (0-5)
        OK
        """,
    ),
    Dialogue(
        "AT+QMTDISC, test command",
        """
        AT+QMTDISC=?
        +QMTDISC: (0-5)
        OK
        """,
    ),
    Dialogue(
        "AT+QMTUNS, test command",
        """
        AT+QMTUNS=?
        +QMTUNS: (0-5),(0-65535),<topic>
        OK
        """,
    ),
    Dialogue("AT+QMTRECV, test command", "AT+QMTRECV=?\nOK"),
)

_HTTP = (
    Dialogue(
        "AT+QHTTPCFG, test command",
        """
        AT+QHTTPCFG=?
        +QHTTPCFG: "url",<urlstring>
        +QHTTPCFG: "header",<name:value>
        +QHTTPCFG: "auth",<username:password>
        +QHTTPCFG: "sslctxid",(0-5)
        +QHTTPCFG: "rsp/header",(0,1)
        +QHTTPCFG: "rspout/auto",(0,1)
        +QHTTPCFG: "closed/ind",(0,1)
        +QHTTPCFG: "form/option",<name>,<file_name>,<content_type>
        OK
        """,
        note=LISTS,
    ),
    Dialogue(
        "AT+QHTTPGET, test command",
        """
        AT+QHTTPGET=?
        +QHTTPGET: (1-65535)
        OK
        """,
    ),
    Dialogue(
        "AT+QHTTPPOST, test command",
        """
        AT+QHTTPPOST=?
        +QHTTPPOST: (1-1024000),(1-65535),(1-65535)
        OK
        """,
    ),
    Dialogue(
        "AT+QHTTPPUT, test command",
        """
        AT+QHTTPPUT=?
        +QHTTPPUT: (1-1024000),(1-65535),(1-65535)
        OK
        """,
    ),
    Dialogue(
        "AT+QHTTPREAD, test command",
        """
        AT+QHTTPREAD=?
        +QHTTPREAD: (1-65535)
        OK
        """,
    ),
    Dialogue("AT+QHTTPSTOP, test command", "AT+QHTTPSTOP=?\nOK"),
    Dialogue(
        "AT+QPING, test command",
        """
        AT+QPING=?
        +QPING: <host>,(1-255),(1-10)
        OK
        """,
    ),
    Dialogue(
        "AT+QIDNSGIP, test command",
        """
        AT+QIDNSGIP=?
        +QIDNSGIP: <hostname>
        OK
        """,
    ),
    Dialogue(
        "AT+QNTP, test command",
        """
        AT+QNTP=?
        +QNTP: "<server>"[,<port>[,(0,1)]]
        OK
        """,
        note=f"{LISTS}; the page says nothing of this list: off and on",
    ),
)

NETWORK_COMMANDS = (*_SOCKETS, *_TLS, *_MQTT, *_HTTP)
