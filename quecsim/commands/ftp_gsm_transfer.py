"""Files by FTP(S) of the GSM generation: +QFTPPUT and +QFTPGET.

Where the file is on this side is a setting (AT+QFTPCFG=4): the host's side of the port (`/COM/`),
in data mode behind the OK, or a storage (`/UFS/name`, `/RAM/`), in the background.
"""

from dataclasses import dataclass
from functools import partial

from quecsim.at.asking import number_at, text_at
from quecsim.at.context import Context, ftp
from quecsim.at.effects import Announce, Answer, CloseData, OpenData, Steps
from quecsim.at.grammar import Call
from quecsim.at.receive import TIMEOUT
from quecsim.at.results import AtError
from quecsim.at.spec import Ask, Command, Integer, Text
from quecsim.at.storage import Place, place_of
from quecsim.clients.ftp import FtpClient, FtpError
from quecsim.clients.ftp_session import FtpSession, FtpState
from quecsim.clients.stream import Steps as Doing
from quecsim.commands.ftp import NON_TRANSPARENT, PLACE, RESUME, TYPE, ftp_setting
from quecsim.commands.ftp_codes import FtpFailure, LocalError
from quecsim.commands.ftp_gsm import SOURCE, data_settings, in_background, take, tell
from quecsim.commands.ftp_transfer import (
    Moved,
    from_file,
    from_host,
    need_file,
    to_file,
    to_host,
)
from quecsim.units import s

_HOST = "/COM/"
_BINARY = "0"
_LONGEST = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class _Job:
    """What a call asks for: from byte `offset` of it on. `client` is in a session."""

    context: Context
    command: Command
    session: FtpSession
    remote: str
    offset: int

    @property
    def client(self) -> FtpClient:
        return self.session.client

    def begin(self, verb: str) -> Doing[None]:
        """The server is ready, and a data connection is there."""
        client = self.client
        client.settings = data_settings(self.context, client.settings)
        yield from client.set_type(is_binary=ftp_setting(self.context, TYPE) == _BINARY)
        yield from client.begin(verb, self.remote, self.offset)

    def place(self) -> Place:
        """The file on this side. Raises LocalError."""
        storage, _, name = ftp_setting(self.context, PLACE)[1:].partition("/")
        if storage.upper() not in self.context.disks:
            raise LocalError("file", f"there is no storage {storage}")
        name = name or self.remote.rpartition("/")[2]
        try:
            return place_of(self.context, f"{storage}:{name}")
        except AtError:
            raise LocalError("parameter", f"no file can be called {name!r}") from None


def _is_of_host(context: Context) -> bool:
    return ftp_setting(context, PLACE).upper().startswith(_HOST)


def _begin(context: Context, command: Command, remote: str) -> _Job | None:
    """Raises AtError where there is no session; None where it is busy."""
    if not remote:
        raise AtError
    session = take(context, command, FtpState.TRANSFER)
    offset = int(ftp_setting(context, RESUME))
    return None if session is None else _Job(context, command, session, remote, offset)


def _opened(
    context: Context, command: Command, name: str, size: int = 0, timeout_s: int | None = None
) -> OpenData:
    return OpenData(
        command.name,
        name,
        size,
        ack=False,
        timeout_ns=None if timeout_s is None else s(timeout_s),
        is_idle_timer=context.profile.files.upload_timer == "idle",
        can_escape=ftp_setting(context, NON_TRANSPARENT) == "0",
    )


def _end(job: _Job, moved: Moved) -> Steps:
    """Data mode is over, and the result is said."""
    job.session.length = moved.count
    result: int | FtpFailure = moved.count if moved.failure is None else moved.failure
    line = tell(job.context, job.session, job.command, result)
    yield CloseData(moved.why, line, "OK" if moved.failure is None else line)
    yield Announce(line)


def _refuse(job: _Job, failure: FtpFailure) -> Steps:
    """The result is said, and data mode has never begun."""
    yield Announce(tell(job.context, job.session, job.command, failure))


QFTPPUT = Command(
    "+QFTPPUT",
    "Send a file to the server, from the host or a storage",
    f"{SOURCE}.2",
    (
        Text("filename", needs_quotes=True),
        Integer("filesize", 1, _LONGEST, optional=True),
        TIMEOUT,
    ),
)


@QFTPPUT.asks
def _putting(context: Context, call: Call) -> Ask | None:
    if not _is_of_host(context):
        return None
    files = context.profile.files
    timeout_s = number_at(call, 2, files.default_timeout_s)
    return Ask(text_at(call, 0), number_at(call, 1, files.default_size_bytes), s(timeout_s))


@QFTPPUT.write
def _put(context: Context, remote: str, size: int | None, timeout_s: int) -> Steps:
    job = _begin(context, QFTPPUT, remote)
    if job is None:
        return
    if not _is_of_host(context):
        yield from in_background(context, QFTPPUT, job.session, partial(_put_file, job, size))
        return
    yield Answer()
    with job.session.at():
        try:
            yield from job.begin("STOR")
        except FtpError as error:
            yield from _refuse(job, error)
            return
        length = size or context.profile.files.default_size_bytes
        opened = _opened(context, QFTPPUT, remote, length, timeout_s)
        moved = yield from from_host(job.client, opened)
        try:
            if moved.failure is None:
                yield from job.client.finish()
        except FtpError as error:
            moved.fail(error)
        yield from _end(job, moved)


def _put_file(job: _Job, size: int | None) -> Doing[int]:
    place = job.place()
    yield from need_file(job.context, place, job.offset)
    yield from job.begin("STOR")
    count = yield from from_file(job.context, job.client, place, job.offset, size)
    job.session.length = count
    return count


QFTPGET = Command(
    "+QFTPGET",
    "Fetch a file from the server, for the host or into a storage; with the room to set aside",
    f"{SOURCE}.3; the room: host programs of this generation",
    (Text("filename", needs_quotes=True), Integer("filesize", 1, _LONGEST, optional=True)),
)


@QFTPGET.asks
def _getting(context: Context, call: Call) -> Ask | None:
    return Ask(text_at(call, 0), is_in=False) if _is_of_host(context) else None


@QFTPGET.write
def _get(context: Context, remote: str, room: int | None) -> Steps:
    job = _begin(context, QFTPGET, remote)
    if job is None:
        return
    if not _is_of_host(context):
        yield from in_background(context, QFTPGET, job.session, partial(_get_file, job, room))
        return
    yield Answer()
    with job.session.at():
        try:
            yield from job.begin("RETR")
        except FtpError as error:
            yield from _refuse(job, error)
            return
        moved = yield from to_host(job.client, _opened(context, QFTPGET, remote))
        yield from _end(job, moved)
        if moved.failure is None and ftp(context).get_ok:
            yield Announce("OK")


def _get_file(job: _Job, room: int | None) -> Doing[int]:
    place = job.place()
    yield from job.begin("RETR")
    count = yield from to_file(job.context, job.client, place, job.offset, None, room or 0)
    job.session.length = count
    return count


COMMANDS = (QFTPPUT, QFTPGET)
