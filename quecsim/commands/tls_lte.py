"""TLS contexts of the LTE modules (+QSSLCFG).

QSSLCFG does not look whether a certificate's file exists; that shows when a connection is opened
(measured on an EG800K).
"""

from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Choice, Integer, Key, Param, Text

_SOURCE = "published replies of AT+QSSLCFG=? of LTE modules; logs of an EG800K"
_TLS = Integer("SSL_ctxID", high=5)
_CIPHER_SUITES = (
    "0X0035", "0X002F", "0X0005", "0X0004", "0X000A", "0X003D", "0XC002", "0XC003", "0XC004",
    "0XC005", "0XC007", "0XC008", "0XC009", "0XC00A", "0XC011", "0XC012", "0XC013", "0XC014",
    "0XC00C", "0XC00D", "0XC00E", "0XC00F", "0XC023", "0XC024", "0XC025", "0XC026", "0XC027",
    "0XC028", "0XC029", "0XC02A", "0XC02F", "0XC030", "0XFFFF",
)  # fmt: skip


def _setting(name: str, *params: Param, initial: Values) -> Setting:
    """A key of one TLS context; it is not kept over a restart."""
    return Setting(Key(name, (_TLS, *params), index=1), initial, lasts="restart")


def _switch(name: str, initial: int) -> Setting:
    return _setting(name, Integer(name, allowed=(0, 1)), initial=(initial,))


# The factory's sni, ignorelocaltime and seclevel are measured on an EG800K.
SETTINGS = (
    _setting("sslversion", Integer("SSL_version", high=4), initial=(4,)),
    _setting("ciphersuite", Choice("cipher_suites", _CIPHER_SUITES), initial=("0XFFFF",)),
    _setting("cacert", Text("cacertpath"), initial=("",)),
    _setting("clientcert", Text("client_cert_path"), initial=("",)),
    _setting(
        "clientkey",
        Text("client_key_path"),
        Text("key_pwd", optional=True),
        initial=("", ""),
    ),
    _setting("seclevel", Integer("seclevel", high=2), initial=(0,)),
    _switch("ignorelocaltime", 1),
    _setting("negotiatetime", Integer("negotiate_time", 10, 300), initial=(300,)),
    _switch("sni", 0),
    _switch("session_cache", 0),
    _switch("closetimemode", 0),
    _switch("renegotiation", 0),
    _switch("ignoremulticertchainverify", 0),
    _switch("ignoreinvalidcertsign", 0),
    _switch("dtls", 0),
    _switch("dtlsversion", 1),
)
QSSLCFG = settings_command("+QSSLCFG", "Settings of a TLS context", _SOURCE, SETTINGS)
QSSLCFG.is_tcpip = True
