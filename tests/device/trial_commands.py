"""Commands that no device has: each needs something of the core that the network will need."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from quecsim.at.context import Context
from quecsim.at.effects import (
    Announce,
    AwaitNews,
    CloseData,
    Connect,
    DataEndWhy,
    Discard,
    FlashWork,
    Forward,
    Info,
    OpenData,
    Pause,
    Prompt,
    Raw,
    Sleep,
    Spawn,
    Steps,
    Take,
    TakeOver,
)
from quecsim.at.results import AtError
from quecsim.at.spec import Catalogue, Command, Integer
from quecsim.commands.catalogue import catalogue
from quecsim.profiles.schema import Profile
from quecsim.units import ms, s

CTRL_Z, ESC = 0x1A, 0x1B
_SOURCE = "no document: a command for tests"


def _data(command: str, size: int, **ends: object) -> OpenData:
    defaults: dict[str, object] = {"timeout_ns": s(60), "can_escape": False}
    return OpenData(command, "peer", size, ack=False, is_idle_timer=True, **(defaults | ends))  # type: ignore[arg-type]


COUNT = Command("+TCOUNT", "n bytes to a peer", _SOURCE, (Integer("n", high=100_000),))


@COUNT.write
def _count(_context: Context, n: int) -> Steps:
    """By count; ends after 2 s of silence too, or with `+++`."""
    yield Connect()
    yield _data("+TCOUNT", n, timeout_ns=s(2), can_escape=True)
    done, why = 0, DataEndWhy.SIZE
    while done < n and why is DataEndWhy.SIZE:
        taken = yield Take(min(512, n - done))
        yield Forward("peer", taken.data)
        done, why = done + len(taken.data), taken.end or why
    yield CloseData(why, "")
    yield Info(f"+TCOUNT: {done},{why}")


PROMPT = Command("+TPROMPT", "a text to a peer", _SOURCE)


@PROMPT.execute
def _prompt(_context: Context) -> Steps:
    """Behind `> `, up to Ctrl-Z; Esc takes it back."""
    yield Prompt()
    yield _data("+TPROMPT", 0, end_byte=CTRL_Z, cancel_byte=ESC)
    taken = yield Take(1000)
    if taken.end is DataEndWhy.CANCEL:
        yield Discard(taken.data, "cancelled")
        yield CloseData(taken.end, "")
        return
    yield Forward("peer", taken.data)
    yield CloseData(taken.end or DataEndWhy.SIZE, "")
    yield Info(f"+TPROMPT: {len(taken.data)},{taken.end}")


LINK = Command("+TLINK", "transparent mode", _SOURCE)


@LINK.execute
def _link(_context: Context) -> Steps:
    """Both directions; what goes out has packets of 64 bytes at most, or what comes before 20 ms of
    silence, and each packet needs credit of the peer. Ends with `+++` or the host's DTR.
    """
    yield Connect()
    yield _data("+TLINK", 0, timeout_ns=None, can_escape=True, ends_on_dtr=True)
    yield Spawn(_down(), "the link's way down")
    while True:
        yield AwaitNews("credit", "the peer took nothing")
        taken = yield Take(64, gather_ns=ms(20))
        yield Forward("peer", taken.data)
        if taken.end is not None:
            break
    yield CloseData(taken.end, "")


def _down() -> Steps:
    while (data := (yield AwaitNews("down", "nothing came from the peer"))) is not None:
        yield Raw(data)


STORE = Command("+TSTORE", "store a download", _SOURCE, (Integer("n", high=1_000_000),))


@STORE.write
def _store(context: Context, n: int) -> Steps:
    if not (yield Spawn(_download(context, n), "a download")):
        raise AtError(3)


def _download(context: Context, n: int) -> Steps:
    yield Sleep(ms(50), "the server was slow")
    file = yield FlashWork(lambda: context.ufs.create("download"), "storing the download")
    for _ in range(n):
        yield FlashWork(lambda: file.write(bytes(4096)), "storing the download")
    yield FlashWork(file.close, "storing the download")
    yield Announce("+TSTORE: done")


WAIT = Command("+TWAIT", "wait for news in the background", _SOURCE, (Integer("ms", high=60_000),))


@WAIT.write
def _wait(_context: Context, wait_ms: int) -> Steps:
    if not (yield Spawn(_waiting(wait_ms), "waiting for news")):
        raise AtError(3)


def _waiting(wait_ms: int) -> Steps:
    news = yield AwaitNews("news", "nothing was new", ms(wait_ms))
    yield Announce(f"+TWAIT: {news}")


ALONE = Command(
    "+TALONE", "take the line over after a time", _SOURCE, (Integer("ms", high=60_000),)
)


@ALONE.write
def _alone(_context: Context, wait_ms: int) -> Steps:
    if not (yield Spawn(_soon_alone(wait_ms), "waiting to be alone")):
        raise AtError(3)


def _soon_alone(wait_ms: int) -> Steps:
    yield Sleep(ms(wait_ms), "it was too early")
    yield Announce("+TALONE: soon")
    yield TakeOver(_being_alone(), "doing something alone")


def _being_alone() -> Steps:
    yield Announce("+TALONE: now")
    yield Pause(s(1), "doing something alone")
    yield Announce("+TALONE: over")


FORGET = Command("+TFORGET", "forgets its data mode", _SOURCE)


@FORGET.execute
def _forget(_context: Context) -> Steps:
    yield Connect()
    yield _data("+TFORGET", 100)
    yield Take(10)
    raise AtError(3)


TRIALS = (COUNT, PROMPT, LINK, STORE, WAIT, ALONE, FORGET)


def _with_trials(profile: Profile) -> Catalogue:
    return Catalogue(catalogue(profile), TRIALS)


@contextmanager
def trial_commands() -> Iterator[None]:
    """Devices that are made here have the commands above as well."""
    with patch("quecsim.rig.rig.catalogue", _with_trials):
        yield
