"""Settings of FTP(S) on the LTE modules: +QFTPCFG, and what it makes of a session."""

from collections.abc import Generator
from typing import Any

from quecsim.at.context import Context
from quecsim.at.effects import Effect
from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Integer, Key, Param, Text
from quecsim.clients.ftp import FtpSettings
from quecsim.commands.packet import CONTEXT
from quecsim.commands.tls_wish import tls_wish
from quecsim.units import s

_SOURCE = "published replies of AT+QFTPCFG=? of LTE modules; host programs; logs of an EG800K"
_NAME = "+QFTPCFG"
_EXPLICIT = 2  # of ssltype; 1 is implicit


def _setting(name: str, *params: Param, initial: Values) -> Setting:
    return Setting(Key(name, params), initial, lasts="restart")


_SETTINGS = {
    setting.key.name: setting
    for setting in (
        # The password is shown with asterisks, as measured on an EG800K.
        _setting("account", Text("username"), Text("password", is_secret=True), initial=("", "")),
        _setting("filetype", Integer("file_type", allowed=(0, 1)), initial=(0,)),
        _setting("transmode", Integer("transmode", allowed=(0, 1)), initial=(0,)),
        _setting("contextid", CONTEXT, initial=(1,)),
        _setting("rsptimeout", Integer("timeout", 20, 180), initial=(90,)),
        _setting("ssltype", Integer("SSL_type", high=2), initial=(0,)),
        _setting("sslctxid", Integer("SSL_ctxID", high=5), initial=(0,)),
        _setting("data_address", Integer("data_address", high=2), initial=(0,)),
        _setting("restenable", Integer("rest_enable", allowed=(0, 1)), initial=(1,)),
    )
}

QFTPCFG = settings_command(_NAME, "Settings of FTP(S)", _SOURCE, tuple(_SETTINGS.values()))


def ftp_number(context: Context, key: str) -> int:
    """What AT+QFTPCFG=key says."""
    return int(_SETTINGS[key].values(context, _NAME)[0])


def ftp_account(context: Context) -> tuple[str, str]:
    """User and password; nobody in particular is `anonymous`."""
    user, password = map(str, _SETTINGS["account"].values(context, _NAME))
    return user or "anonymous", password


def new_settings(context: Context) -> Generator[Effect, Any, FtpSettings]:
    """Those of a session that is opened now, complete by value."""
    kind, number = ftp_number(context, "ssltype"), ftp_number(context, "contextid")
    tls = None
    if kind:
        tls = yield from tls_wish(context, ftp_number(context, "sslctxid"))
    wait_ns = s(ftp_number(context, "rsptimeout"))
    return FtpSettings(
        tls=tls,
        is_explicit=kind == _EXPLICIT,
        is_passive=ftp_number(context, "transmode") == 1,
        ignores_address=ftp_number(context, "data_address") != 0,
        own_address=context.bearer.address(number),
        context=number,
        connect_ns=wait_ns,
        answer_ns=wait_ns,
    )


COMMANDS = (QFTPCFG,)
