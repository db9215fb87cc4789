"""Laws of FTP sessions: how bytes are cut and who wakes the server changes nothing, and whatever a
client says does no harm.
"""

import re
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.border import Why
from quecsim.peers.ftp_server import FtpServer
from quecsim.peers.ftp_settings import FtpFile, FtpSettings, FtpTrouble
from quecsim.units import MS

CONTROL, PLACE = 1, 26_000


class Step(NamedTuple):
    """What a client does: `say` something, `open` the data connection, send `data` over it, `shut`
    it, `take` a call, or let the `time` of so many milliseconds pass.
    """

    what: str
    data: bytes = b""
    ms: int = 0


LOGIN = Step("say", b"USER a\r\nPASS b\r\n")


class World:
    """A server and the only client that it has. `said` is all that it says, by connection, with
    ends as words.
    """

    def __init__(self, **values: Any) -> None:
        files = {"/a": FtpFile(text="abc\ndef\n"), "/b/c": FtpFile(drawn_bytes=3000)}
        told = {"files": files, "idle_ms": 2000, "data_wait_ms": 500, "data_idle_ms": 700, **values}
        self.server = FtpServer(FtpSettings(**told), has_tls=True)
        self.now_ns = 0
        self.said: dict[int, list[bytes]] = {CONTROL: []}
        self._calls: list[int] = []
        self._data: int | None = None
        self._ended: set[int] = set()
        self.server.connect(0, CONTROL)
        self.collect()

    def do(self, step: Step, cuts: tuple[int, ...] = ()) -> None:
        pieces = [step.data]
        if step.data and cuts:
            places = sorted({0, len(step.data), *(cut % len(step.data) for cut in cuts)})
            pieces = [step.data[before:after] for before, after in pairwise(places)]
        for piece in pieces:
            self._do(step.what, piece, step.ms)
            if cuts:
                self.collect()
        self.collect()

    def _do(self, what: str, data: bytes, duration_ms: int) -> None:
        server, now_ns = self.server, self.now_ns
        if what == "say" and CONTROL not in self._ended:
            server.receive(now_ns, CONTROL, data)
        elif what == "open" and server.ports:
            self._data = self._new()
            server.connect_at(now_ns, self._data, next(iter(server.ports)))
        elif what == "take" and self._calls:
            self._data = self._new()
            server.answered(now_ns, self._calls.pop(), self._data)
        elif what == "secure":
            for number in (CONTROL, self._data):
                if number and number not in self._ended and server.awaits_tls(number):
                    server.secured(now_ns, number)
        elif what in ("data", "shut") and self._data and self._data not in self._ended:
            if what == "data":
                server.receive(now_ns, self._data, data)
            else:
                server.gone(now_ns, self._data)
                self._ended.add(self._data)
        elif what == "time":
            self.wait_until(now_ns + duration_ms * MS)

    def wait_until(self, then_ns: int) -> None:
        while (due_ns := self.server.deadline_ns()) is not None and due_ns <= then_ns:
            assert due_ns >= self.now_ns
            self.now_ns = due_ns
            self.server.advance(due_ns)
            self.collect()
        self.now_ns = then_ns

    def collect(self) -> None:
        for dial in self.server.take_dials(self.now_ns):
            assert dial.port >= 1024
            if dial.port == PLACE:
                self._calls.append(dial.key)
            else:
                self.server.answered(self.now_ns, dial.key, None)
        for number, data in self.server.take_output():
            assert number not in self._ended, (number, data)
            if isinstance(data, Why):
                self._ended.add(number)
            self.said[number].append(data.encode() if isinstance(data, Why) else data)

    def whole(self) -> dict[int, bytes]:
        return {number: b"".join(pieces) for number, pieces in self.said.items()}

    def _new(self) -> int:
        self.said[len(self.said) + 1] = []
        return len(self.said)


COMMANDS = [
    *("NOOP", "PWD", "PASV", "EPSV", "TYPE A", "TYPE I", "FEAT", "STAT", "ABOR", "LIST", "NLST"),
    *("MLSD", "RETR a", "RETR b/c", "RETR no", "REST 5", "STOR a", "STOR new", "APPE a", "DELE a"),
    *("CWD b", "CDUP", "MKD x", "RMD x", "RNFR a", "RNTO x/y", "SIZE a", "MLST", "QUIT", "MDTM a"),
    *("AUTH TLS", "PBSZ 0", "PROT P", "PROT C", "USER z", "PASS z", "x", "EPSV ALL", "STAT b"),
    f"PORT 1,2,3,4,{PLACE >> 8},{PLACE & 255}",
    "EPRT |1|1.2.3.4|5000|",
]
SAID = st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=4).map(
    lambda lines: Step("say", "".join(f"{line}\r\n" for line in lines).encode())
)
LIKELY = st.sampled_from(
    [
        *(Step("open"), Step("take"), Step("shut"), Step("secure"), Step("time", ms=100)),
        *(
            Step("time", ms=1),
            Step("time", ms=1000),
            Step("data", b"0123\r\n89"),
            Step("data", b"\r"),
        ),
        Step("data", bytes(2000)),
    ]
)
TROUBLE = st.sampled_from(
    [
        (),
        (FtpTrouble(at="RETR", after_bytes=4),),
        (FtpTrouble(at="STOR", after_bytes=3, silent=True),),
        (FtpTrouble(at="STOR", after_bytes=0, reply="451 no", data="reset"),),
        (FtpTrouble(at="PASV", data="refused", times=1),),
        (FtpTrouble(at="NOOP", delay_ms=90),),
        (FtpTrouble(at="PWD", ends="reset"),),
    ]
)


@settings(max_examples=300)
@given(
    st.lists(SAID | LIKELY, max_size=15),
    st.lists(st.integers(0, 5000), min_size=1, max_size=5),
    st.fixed_dictionaries(
        {
            "trouble": TROUBLE,
            "ascii": st.booleans(),
            "bytes_per_s": st.sampled_from([None, 3, 10_000]),
            "reply_ms": st.sampled_from([0, 0, 7]),
            "quota_bytes": st.sampled_from([5000, 3100]),
        }
    ),
)
def test_neither_cuts_nor_who_wakes_it_change_anything(
    steps: list[Step], cuts: list[int], values: dict[str, Any]
) -> None:
    whole, cut = World(**values), World(**values)
    for step in [LOGIN, *steps]:
        whole.do(step)
        cut.do(step, tuple(cuts))
        if step.what != "time":
            cut.server.advance(cut.now_ns)
            cut.collect()
    for world in (whole, cut):
        world.wait_until(world.now_ns + 10_000 * MS)
    assert whole.whole() == cut.whole()
    assert whole.server.files == cut.server.files


RAW = st.binary(max_size=60).map(lambda data: Step("say", data))
NAMES = st.text(max_size=20) | st.sampled_from(
    ["../../etc/passwd", "/" * 50, "a\x00b", "\x7f", "~", "x" * 300, "./.", "a/../../b", "a/" * 40]
)
NAMED = st.tuples(
    st.sampled_from(["STOR", "MKD", "CWD", "RETR", "RNFR", "RNTO", "MLST", "DELE", "SIZE", "EPRT"]),
    NAMES,
).map(lambda pair: Step("say", f"{' '.join(pair)}\r\n".encode("utf-8", "surrogatepass")))


@settings(max_examples=300)
@given(st.lists(SAID | LIKELY | RAW | NAMED, max_size=30))
def test_nothing_does_harm(steps: list[Step]) -> None:
    world = World(quota_bytes=10_000, most_files=10)
    for step in [LOGIN, *steps]:
        world.do(step)
    files = world.server.files
    assert sum(map(len, files.values())) <= 10_000
    assert len(files) <= 10
    for name in files:
        assert re.fullmatch(r"(/[^/\x00-\x1f\x7f]+)+", name), name
        assert not {".", ".."} & set(name.split("/"))
    said = b"".join(world.said[CONTROL]).removesuffix(b"fin").removesuffix(b"reset")
    assert all(re.match(rb"\d{3}[ -]| |[-d]r", line) for line in said.split(b"\r\n")[:-1]), said


def said_to(data: bytes, **values: Any) -> bytes:
    world = World(**values)
    world.do(LOGIN)
    del world.said[CONTROL][:]
    world.do(Step("say", data))
    return world.whole()[CONTROL]


def test_lines() -> None:
    assert said_to(b"NOOP\nNOOP\r\n\r\nno") == b"200 Yes.\r\n200 Yes.\r\n"
    assert said_to(b"\xff\xf4\xff\xf2ABOR\r\n") == b"225 There is nothing to abort.\r\n"


def test_a_line_that_is_too_long_is_none() -> None:
    line = b"MKD " + b"x" * 100_000
    assert said_to(line + b"\r\nNOOP\r\n").split(b"\r\n")[1:] == [b"200 Yes.", b""]
    assert said_to(line) == b""


def test_more_than_can_wait_ends_it() -> None:
    """A transfer is under way, and a client that goes on and on."""
    world = World()
    world.do(Step("say", LOGIN.data + b"PASV\r\nSTOR x\r\n"))
    for _ in range(20_000):
        world.do(Step("say", b"NOOP\r\n"))
    assert world.said[CONTROL][-1] == b"reset"


def test_a_client_that_does_not_listen_is_cut_off() -> None:
    server = FtpServer(FtpSettings(folders=tuple(f"/{'x' * 200}{index}" for index in range(500))))
    server.connect(0, 1)
    server.receive(0, 1, LOGIN.data + b"STAT /\r\n" * 50)
    assert server.take_output({1: 10}) == [(1, Why.RESET)]


def test_many_commands_at_once() -> None:
    """None of them waits for another one's end in a stack of its own."""
    assert said_to(b"RETR a\r\n" * 5000).count(b"\r\n") == 5000


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_stand_for_themselves(count: int) -> None:
    server = FtpServer(FtpSettings(folders=("/x",)))
    for number in range(count):
        server.connect(0, number)
        server.receive(0, number, LOGIN.data)
    server.receive(0, 0, b"CWD x\r\n")
    server.take_output()
    for number in range(count):
        server.receive(0, number, b"PWD\r\n")
    folders = [b'"/x"', *[b'"/"'] * (count - 1)]
    assert server.take_output() == [
        (number, b"257 %s is where you are.\r\n" % folder) for number, folder in enumerate(folders)
    ]
