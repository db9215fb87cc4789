"""FTP(S) sessions of the LTE modules: +QFTPOPEN to +QFTPCLOSE, and what goes without data.

Each command answers OK and goes on in the background; its result comes later: 0 and what was asked
for, or a number and the server's own code (`+QFTPSIZE: 627,550`). While one goes on, and where
there is no session, the next is +CME ERROR.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from quecsim.at.activation import ensure
from quecsim.at.context import Context, ftp, network
from quecsim.at.effects import Spawn, Steps
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, Text
from quecsim.clients.ftp import FtpClient, FtpError, FtpWhy
from quecsim.clients.ftp_session import FtpSession, FtpState
from quecsim.clients.stream import Steps as Doing
from quecsim.commands.ftp_codes import (
    FtpFailure,
    LocalError,
    code_of,
    reply_of,
    trouble_of,
    words_of,
)
from quecsim.commands.ftp_lte_settings import ftp_account, ftp_number, new_settings

HOSTS = "host programs; logs of an EG800K"
_FTP_PORT = 21
_NUMBERS = {
    FtpState.OPENING: 0,
    FtpState.OPENED: 1,
    FtpState.WORKING: 1,
    FtpState.TRANSFER: 2,
    FtpState.CLOSING: 3,
    FtpState.CLOSED: 4,
    FtpState.IDLE: 4,
}
"""What +QFTPSTAT has for a state: measured on an EG800K, but for 0, which is a host program's."""

# What a command does to a session, and gives: the second value of its result.
Work: TypeAlias = Callable[[], Doing[str]]


def session_of(context: Context) -> FtpSession:
    """The FTP service, which is there from when it is needed first."""
    session = context.clients.get(FtpSession.name)
    if session is None:
        session = FtpSession(network(context), _nobody)
        context.clients[FtpSession.name] = session
    assert isinstance(session, FtpSession)
    return session


def _nobody(_error: FtpError) -> None:
    """The host is not told: AT+QFTPSTAT says that it is closed."""


def take(
    context: Context, command: Command, state: FtpState, where: tuple[str, int] = ("", 0)
) -> FtpSession:
    """The session, in `state` from now on, for `command`. Raises AtError where there is none, or
    it is busy.
    """
    session = session_of(context)
    is_there = session.state is FtpState.OPENED
    is_usable = not session.is_stuck or state is FtpState.CLOSING
    if session.is_free and is_usable and is_there is not (state is FtpState.OPENING):
        network(context).asked(session, command.name, where)
        session.begin(state)
        return session
    network(context).asked(session, command.name, where, is_accepted=False)
    is_busy = is_there or not session.is_free
    raise AtError(ftp(context).results["busy" if is_busy else "not_open"])


def tell(context: Context, session: FtpSession, command: Command, result: str | FtpFailure) -> None:
    """Put the result on record, and say it as soon as may be."""
    if isinstance(result, str):
        network(context).tell(session, command.name, 0, session.client.link)
        network(context).say(f"{command.name}: 0,{result}")
    else:
        code = note(context, session, command, result)
        network(context).say(f"{command.name}: {code},{reply_of(result)}")


def note(context: Context, session: FtpSession, command: Command, failure: FtpFailure) -> int:
    """Put on record that it came to nothing; the device's number for that."""
    code = code_of(context, failure)
    how = (session.client.link, trouble_of(failure), words_of(context, failure))
    network(context).tell(session, command.name, code, *how)
    is_about_data = isinstance(failure, FtpError) and failure.why is FtpWhy.DATA_OPEN
    if is_about_data and ftp(context).stuck_after_data_open:
        session.is_stuck = True
    return code


def in_background(context: Context, command: Command, session: FtpSession, work: Work) -> Steps:
    """Go on with `work` behind the OK."""
    steps = _working(context, command, session, work)
    if not (yield Spawn(steps, f"{command.name[1:]} of {session.name}")):
        session.give_back()
        raise AtError(note(context, session, command, LocalError("busy")))


def _working(context: Context, command: Command, session: FtpSession, work: Work) -> Steps:
    with session.at():
        result: str | FtpFailure
        try:
            result = yield from work()
        except (FtpError, LocalError) as failure:
            result = failure
        tell(context, session, command, result)


# opening and closing

QFTPOPEN = Command(
    "+QFTPOPEN",
    "Log in at a server",
    HOSTS,
    (
        Text("hostname", max_bytes=200),
        Integer("port", 1, 65_535, default=_FTP_PORT, optional=True),
    ),
)


@QFTPOPEN.write
def _open(context: Context, host: str, port: int) -> Steps:
    if not host:
        raise AtError
    session = take(context, QFTPOPEN, FtpState.OPENING, (host, port))
    session.host, session.port, session.is_stuck = host, port, False
    yield from in_background(context, QFTPOPEN, session, partial(_opening, context, host, port))


def _opening(context: Context, host: str, port: int) -> Doing[str]:
    if (yield from ensure(context, ftp_number(context, "contextid"))) is not Tcpip.NONE:
        raise LocalError("network", "the packet context is not up")
    settings = yield from new_settings(context)
    client = session_of(context).client
    try:
        yield from client.open(host, port, settings)
        yield from client.log_in(*ftp_account(context))
    except FtpError:
        client.drop()
        raise
    return "0"


QFTPCLOSE = Command("+QFTPCLOSE", "Log out", HOSTS)


@QFTPCLOSE.execute
def _close(context: Context) -> Steps:
    session = take(context, QFTPCLOSE, FtpState.CLOSING)
    yield from in_background(context, QFTPCLOSE, session, partial(_closing, session))


def _closing(session: FtpSession) -> Doing[str]:
    yield from session.client.quit()
    session.is_stuck = False
    return "0"


QFTPSTAT = Command(
    "+QFTPSTAT",
    "State of the FTP service: 0 opening, 1 open, 2 in a transfer, 3 closing, 4 closed",
    HOSTS,
    test_text="",
)


@QFTPSTAT.execute
def _state(context: Context) -> None:
    network(context).say(f"{QFTPSTAT.name}: 0,{_NUMBERS[session_of(context).state]}")


QFTPLEN = Command("+QFTPLEN", "How many bytes the last transfer moved", HOSTS, test_text="")


@QFTPLEN.execute
def _length(context: Context) -> None:
    network(context).say(f"{QFTPLEN.name}: 0,{session_of(context).length}")


# the server's folders and files

_FILE = Text("filename")
_FOLDER = Text("path")


def _simple(
    name: str, title: str, params: tuple[Text, ...], ask: Callable[..., Doing[str]]
) -> Command:
    """A command that asks the server for one thing."""
    command = Command(name, title, HOSTS, params)

    def do(context: Context, *texts: str) -> Steps:
        if not all(texts):
            raise AtError(ftp(context).results["parameter"])
        session = take(context, command, FtpState.WORKING)
        yield from in_background(context, command, session, partial(ask, session.client, *texts))

    if params:
        command.write(do)
    else:
        command.execute(do)
    return command


def _line_of(verb: str) -> Callable[..., Doing[str]]:
    def ask(client: FtpClient, name: str) -> Doing[str]:
        yield from client.command(f"{verb} {name}")
        return "0"

    return ask


def _renaming(client: FtpClient, old: str, new: str) -> Doing[str]:
    yield from client.rename(old, new)
    return "0"


def _sizing(client: FtpClient, name: str) -> Doing[str]:
    return str((yield from client.size(name)))


def _dating(client: FtpClient, name: str) -> Doing[str]:
    reply = yield from client.command(f"MDTM {name}")
    return f'"{reply.text.strip()[:14]}"'


def _where(client: FtpClient) -> Doing[str]:
    return f'"{(yield from client.folder())}"'


COMMANDS = (
    QFTPOPEN,
    QFTPCLOSE,
    QFTPSTAT,
    QFTPLEN,
    _simple("+QFTPCWD", "Change the folder", (_FOLDER,), _line_of("CWD")),
    _simple("+QFTPPWD", "Which folder it is", (), _where),
    _simple("+QFTPMKDIR", "Make a folder", (_FOLDER,), _line_of("MKD")),
    _simple("+QFTPRMDIR", "Remove a folder", (_FOLDER,), _line_of("RMD")),
    _simple("+QFTPSIZE", "Size of a file", (_FILE,), _sizing),
    _simple("+QFTPMDTM", "When a file was changed", (_FILE,), _dating),
    _simple("+QFTPDEL", "Delete a file", (_FILE,), _line_of("DELE")),
    _simple("+QFTPRENAME", "Rename a file or folder", (_FILE, Text("newname")), _renaming),
)
