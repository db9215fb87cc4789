"""M95 FTPS Application Note V1.0 (2018-11-20), its dialogues in its order."""

from typing import Any

from quecsim.tls.authority import authority_pem
from tests.fidelity.dialogue import Dialogue, Document
from tests.fidelity.payloads import certificate_like, with_checksum

_CERTIFICATES = {
    "CA certificate": certificate_like(1614, 0x4039),
    "client certificate": certificate_like(1419, 0x618),
    "client private key": certificate_like(1679, 0x83A7),
    "CA certificate of the server": certificate_like(1273, 0x1A38),
}
_FILE = certificate_like(10220)
_SESSION = {
    **_CERTIFICATES,
    "CA certificate of the server": with_checksum(authority_pem(), 1273, 0x1A38),
    "file of 10220 bytes": _FILE,
    "Output data": _FILE,
}


def _server(host: str, address: str, port: int, users: dict[str, str], **more: Any) -> Any:
    """The note's server; it has the file that is fetched."""
    files = {"/test.txt": {"text": _FILE.decode()}}
    ftp = {"users": users, "files": files, "implicit": "tls" in more}
    return {"host": host, "port": port, "kind": "ftp", "address": address, "ftp": ftp, **more}


_FTPS_SERVER = _server("220.180.239.212", "220.180.239.212", 990, {"admin": "123456"}, tls={})
_FTP_SERVER = _server("ftp2.quectel.com", "192.0.2.10", 21, {"test": "test"})
_BEFORE = "with the steps before it, which the note prints apart"

_RAM = """
AT+QSECWRITE="RAM:ca_cert.pem",1614,100
CONNECT
{CA certificate}

+QSECWRITE: 1614,4039

OK

AT+QSECWRITE="RAM:client_cert.pem",1419,100
CONNECT
{client certificate}

+QSECWRITE: 1419,618

OK

AT+QSECWRITE="RAM:client_key.pem",1679,100
CONNECT
{client private key}

+QSECWRITE: 1679,83a7

OK
"""

_NVRAM = """
AT+QSECWRITE="NVRAM:CA0",1614,100
CONNECT
{CA certificate}

+QSECWRITE: 1614,4039

OK

AT+QSECWRITE="NVRAM:CC0",1419,100
CONNECT
{client certificate}

+QSECWRITE: 1419,618

OK

AT+QSECWRITE="NVRAM:CK0",1679,100
CONNECT
{client private key}

+QSECWRITE: 1679,83a7

OK
"""

_CONTEXT = """
AT+QIFGCNT=0
OK

AT+QICSGP=1,"CMNET"
OK

AT+QIREGAPP
OK

AT+QIACT
OK

AT+QILOCIP
10.1.83.188
"""

_SSL = """
AT+QSECWRITE="NVRAM:CA0",1273,100
CONNECT
{CA certificate of the server}

+QSECWRITE: 1273,1a38

OK

AT+QSSLCFG="cacert",0,"NVRAM:CA0"
OK

AT+QSSLCFG="ignorertctime",1
OK

AT+QSSLCFG="secllevel",0,1
OK

AT+QSSLCFG="sslversion",0,4
OK

AT+QSSLCFG="ctxindex",0
+QSSLCFG 0,4,1,"0X0005,0X0004,0X0035,0X002F,0X003D,0X000A","NVRAM:CA0","",""

OK

AT+IFC=2,2
OK

AT+QSSLCFG="ftps",1
OK

AT+QSSLCFG="ftpsctxi",0
OK
"""

_USER = """
AT+QFTPUSER="admin"
OK

AT+QFTPPASS="123456"
OK
"""

_OPEN = """
AT+QFTPOPEN="220.180.239.212",990
OK

+QFTPOPEN: 0
"""

_STATE_AND_CLOSE = """
AT+QFTPSTAT
+QFTPSTAT: OPENED

OK

AT+QFTPCLOSE
OK

+QFTPCLOSE: 0

AT+QIDEACT
DEACT OK
"""

_PUT = """
AT+QFTPPATH="/"
OK

+QFTPPATH: 0

AT+QFTPPUT="test.txt",10220,200
OK

CONNECT
{file of 10220 bytes}

+QFTPPUT: 10220
"""

_GET = """
AT+QFTPPATH="/"
OK

+QFTPPATH: 0

AT+QFTPGET="test.txt"
OK

CONNECT
|Output data|

+QFTPGET: 10220

OK
"""

_TO_FTP = """
AT+QSSLCFG="ftps",0
OK
"""

_FTP_USER = """
AT+QFTPUSER="test"
OK

AT+QFTPPASS="test"
OK
"""

_FTP_OPEN = """
AT+QFTPOPEN="ftp2.quectel.com",21
OK

+QFTPOPEN: 0
"""


def _session(section: str, text: str) -> Dialogue:
    """What the note prints of an open session, with its steps up to there."""
    return Dialogue(
        section,
        _CONTEXT + _SSL + _USER + _OPEN + text,
        payloads=_SESSION,
        services=(_FTPS_SERVER,),
        note=_BEFORE,
    )


DOCUMENT = Document(
    "M95 FTPS Application Note V1.0",
    devices=("m95",),
    dialogues=(
        Dialogue(
            "2.2 and 5.2, explicit connection mode",
            """
            AT+QFTPCFG=7,1
            OK

            +QFTPCFG: 0
            """,
            note="printed with <type> and <value>; 5.2 names 7 and 1",
        ),
        Dialogue(
            "2.3, test command",
            """
            AT+QSSLCFG=?
            +QSSLCFG: "type",(0-5),"value"

            OK
            """,
        ),
        Dialogue(
            "2.4, test command",
            """
            AT+QSECWRITE=?
            +QSECWRITE: <filename>,<filesize>[,(3-200)]

            OK
            """,
            note="printed with [,list of supported <timeout>s]: a test command returns the ranges "
            "(table 2), and the range is on the same page",
        ),
        Dialogue("2.4, read command", "AT+QSECWRITE?\nOK"),
        Dialogue(
            "2.5, test command",
            """
            AT+QSECREAD=?
            +QSECREAD: <filename>

            OK
            """,
        ),
        Dialogue("2.5, read command", "AT+QSECREAD?\nOK"),
        Dialogue(
            "2.6, test command",
            """
            AT+QSECDEL=?
            +QSECDEL: <filename>

            OK
            """,
        ),
        Dialogue("2.6, read command", "AT+QSECDEL?\nOK"),
        Dialogue("4.1.1, to RAM", _RAM, payloads=_CERTIFICATES),
        Dialogue("4.1.2, to NVRAM", _NVRAM, payloads=_CERTIFICATES),
        Dialogue("4.2.1, step 1, PDP context", _CONTEXT),
        Dialogue(
            "4.2.1, certificate and SSL settings",
            _SSL,
            payloads=_CERTIFICATES,
            note="secllevel is printed secclevel in 2.3 and seclevel elsewhere at Quectel; the "
            "answer to ctxindex has no colon here and one in 2.3",
        ),
        Dialogue("4.2.1, user and password", _USER),
        _session("4.2.1, open and close", _STATE_AND_CLOSE),
        _session("4.2.2", _PUT),
        _session("4.2.3", _GET),
        Dialogue("4.2.4, switch to FTP", _TO_FTP),
        Dialogue("4.2.4, user and password", _FTP_USER),
        Dialogue(
            "4.2.4, open",
            _CONTEXT + _TO_FTP + _FTP_USER + _FTP_OPEN,
            services=(_FTP_SERVER,),
            note=_BEFORE,
        ),
    ),
)
