"""What an FTP session does with the tree: folders, files, lists, transfers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from quecsim.peers.ftp_listing import fact_line, listing, ls_line, name_line, time_text
from quecsim.peers.ftp_path import FtpError, Path, path_of, text_of
from quecsim.peers.ftp_settings import FtpTrouble
from quecsim.peers.ftp_transfer import Incoming, Outgoing, Transfer
from quecsim.peers.ftp_tree import Entry, File

if TYPE_CHECKING:
    from quecsim.peers.ftp_session import Session

_MOST_OFFSET = 1 << 40


# folders


def pwd(session: "Session", _argument: str) -> None:
    """257, with the folder in quotes."""
    session.say(257, f"{_quoted(session.cwd)} is where you are.")


def cwd(session: "Session", name: str) -> None:
    """Go there."""
    path = _path(session, name)
    session.premises.tree.folder(path)
    session.cwd = path
    session.say(250, "You are there.")


def cdup(session: "Session", _argument: str) -> None:
    """Go up."""
    cwd(session, "..")


def mkd(session: "Session", name: str) -> None:
    """Make a folder."""
    path = _path(session, name)
    session.premises.tree.make_folder(path, session.premises.now_s)
    session.say(257, f"{_quoted(path)} is made.")


def rmd(session: "Session", name: str) -> None:
    """Remove an empty one."""
    session.premises.tree.remove_folder(_path(session, name))
    session.say(250, "It is gone.")


# files


def dele(session: "Session", name: str) -> None:
    """Remove a file."""
    session.premises.tree.remove_file(_path(session, name))
    session.say(250, "It is gone.")


def rnfr(session: "Session", name: str) -> None:
    """What is to be moved."""
    path = _path(session, name)
    session.premises.tree.find(path)
    session.rename_from = path
    session.say(350, "And its new name?")


def rnto(session: "Session", name: str) -> None:
    """Where to."""
    path, session.rename_from = session.rename_from, None
    if path is None:
        raise FtpError(503, "Say RNFR first.")
    session.premises.tree.rename(path, _path(session, name))
    session.say(250, "It is renamed.")


def size(session: "Session", name: str) -> None:
    """How many bytes."""
    session.say(213, str(len(session.premises.tree.file(_path(session, name)).data)))


def mdtm(session: "Session", name: str) -> None:
    """When it was written."""
    file = session.premises.tree.file(_path(session, name))
    session.say(213, time_text(file.modified_s))


def mlst(session: "Session", name: str) -> None:
    """The facts of one file or folder."""
    path = _path(session, name)
    entry = session.premises.tree.find(path)
    line = fact_line(text_of(path), entry, session.premises.now_s)
    text = f"250-Facts:\r\n {line}\r\n250 That is all.\r\n"
    session.say_bytes(text.encode("utf-8", "surrogateescape"))


def list_here(session: "Session", name: str) -> None:
    """A list over the control connection (STAT)."""
    entries = _entries(session, name)
    text = b"213-Here it is:\r\n" + listing(entries, ls_line, session.premises.now_s)
    session.say_bytes(text + b"213 That is all.\r\n")


# transfers


def rest(session: "Session", offset: str) -> None:
    """Where the next one begins."""
    if not (offset.isascii() and offset.isdigit()) or int(offset[:20]) > _MOST_OFFSET:
        raise FtpError(501, "That is no number of bytes.")
    session.restart = int(offset)
    session.say(350, f"The next transfer begins at {session.restart}.")


def list_(session: "Session", argument: str) -> None:
    """As `ls -l`; options are passed over."""
    _list(session, _without_options(argument), ls_line)


def nlst(session: "Session", argument: str) -> None:
    """Names alone."""
    _list(session, _without_options(argument), name_line)


def mlsd(session: "Session", name: str) -> None:
    """Facts, of a folder."""
    session.premises.tree.folder(_path(session, name))
    _list(session, name, fact_line)


def retr(session: "Session", name: str) -> None:
    """A file, from where REST said on."""
    offset, session.restart = session.restart, 0
    data = session.premises.tree.file(_path(session, name)).data
    if session.kind == "A" and session.premises.settings.ascii:
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    _begin(session, Outgoing(data, offset))


def stor(session: "Session", name: str) -> None:
    """A file, new or from where REST said on."""
    offset, session.restart = session.restart, 0
    _write(session, name, truncates=not offset, offset=offset)


def appe(session: "Session", name: str) -> None:
    """A file, behind what is there."""
    session.restart = 0
    _write(session, name, truncates=False, offset=None)


def _write(session: "Session", name: str, *, truncates: bool, offset: int | None) -> None:
    tree = session.premises.tree
    _check_refusal(session)
    file = tree.open(_path(session, name), session.premises.now_s, truncates=truncates)
    begins = len(file.data) if offset is None else offset
    is_text = session.kind == "A" and session.premises.settings.ascii
    _begin(session, Incoming(tree, file, begins, is_text))


def _list(session: "Session", name: str, line: Callable[[str, Entry, int], str]) -> None:
    entries = _entries(session, name)
    _begin(session, Outgoing(listing(entries, line, session.premises.now_s)))


def _begin(session: "Session", body: Outgoing | Incoming) -> None:
    _check_refusal(session)
    trouble: FtpTrouble | None = session.trouble
    rate = session.premises.settings.bytes_per_s
    session.data.begin(Transfer(body, rate, trouble))


def _check_refusal(session: "Session") -> None:
    """Whether there can be a data connection, as far as that is known."""
    settings, trouble = session.premises.settings, session.trouble
    if trouble is not None and trouble.data == "refused":
        session.data.close()
        raise FtpError(425, "The data connection could not be opened.")
    if settings.requires_tls and session.data.protection != "P":
        raise FtpError(522, "Say PROT P first.")


def _entries(session: "Session", name: str) -> dict[str, Entry]:
    """What is in a folder, or the file alone."""
    path = _path(session, name)
    entry = session.premises.tree.find(path)
    return {name: entry} if isinstance(entry, File) else entry.entries


def _without_options(argument: str) -> str:
    """`-la /fw` is `/fw`."""
    while argument.startswith("-"):
        _, _, argument = argument.partition(" ")
    return argument


def _path(session: "Session", name: str) -> Path:
    return path_of(session.cwd, name)


def _quoted(path: Path) -> str:
    text = text_of(path).replace('"', '""')
    return f'"{text}"'
