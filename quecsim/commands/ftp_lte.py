"""FTP(S) of the LTE modules, as far as it answers without a server: +QFTPCFG, +QFTPSTAT."""

from quecsim.at.context import Context
from quecsim.at.effects import Announce, Answer, Steps
from quecsim.at.keyed import Setting, Values, settings_command
from quecsim.at.spec import Command, Integer, Key, Param, Text
from quecsim.commands.packet import CONTEXT
from quecsim.commands.unreachable import refused_command

_SOURCE = "published replies of AT+QFTPCFG=? of LTE modules; host programs"
_HOSTS = "host programs; logs of an EG800K"
_CLOSED = 4
_NAME = Text("filename")
_FOLDER = Text("path")


def _setting(name: str, *params: Param, initial: Values) -> Setting:
    return Setting(Key(name, params), initial, lasts="restart")


QFTPCFG = settings_command(
    "+QFTPCFG",
    "Settings of FTP(S)",
    _SOURCE,
    (
        _setting("account", Text("username"), Text("password"), initial=("", "")),
        _setting("filetype", Integer("file_type", allowed=(0, 1)), initial=(0,)),
        _setting("transmode", Integer("transmode", allowed=(0, 1)), initial=(0,)),
        _setting("contextid", CONTEXT, initial=(1,)),
        _setting("rsptimeout", Integer("timeout", 20, 180), initial=(90,)),
        _setting("ssltype", Integer("SSL_type", high=2), initial=(0,)),
        _setting("sslctxid", Integer("SSL_ctxID", high=5), initial=(0,)),
        _setting("data_address", Integer("data_address", high=2), initial=(0,)),
        _setting("restenable", Integer("rest_enable", allowed=(0, 1)), initial=(1,)),
    ),
)

QFTPSTAT = Command(
    "+QFTPSTAT", "State of the FTP service: closed", f"{_HOSTS}: 4 is closed", test_text=""
)


@QFTPSTAT.execute
def _state(_context: Context) -> Steps:
    yield Answer()
    yield Announce(f"+QFTPSTAT: 0,{_CLOSED}")


def _waits(name: str, title: str, *params: Param) -> Command:
    return refused_command(name, f"{title}: an error, without a server", _HOSTS, params)


COMMANDS = (
    QFTPCFG,
    _waits("+QFTPOPEN", "Log in", Text("hostname"), Integer("port", 1, 65_535, optional=True)),
    _waits("+QFTPCLOSE", "Log out"),
    QFTPSTAT,
    _waits("+QFTPCWD", "Change the folder", _FOLDER),
    _waits("+QFTPMKDIR", "Make a folder", _FOLDER),
    _waits("+QFTPLIST", "List a folder", _FOLDER),
    _waits("+QFTPMLSD", "List a folder by machine", _FOLDER, Text("local_name", optional=True)),
    _waits("+QFTPSIZE", "Size of a file", _NAME),
    _waits("+QFTPDEL", "Delete a file", _NAME),
    _waits(
        "+QFTPPUT", "Send a file", _NAME, Text("local_name"),
        Integer("startpos", high=2_147_483_647, optional=True),
        Integer("uploadlen", high=2_147_483_647, optional=True),
        Integer("beof", allowed=(0, 1), optional=True),
    ),
    _waits(
        "+QFTPGET", "Fetch a file", _NAME, Text("local_name"),
        Integer("startpos", high=2_147_483_647, optional=True),
        Integer("downloadlen", high=2_147_483_647, optional=True),
    ),
)  # fmt: skip
