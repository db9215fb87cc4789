"""Why connections fail, and what to do about it: one row for each `quecsim.border.Why`, and for the
cases of it that people need to hear of apart.

Words in braces are filled in: `host` and `port`, and `where`, which is both; `file`, a file of the
device, and `the_file` with what it is for; `note`, what is known besides, in brackets; `date`, the
module's; `level`, TLS's.
"""

from typing import NamedTuple

from quecsim.report.connection import Came

_WAYS = (
    '[[service]] host = "{host}", port = {port} in the scenario gives it a server in process, '
    "--route {host}:{port}=ADDRESS:PORT a real one"
)
_NAMES = (
    '[[name]] host = "{host}", addresses = [...] in the scenario gives it addresses, '
    "--allow-network {host} those that it really has"
)
_CHECK = "compare the file with its original (openssl x509 -in FILE -noout -text)"
_CONTEXT = 'AT+QSSLCFG="{setting}",<context>'


class Reason(NamedTuple):
    """`clause` says why, as the second half of a sentence; `advice` what to do."""

    clause: str
    advice: str


SILENT_DEVICE = Reason(
    "the other side ended it, to which the device had said nothing yet{note}",
    "send AT+QMTCONN as soon as +QMTOPEN: <client>,0 is there: brokers wait some 30 s for it",
)

REASONS: dict[str, Reason] = {
    "dns": Reason("the name {host} does not resolve{note}", "check the name; " + _WAYS),
    "dns question": Reason("it does not resolve{note}", "check the name; " + _NAMES),
    "not-allowed": Reason("nothing gives the device {where}", _WAYS),
    "not-allowed question": Reason("nothing gives the device {where}", _NAMES),
    "refused": Reason(
        "nobody listens at {host}:{port}{note}",
        "check the port (MQTT: 1883, with TLS 8883), and that the server runs",
    ),
    "unreachable": Reason(
        "there was no way to the network{note}",
        "wait for the registration (+CEREG: 0,1), and activate the packet context (AT+QIACT=1) "
        "before you connect",
    ),
    "unreachable over Wi-Fi": Reason(
        "there was no way to the network{note}",
        'join an access point (AT+QSTAAPINFO), and wait for +QSTASTAT: "GOT_IP" before you connect',
    ),
    "timeout": Reason(
        "no answer came in time{note}",
        "try again later, and not at once; check that the server is there",
    ),
    "reset": Reason("the other side broke it off{note}", "look into the server's log"),
    "fin": Reason("the other side ended it{note}", "look into the server's log"),
    "fin silent": SILENT_DEVICE,
    "tls:ca": Reason("{the_file} is no certificate{note}", _CHECK),
    "tls:ca missing": Reason(
        "there is no file {file}, which should be the CA", "upload {file} before you connect"
    ),
    "tls:ca unnamed": Reason(
        "no CA is configured, and level {level} checks the server",
        f"upload the CA and name it: {_CONTEXT.format(setting='cacert')},<file>",
    ),
    "tls:own": Reason("{the_file} is of no use{note}", _CHECK + ", and with its partner"),
    "tls:own missing": Reason(
        "there is no file {file}, which should be {what}", "upload {file} before you connect"
    ),
    "tls:own unnamed": Reason(
        "the device has no certificate of its own to show{note}",
        "upload a certificate and its key, and name both: "
        + _CONTEXT.format(setting="clientcert") + ",<file>, and clientkey",
    ),
    "tls:verify": Reason(
        "the server's certificate does not hold{against}{note}",
        "take the CA that has signed the server's certificate (openssl s_client -connect "
        "{host}:{port} -showcerts shows the chain)",
    ),
    "tls:time": Reason(
        "a certificate is not valid at the date of the module's clock{note}",
        "renew the certificate; or set the clock, where it is wrong (AT+CCLK, AT+QNTP)",
    ),
    "tls:time unset": Reason(
        "the certificate is fine, and the module's clock has not been set: it says {date}{note}",
        "set the clock (AT+CCLK or AT+QNTP) before you connect, or switch the check of dates off: "
        + _CONTEXT.format(setting="ignorelocaltime") + ",1",
    ),
    "tls:alert": Reason(
        "the server broke the TLS handshake off{note}",
        "look into the server's log; a server that wants the device's certificate needs level 2: "
        + _CONTEXT.format(setting="seclevel") + ",2",
    ),
    "tls:version": Reason(
        "the two have no version of TLS, or no cipher suite, in common{note}",
        "offer TLS 1.2 and all suites ("
        + _CONTEXT.format(setting="sslversion") + ",4, ciphersuite 0XFFFF). SSL 3.0, RC4 and 3DES "
        "exist neither in this simulator, which is its limit, nor in most servers of today",
    ),
}  # fmt: skip

DAMAGED_ADVICE = (
    "upload {file} again so that every byte of it arrives, and compare size and checksum in the "
    "device's answer with those of the file before you connect"
)
"""In place of a reason's own, where a file lost bytes on its way."""

REFUSED_ADVICE = (
    "check the client's name, user and password; a host may try again with others, and not go on"
)
DOWNLOAD_ADVICE = (
    "check the address: the path, user and password, and that the server gives the file to others"
)
SILENT_ADVICE = (
    "see that both speak TLS, or neither does ("
    'AT+QMTCFG="ssl",<client>,1,<context>'
    "), and look into the server's log"
)
"""Where the server said nothing to a client that introduced itself, or ended the connection."""

DROPPED_ADVICE = "wait for the result code that says so, then open and connect again"

WHATS = {"ca": "the CA", "certificate": "the device's certificate", "key": "the device's key"}

TAILS: dict[Came, str] = {
    Came.AS_SENT: "; {name} arrived as it was sent",
    Came.DAMAGED: ", because {because}",
    Came.CHANGED: "; {because}",
    Came.BEFORE: "; {because}",
    Came.DELETED: ": {because}",
    Came.GONE: ": {because}",
    Came.REFUSED: ": {because}",
    Came.OPEN: ": {because}",
    Came.MISSING: ": {because}",
}
"""How the sentence goes on about the file at fault."""

CLOCK_SET_S = 1_577_836_800
"""2020-01-01: a module's clock that says less has not been set."""
