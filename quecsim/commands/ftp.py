"""FTP and FTPS of the GSM generation, the settings: +QFTPCFG, +QFTPUSER, +QFTPPASS.

+QFTPCFG answers OK first and the result after it, as an unsolicited line. A query ends with its
line alone: the note prints no OK there. The session is in `ftp_gsm`.
"""

from collections.abc import Callable

from quecsim.at.context import Context, ftp, network
from quecsim.at.effects import Info, NoReply, Steps
from quecsim.at.results import AtError
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.stored import stored

_SOURCE = "M95 FTPS Application Note V1.0, 2.2"
DATA_MODE, TYPE, RESUME, PLACE, NON_TRANSPARENT, IGNORE_ADDRESS, EXPLICIT = range(1, 8)
"""Types of settings."""
_LONGEST_POINT = (1 << 31) - 1
_PLACES = ("/UFS/", "/RAM/", "/SD/", "/COM/")


def _is_switch(text: str) -> bool:
    return text in ("0", "1")


def _is_point(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= _LONGEST_POINT


def _is_place(text: str) -> bool:
    return text.upper().startswith(_PLACES)


# type: (factory value, is it in quotes, what it may be). The note says what the types are, and the
# values of 7; those of 1 to 6 are what host programs of this generation write, the rest assumed.
_TYPES: dict[int, tuple[str, bool, Callable[[str], bool]]] = {
    1: ("0", False, _is_switch),  # mode of the data connection; 1: passive
    2: ("0", False, _is_switch),  # transfer type; 0: binary
    3: ("0", False, _is_point),  # where a transfer resumes
    4: ("/COM/", True, _is_place),  # where the file is on this side; the UART
    5: ("0", False, _is_switch),  # non-transparent mode
    6: ("0", False, _is_switch),  # ignore the address that a passive server gives
    7: ("0", False, _is_switch),  # connection mode of FTPS; 0: implicit, 1: explicit
}

QFTPCFG = Command(
    "+QFTPCFG",
    "Settings of the FTP(S) connection",
    source=_SOURCE,
    params=(
        Integer("type", allowed=tuple(_TYPES)),
        Text("value", optional=True),
    ),
    test_text="+QFTPCFG: (1-7),<value>",
)


@QFTPCFG.write
def _configure(context: Context, kind: int, value: str | None) -> Steps:
    _, is_text, is_good = _TYPES[kind]
    if value is None:
        now = ftp_setting(context, kind)
        yield Info(ftp_line(context, QFTPCFG.name, f'"{now}"' if is_text else now))
        yield NoReply()
        return
    if not is_good(value):
        raise AtError
    context.settings.config[_place(kind)] = (value,)
    network(context).say(ftp_line(context, QFTPCFG.name, "0"))


def ftp_setting(context: Context, kind: int) -> str:
    """What AT+QFTPCFG has for that type."""
    return str(context.settings.config.get(_place(kind), (_TYPES[kind][0],))[0])


def _place(kind: int) -> str:
    return f"+QFTPCFG/{kind}"


def ftp_line(context: Context, name: str, value: str) -> str:
    """A line of an FTP command's, as this device writes it."""
    blank = " " if ftp(context).colon_blank else ""
    return f"{name}:{blank}{value}"


def _account(name: str, title: str, parameter: str) -> Command:
    """User or password: what a log-in is going to send; it cannot be read back."""
    command = Command(
        name,
        title,
        source="M95 FTPS Application Note V1.0, 4.2.1",
        params=(Text(parameter, needs_quotes=True),),
    )

    @command.write
    def _set(context: Context, value: str) -> None:
        context.settings.config[name] = (value,)

    return command


QFTPUSER = _account("+QFTPUSER", "User name for the FTP(S) server", "user")
QFTPPASS = _account("+QFTPPASS", "Password for the FTP(S) server", "password")


def ftp_account(context: Context) -> tuple[str, str]:
    """User and password; nobody in particular is `anonymous`."""
    user = str(stored(context, QFTPUSER.name, ("",))[0])
    return user or "anonymous", str(stored(context, QFTPPASS.name, ("",))[0])


COMMANDS = (QFTPCFG, QFTPUSER, QFTPPASS)
