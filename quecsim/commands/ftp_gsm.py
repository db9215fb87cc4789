"""The FTP(S) session of the GSM generation: +QFTPOPEN to +QFTPCLOSE, and what goes without data.

Each command answers OK and goes on in the background; its result is a line of its own, later: what
it is about, or a negative number. A session that ends while nothing is asked of it is +QFTPERROR.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from quecsim.at.activation import ensure
from quecsim.at.context import Context, ftp, network
from quecsim.at.effects import Info, Spawn, Steps
from quecsim.at.results import AtError, Tcpip
from quecsim.at.spec import Command, Integer, NumberOrText, Text
from quecsim.at.stored import stored
from quecsim.clients.ftp import FtpClient, FtpError, FtpSettings
from quecsim.clients.ftp_session import FtpSession, FtpState
from quecsim.clients.stream import Steps as Doing
from quecsim.commands.ftp import (
    DATA_MODE,
    EXPLICIT,
    IGNORE_ADDRESS,
    ftp_account,
    ftp_line,
    ftp_setting,
)
from quecsim.commands.ftp_codes import (
    FtpFailure,
    LocalError,
    code_of,
    trouble_of,
    words_of,
)
from quecsim.commands.packet_gsm import context_number
from quecsim.commands.tls_gsm import tls_value
from quecsim.commands.tls_gsm_wish import tls_gsm_wish
from quecsim.units import s

SOURCE = "M95 FTPS Application Note V1.0, 4.2"
_LIBRARY = "assumed: a library of Quectel's for this generation, which is published, sends it"
_LOST = "+QFTPERROR"
_MOST_PORT = 65_535
_NOT_SET = -1

# What a command does to a session, and gives: the number in its result.
Work = Callable[[], Doing[int]]


def session_of(context: Context) -> FtpSession:
    """The FTP service, which is there from when it is needed first."""
    session = context.clients.get(FtpSession.name)
    if session is None:
        session = FtpSession(network(context), partial(_lost, context))
        context.clients[FtpSession.name] = session
    assert isinstance(session, FtpSession)
    return session


def _lost(context: Context, error: FtpError) -> None:
    code = code_of(context, error)
    network(context).say(f"{_LOST}:{code}")  # without a blank: so the note prints it
    session = session_of(context)
    network(context).tell(session, _LOST, code, session.client.link, error.trouble)


def take(
    context: Context, command: Command, state: FtpState, where: tuple[str, int] = ("", 0)
) -> FtpSession | None:
    """The session, in `state` from now on, for `command`; None where it is busy, which the host is
    told. Raises AtError where there is none.
    """
    session = session_of(context)
    is_opening = state is FtpState.OPENING
    is_there = session.state is FtpState.OPENED
    if session.is_free and is_there is not is_opening:
        network(context).asked(session, command.name, where)
        session.begin(state)
        return session
    network(context).asked(session, command.name, where, is_accepted=False)
    if session.is_free and not is_opening:
        raise AtError
    network(context).say(tell(context, session, command, LocalError("busy")))
    return None


def tell(context: Context, session: FtpSession, command: Command, result: int | FtpFailure) -> str:
    """Put the result on record; the line that says it."""
    if isinstance(result, int):
        network(context).tell(session, command.name, 0, session.client.link)
        return ftp_line(context, command.name, str(result))
    code = code_of(context, result)
    how = (session.client.link, trouble_of(result), words_of(context, result))
    network(context).tell(session, command.name, code, *how)
    return ftp_line(context, command.name, str(code))


def in_background(
    context: Context, command: Command, session: FtpSession | None, work: Work
) -> Steps:
    """Go on with `work` behind the OK, where the session is not busy with something else."""
    if session is None:
        return
    steps = _working(context, command, session, work)
    if not (yield Spawn(steps, f"{command.name[1:]} of {session.name}")):
        session.give_back()
        network(context).say(tell(context, session, command, LocalError("busy")))


def _working(context: Context, command: Command, session: FtpSession, work: Work) -> Steps:
    with session.at():
        result: int | FtpFailure
        try:
            result = yield from work()
        except (FtpError, LocalError) as failure:
            result = failure
        network(context).say(tell(context, session, command, result))


def data_settings(context: Context, settings: FtpSettings) -> FtpSettings:
    """`settings` with what AT+QFTPCFG says now of data connections."""
    return replace(
        settings,
        is_passive=ftp_setting(context, DATA_MODE) == "1",
        ignores_address=ftp_setting(context, IGNORE_ADDRESS) == "1",
        own_address=context.bearer.address(context_number(context)),
    )


# opening and closing

QFTPOPEN = Command(
    "+QFTPOPEN",
    "Open a session with an FTP(S) server, and log in",
    f"{SOURCE}.1; hosts write the port in quotes, too",
    (
        Text("hostname", max_bytes=200, needs_quotes=True),
        NumberOrText(Integer("port", 1, _MOST_PORT), Text("port")),
    ),
)


@QFTPOPEN.write
def _open(context: Context, host: str, given: int | str) -> Steps:
    port = _port(given)
    if not host:
        raise AtError
    session = take(context, QFTPOPEN, FtpState.OPENING, (host, port))
    if session is not None:
        session.host, session.port = host, port
    yield from in_background(context, QFTPOPEN, session, partial(_opening, context, host, port))


def _port(given: int | str) -> int:
    if isinstance(given, int):
        return given
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise AtError
    if not 0 < int(given) <= _MOST_PORT:
        raise AtError
    return int(given)


def _opening(context: Context, host: str, port: int) -> Doing[int]:
    number = context_number(context)
    if (yield from ensure(context, number)) is not Tcpip.NONE:
        raise LocalError("network", "the packet context is not up")
    wait_ns = s(ftp(context).wait_s)
    settings = FtpSettings(
        is_explicit=ftp_setting(context, EXPLICIT) == "1",
        context=number,
        connect_ns=wait_ns,
        answer_ns=wait_ns,
    )
    if tls_value(context, "ftps") == 1:
        index = int(tls_value(context, "ftpsctxi"))
        if index == _NOT_SET:
            raise LocalError("parameter", 'AT+QSSLCFG="ftpsctxi" names no TLS context')
        settings = replace(settings, tls=(yield from tls_gsm_wish(context, index)))
    client = session_of(context).client
    try:
        yield from client.open(host, port, data_settings(context, settings))
        yield from client.log_in(*ftp_account(context))
        path = str(stored(context, QFTPPATH.name, ("",))[0])
        if path:
            yield from client.command(f"CWD {path}")
    except FtpError:
        client.drop()
        raise
    return 0


QFTPCLOSE = Command("+QFTPCLOSE", "Close the session", f"{SOURCE}.1", test_text="")


@QFTPCLOSE.execute
def _close(context: Context) -> Steps:
    session = take(context, QFTPCLOSE, FtpState.CLOSING)
    yield from in_background(context, QFTPCLOSE, session, partial(_closing, context))


def _closing(context: Context) -> Doing[int]:
    yield from session_of(context).client.quit()
    return 0


QFTPSTAT = Command("+QFTPSTAT", "What the session is at", f"{SOURCE}.1; {_LIBRARY}", test_text="")


@QFTPSTAT.execute
def _state(context: Context) -> Steps:
    yield Info(ftp_line(context, QFTPSTAT.name, session_of(context).state))


# the server's folders and files

QFTPPATH = Command(
    "+QFTPPATH",
    "The server's folder for what follows; without a session, for the next one",
    f"{SOURCE}.2",
    (Text("pathname", needs_quotes=True),),
)


@QFTPPATH.write
def _path(context: Context, path: str) -> Steps:
    session = session_of(context)
    is_there = session.client.is_open or not session.is_free
    if not path or (not is_there and ftp(context).unopened_path == "refused"):
        raise AtError
    if not is_there:
        context.settings.config[QFTPPATH.name] = (path,)
        network(context).say(ftp_line(context, QFTPPATH.name, "0"))
        return
    taken = take(context, QFTPPATH, FtpState.WORKING)
    yield from in_background(context, QFTPPATH, taken, partial(_going, context, path))


def _going(context: Context, path: str) -> Doing[int]:
    yield from session_of(context).client.command(f"CWD {path}")
    context.settings.config[QFTPPATH.name] = (path,)
    return 0


_REMOTE = Text("filename", needs_quotes=True)
_FOLDER = Text("foldername", needs_quotes=True)


def _simple(
    name: str, title: str, params: tuple[Text, ...], ask: Callable[..., Doing[int]]
) -> Command:
    """A command that asks the server for one thing."""
    command = Command(name, title, _LIBRARY, params)

    @command.write
    def _do(context: Context, *texts: str) -> Steps:
        session = take(context, command, FtpState.WORKING)
        client = session_of(context).client
        yield from in_background(context, command, session, partial(ask, client, *texts))

    return command


def _line_of(verb: str) -> Callable[..., Doing[int]]:
    def ask(client: FtpClient, name: str) -> Doing[int]:
        yield from client.command(f"{verb} {name}")
        return 0

    return ask


def _renaming(client: FtpClient, old: str, new: str) -> Doing[int]:
    yield from client.rename(old, new)
    return 0


QFTPLEN = Command("+QFTPLEN", "How many bytes the last transfer moved", _LIBRARY, test_text="")


@QFTPLEN.execute
def _length(context: Context) -> Steps:
    yield Info(ftp_line(context, QFTPLEN.name, str(session_of(context).length)))


COMMANDS = (
    QFTPOPEN,
    QFTPCLOSE,
    QFTPSTAT,
    QFTPPATH,
    _simple("+QFTPSIZE", "Size of a file on the server", (_REMOTE,), FtpClient.size),
    _simple("+QFTPDELETE", "Delete a file on the server", (_REMOTE,), _line_of("DELE")),
    _simple(
        "+QFTPRENAME",
        "Rename a file on the server",
        (_REMOTE, Text("newname", needs_quotes=True)),
        _renaming,
    ),
    _simple("+QFTPMKDIR", "Make a folder on the server", (_FOLDER,), _line_of("MKD")),
    _simple("+QFTPRMDIR", "Remove a folder of the server", (_FOLDER,), _line_of("RMD")),
    QFTPLEN,
)
