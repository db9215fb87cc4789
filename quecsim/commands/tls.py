"""TLS contexts of the Wi-Fi modules (+QSSLCFG).

QSSLCFG does not look whether a certificate's file exists; that shows when a connection is opened
(measured on an EG800K). The manual marks the factory's values by underlining, which is lost in its
published text: they are assumed, after the LTE families.
"""

from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Choice, Integer, Key, Param, Text
from quecsim.commands.wlan import SOURCE

CONTEXT = Integer("SSL_ctxID", high=5)
_CIPHER_SUITES = (
    "0X0035", "0X002F", "0X0005", "0X000A", "0X003D", "0XC003", "0XC004", "0XC005", "0XC008",
    "0XC009", "0XC00A", "0XC011", "0XC012", "0XC013", "0XC014", "0XC00D", "0XC00E", "0XC00F",
    "0XC023", "0XC024", "0XC025", "0XC026", "0XC027", "0XC028", "0XC029", "0XC02A", "0XC02F",
    "0XC030", "0XFFFF",
)  # fmt: skip


def _setting(name: str, params: tuple[Param, ...], initial: Values) -> Setting:
    """A key of one TLS context."""
    return Setting(Key(name, (CONTEXT, *params), index=1), initial)


SETTINGS = (
    _setting("sslversion", (Integer("SSL_version", high=4),), (4,)),
    _setting("seclevel", (Integer("seclevel", high=2),), (0,)),
    _setting("ciphersuite", (Choice("cipher_suites", _CIPHER_SUITES),), ("0XFFFF",)),
    _setting("negotiatetime", (Integer("negotiate_time", 10, 300),), (300,)),
    _setting("sni", (Integer("SNI", allowed=(0, 1)),), (0,)),
    _setting("cacert", (Text("cacertpath"),), ("",)),
    _setting("clientcert", (Text("client_cert_path"),), ("",)),
    _setting("clientkey", (Text("client_key_path"), Text("key_pwd", optional=True)), ("", "")),
    _setting("ignorelocaltime", (Integer("ignore_ltime", allowed=(0, 1)),), (1,)),
    _setting("session_cache", (Integer("session_cache_enable", allowed=(0, 1)),), (0,)),
)

QSSLCFG = settings_command("+QSSLCFG", "Settings of a TLS context", SOURCE, SETTINGS)
QSSLCFG.is_tcpip = True
