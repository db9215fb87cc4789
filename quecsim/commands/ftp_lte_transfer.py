"""Files and listings by FTP(S) of the LTE modules: +QFTPPUT, +QFTPGET, +QFTPLIST and its kin.

The other side is named in the command: the host's side of the port (`COM:`), behind CONNECT, or a
file on a storage (`UFS:x`, `RAM:x`), in the background. What goes wrong before CONNECT is +CME
ERROR, behind it it is in the result.
"""

from dataclasses import replace
from functools import partial

from quecsim.at.asking import number_at, text_at
from quecsim.at.context import Context, ftp, network
from quecsim.at.effects import CloseData, DataEndWhy, OpenData, Steps
from quecsim.at.grammar import Call
from quecsim.at.results import AtError
from quecsim.at.spec import Ask, Command, Integer, Param, Text
from quecsim.at.storage import Place, place_of
from quecsim.clients.ftp import FtpError
from quecsim.clients.ftp_session import FtpSession, FtpState
from quecsim.clients.stream import Steps as Doing
from quecsim.commands.ftp_lte import HOSTS, in_background, note, take, tell
from quecsim.commands.ftp_lte_settings import ftp_number
from quecsim.commands.ftp_transfer import Moved, from_file, from_host, need_file, to_file, to_host
from quecsim.units import s

_HOST = "COM:"
_LONGEST = (1 << 31) - 1
_LOCAL = Text("local_name", default=_HOST, optional=True)
_START = Integer("startpos", high=_LONGEST, default=0, optional=True)


def _is_host(text: str) -> bool:
    return text.upper() == _HOST


def _place(context: Context, text: str) -> Place:
    """Raises AtError where no file can be called so."""
    try:
        return place_of(context, text)
    except AtError:
        raise AtError(ftp(context).results["parameter"]) from None


def _need(context: Context, text: str) -> None:
    if not text:
        raise AtError(ftp(context).results["parameter"])


def _begin(
    context: Context, session: FtpSession, verb: str, name: str, offset: int = 0
) -> Doing[None]:
    """There is a data connection, as the settings have it now."""
    client = session.client
    client.settings = replace(
        client.settings,
        is_passive=ftp_number(context, "transmode") == 1,
        ignores_address=ftp_number(context, "data_address") != 0,
    )
    if verb in ("RETR", "STOR"):
        yield from client.set_type(is_binary=ftp_number(context, "filetype") == 0)
    yield from client.begin(verb, name, offset)


def _offset(context: Context, start: int) -> int:
    """From where on, as far as the settings allow it."""
    return start if ftp_number(context, "restenable") else 0


def _opened(context: Context, command: Command, name: str, size: int = 0) -> OpenData:
    timeout_ns = s(ftp_number(context, "rsptimeout"))
    return OpenData(command.name, name, size, ack=False, timeout_ns=timeout_ns, is_idle_timer=True)


def _refuse(context: Context, session: FtpSession, command: Command, error: FtpError) -> AtError:
    return AtError(note(context, session, command, error))


def _end(context: Context, session: FtpSession, command: Command, moved: Moved) -> Steps:
    """Data mode is over; OK follows, and the result behind it."""
    session.length = moved.count
    yield CloseData(moved.why, "")
    tell(context, session, command, moved.failure or str(moved.count))


# from the host, or from a file

QFTPPUT = Command(
    "+QFTPPUT",
    "Send a file: from the host so many bytes, or all up to `+++` or a long silence",
    HOSTS,
    (
        Text("filename"),
        Text("local_name"),
        _START,
        Integer("uploadlen", high=_LONGEST, default=0, optional=True),
        Integer("beof", allowed=(0, 1), optional=True, note="of no account: assumed"),
    ),
)


@QFTPPUT.asks
def _putting(context: Context, call: Call) -> Ask | None:
    if not _is_host(text_at(call, 1)):
        return None
    timeout_ns = s(ftp_number(context, "rsptimeout"))
    return Ask(text_at(call, 0), number_at(call, 3, 0), timeout_ns)


@QFTPPUT.write
def _put(
    context: Context,
    name: str,
    local: str,
    start: int,
    length: int,
    _is_last: int | None,
) -> Steps:
    _need(context, name)
    place = None if _is_host(local) else _place(context, local)
    session = take(context, QFTPPUT, FtpState.TRANSFER)
    offset = _offset(context, start)
    if place is not None:
        work = partial(_put_file, context, session, place, name, offset, length or None)
        yield from in_background(context, QFTPPUT, session, work)
        return
    with session.at():
        try:
            yield from _begin(context, session, "STOR", name, offset)
        except FtpError as error:
            raise _refuse(context, session, QFTPPUT, error) from None
        opened = _opened(context, QFTPPUT, name, length)
        moved = yield from from_host(session.client, opened)
        try:
            if moved.failure is None:
                yield from session.client.finish()
        except FtpError as error:
            moved.fail(error)
        yield from _end(context, session, QFTPPUT, moved)


def _put_file(
    context: Context, session: FtpSession, place: Place, name: str, offset: int, most: int | None
) -> Doing[str]:
    yield from need_file(context, place, offset)
    yield from _begin(context, session, "STOR", name, offset)
    session.length = yield from from_file(context, session.client, place, offset, most)
    return str(session.length)


# to the host, or into a file


def _fetching(name: str, verb: str, title: str, *more: Param) -> Command:
    """A command that fetches a file, or a listing, from byte `start` on, at most so many bytes."""
    command = Command(name, title, HOSTS, (Text("filename"), _LOCAL, *more))

    @command.asks
    def _getting(context: Context, call: Call) -> Ask | None:  # noqa: ARG001 - as the others
        is_to_host = _is_host(text_at(call, 1) or _HOST)
        return Ask(text_at(call, 0), is_in=False) if is_to_host else None

    @command.write
    def _get(context: Context, remote: str, local: str, start: int = 0, length: int = 0) -> Steps:
        _need(context, remote)
        place = None if _is_host(local) else _place(context, local)
        session = take(context, command, FtpState.TRANSFER)
        offset, most = _offset(context, start), length or None
        if place is not None:
            work = partial(_get_file, context, session, place, verb, remote, offset, most)
            yield from in_background(context, command, session, work)
            return
        with session.at():
            try:
                yield from _begin(context, session, verb, remote, offset)
            except FtpError as error:
                raise _refuse(context, session, command, error) from None
            opened = _opened(context, command, remote)
            moved = yield from to_host(session.client, opened, most)
            if moved.why is DataEndWhy.ESCAPE:  # OK alone, as measured on an EG800K
                session.length = moved.count
                yield CloseData(moved.why, "")
                network(context).tell(session, command.name, 0, session.client.link)
                return
            yield from _end(context, session, command, moved)

    return command


def _get_file(
    context: Context,
    session: FtpSession,
    place: Place,
    verb: str,
    name: str,
    offset: int,
    most: int | None,
) -> Doing[str]:
    """A file from its middle on goes behind what the local one has."""
    yield from _begin(context, session, verb, name, offset)
    where = None if offset else 0
    session.length = yield from to_file(context, session.client, place, where, most)
    return str(session.length)


COMMANDS = (
    QFTPPUT,
    _fetching(
        "+QFTPGET",
        "RETR",
        "Fetch a file",
        _START,
        Integer("downloadlen", high=_LONGEST, default=0, optional=True),
    ),
    _fetching("+QFTPLIST", "LIST", "List a folder"),
    _fetching("+QFTPNLST", "NLST", "List the names in a folder"),
    _fetching("+QFTPMLSD", "MLSD", "List a folder by machine"),
)
