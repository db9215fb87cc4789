"""What the results of network commands mean, as their manuals have it.

Numbers are those of the unsolicited result codes (FCM242D&FGM842D AT Commands Manual, 2.4 and 3.5;
where LTE modules say more, their words). Which number a device says for what is its profile's.
"""

OPENINGS = ("+QMTOPEN", "+QIOPEN", "+QSSLOPEN", "+QFTPOPEN")
"""Commands that open a client's connection."""

INTRODUCTIONS = ("+QMTCONN",)
"""Commands by which a client introduces itself to the server behind an open connection."""

INTRODUCED_BY = {"+QMTOPEN": "+QMTCONN"}
"""What has to follow an opening before the connection is of use."""

REQUESTS = (
    "+QHTTPGET", "+QHTTPGETEX", "+QHTTPPOST", "+QHTTPPOSTFILE", "+QHTTPPUT", "+QHTTPPUTFILE",
    "+QHTTPREAD", "+QHTTPREADFILE", "+QFTPGET", "+QFTPPUT", "+QFTPLIST", "+QFTPNLST", "+QFTPMLSD",
    "+QFTPCWD", "+QFTPPATH", "+QFTPPWD", "+QFTPSIZE", "+QFTPLEN", "+QFTPDEL", "+QFTPMKDIR",
    "+QFTPRMDIR", "+QFTPRENAME", "+QFTPDELETE", "+QFTPMDTM", "+QFOTADL", "+QWLANOTA",
)  # fmt: skip
"""Commands that ask a server for something, and have their result behind the OK."""

DOWNLOADS = ("+QFOTADL", "+QWLANOTA")
"""Requests that have a connection to themselves: they fail with it, and it with them."""

TRANSFERS = (
    "+QHTTPGET", "+QHTTPGETEX", "+QHTTPPOST", "+QHTTPPOSTFILE", "+QHTTPPUT", "+QHTTPPUTFILE",
    "+QHTTPREAD", "+QHTTPREADFILE", "+QFTPGET", "+QFTPPUT", "+QFTPLIST", "+QFTPNLST", "+QFTPMLSD",
)  # fmt: skip
"""Requests that move data: without them the host has not got what it wanted."""

LOSSES = ("+QMTSTAT", "+QIURC", "+QSSLURC", "+QHTTPURC", "+QFTPERROR")
"""What tells the host, unasked, that a client has lost its connection."""

ENDINGS = ("+QMTCLOSE", "+QMTDISC", "+QICLOSE", "+QSSLCLOSE", "+QFTPCLOSE", "+QHTTPSTOP")
"""Commands that end a client's connection, whatever it is at."""

_OF_SOCKETS = ("+QIURC", "+QSSLURC", "+QHTTPURC")
_HARMLESS = (("+QMTSTAT", 5),)  # the host itself has disconnected

_PACKETS = {1: "sent again, since no answer came", 2: "failed: it was not sent, or not answered"}
_TOLD = {1: "failed", 2: "failed", -1: "failed"}

_MEANINGS: dict[str, dict[int, str]] = {
    "+QMTOPEN": {
        -1: "the connection could not be opened",
        1: "wrong parameter",
        2: "the client is in use already",
        3: "no packet context, or no network",
        4: "the name does not resolve",
        5: "no connection",
        6: "no memory",
        7: "no connection",
    },
    "+QMTSTAT": {
        1: "the broker, or the network, ended the connection",
        2: "no answer to PINGREQ",
        3: "CONNECT could not be sent",
        4: "no CONNACK",
        5: "the host has disconnected",
        6: "a packet could not be sent",
        7: "the link is down",
        8: "the client ended the connection",
    },
    "+QMTSUB": {**_PACKETS, 128: "the broker refuses the subscription"},
    "+QMTUNS": _PACKETS,
    "+QMTPUB": _PACKETS,
    "+QMTPUBEX": _PACKETS,
    "+QMTDISC": _TOLD,
    "+QMTCLOSE": _TOLD,
}
_FTP = {
    -1: "unknown error",
    -3: "the FTP service is busy",
    -4: "the name does not resolve",
    -5: "network error",
    -6: "the server ended the session",
    -7: "the server ended the data connection",
    -8: "the packet context is not up any more",
    -9: "no answer in time",
    -10: "wrong parameter",
    -11: "there is no such file on the device",
    -12: "the file on the device is of no use",
    -13: "no memory",
}
"""Of the GSM generation: M95 FTPS Application Note V1.0, chapter 3. Lower ones are the server's."""
_RETURN_CODES = {
    1: "the broker does not speak this version of MQTT",
    2: "the broker does not take this client identifier",
    3: "the broker does no service now",
    4: "wrong user name or password",
    5: "not authorized",
}
_CONNECT_RESULTS = {1: "CONNECT sent again", 2: "CONNECT failed"}


def said_as(command: str) -> str:
    """The name that the unsolicited result code of a command has."""
    return "+QHTTPGET" if command == "+QHTTPGETEX" else command


def meaning(command: str, code: int, why: str = "") -> str:
    """In words; empty where nothing is known. `why` tells a return code of +QMTCONN, which has
    `refused`, from a result.
    """
    if command in INTRODUCTIONS:
        return (_RETURN_CODES if why == "refused" else _CONNECT_RESULTS).get(code, "")
    if command.startswith("+QFTP") and code < 0:
        return _FTP.get(code, "")
    return _MEANINGS.get(command, {}).get(code, "")


def is_harmless(command: str, code: int, why: str = "") -> bool:
    """It says that something ended as it should: the host wanted that, or a server of a socket has
    said all that it has to say.
    """
    return (command, code) in _HARMLESS or (command in _OF_SOCKETS and why == "fin")
