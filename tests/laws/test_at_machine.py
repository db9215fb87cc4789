"""Whatever is asked of the AT engine and its files, in any order: each reply, byte for byte."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from quecsim.flash.timing import FlashMode
from quecsim.rig import RigConfig
from quecsim.units import ms, s
from tests.laws.at_model import BLOCK, Model, Settings
from tests.laws.driver import Setup, law
from tests.laws.host import Host
from tests.laws.strategies import pattern

SETUP = Setup(
    {"uart": {"rx_ring_bytes": 16_384}, "files": {"block_count": 64}},
    RigConfig(flash_mode=FlashMode.DRAWN),
)
NAMES = st.sampled_from(["a", "b.pem", "c" * 80])
PREFIXES = st.sampled_from(["", "UFS:", "ufs:", "/"])
HANDLES = st.integers(1027, 1029)
DATA = st.builds(
    pattern,
    st.integers(0, 300) | st.sampled_from([BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5000]),
    st.integers(0, 255),
)
SWITCH = st.integers(0, 1)
SURPLUS = b"surplus\x00\xff"  # no A that could begin a command, and no end of a line


class AtMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.host = Host(SETUP.rig())

    def type(self, command: str, end: bytes = b"\r") -> bytes:
        """Send a line; returns the echo that it must get."""
        line = command.encode() + end
        self.host.send(line)
        return self.model.echo(line)

    def hears(self, expected: bytes) -> None:
        assert self.host.pause(s(2)) == expected

    def transfers(self, data: bytes, expected: bytes) -> None:
        """Send data once the device has said CONNECT, if it does."""
        opening = self.host.pause(ms(900))
        if opening.endswith(self.model.connect()):
            self.host.send(data)
        assert opening + self.host.pause(s(3)) == expected

    # settings

    @rule(end=st.sampled_from([b"\r", b"\r\n"]))
    def attention(self, end: bytes) -> None:
        self.hears(self.type("AT", end) + self.model.ok())

    @rule(on=SWITCH)
    def echo(self, on: int) -> None:
        typed = self.type(f"ATE{on}")
        self.model.settings.echo = bool(on)
        self.hears(typed + self.model.ok())

    @rule(on=SWITCH)
    def verbose(self, on: int) -> None:
        typed = self.type(f"ATV{on}")
        self.model.settings.verbose = bool(on)
        self.hears(typed + self.model.ok())

    @rule(level=st.integers(0, 2))
    def error_reports(self, level: int) -> None:
        typed = self.type(f"AT+CMEE={level}")
        self.model.settings.cmee = level
        self.hears(typed + self.model.ok())

    @rule()
    def repeat(self) -> None:
        reply = self.model.lines(f"+CMEE: {self.model.settings.cmee}") + self.model.ok()
        self.hears(self.type("at+cmee?") + reply)
        self.hears(self.type("A/", b"") + reply)

    @rule(word=st.sampled_from(["AT+NOSUCH", "AT+QFUPL", "AT?", "AT+CMEE=9;+QFLST"]))
    def mistake(self, word: str) -> None:
        number = 50 if "CMEE" in word else None
        typed = self.type(word)
        text = "incorrect parameters" if self.model.settings.cmee == 2 else "50"
        is_numbered = number is not None and self.model.settings.cmee
        error = self.model.lines(f"+CME ERROR: {text}") if is_numbered else self.model.error(None)
        self.hears(typed + error)

    @rule()
    def keep(self) -> None:
        self.hears(self.type("AT&W") + self.model.keep())

    @rule()
    def restore(self) -> None:
        self.hears(self.type("ATZ") + self.model.restore(self.model.kept))

    @rule()
    def factory(self) -> None:
        self.hears(self.type("AT&F") + self.model.restore(Settings()))

    @rule()
    def restart(self) -> None:
        typed = self.type("AT+CFUN=1,1")
        assert self.host.pause(s(15)) == typed + self.model.restart()

    # whole files

    @rule(
        name=NAMES, prefix=PREFIXES, data=DATA, ack=SWITCH, more=st.sampled_from([0, 0, 0, 1, 700])
    )
    def upload(self, name: str, prefix: str, data: bytes, ack: int, more: int) -> None:
        """`more`: the host promises so many bytes that never come."""
        size = len(data) + more
        if not size:
            return
        typed = self.type(f'AT+QFUPL="{prefix}{name}",{size},1,{ack}')
        self.transfers(data, typed + self.model.upload(name, size, data, ack=bool(ack)))

    @rule(name=NAMES, data=DATA)
    def upload_too_long(self, name: str, data: bytes) -> None:
        """The surplus meets the command line, which echoes it and forgets it."""
        if not data:
            return
        typed = self.type(f'AT+QFUPL="{name}",{len(data)}')
        sent = data + SURPLUS
        self.transfers(sent, typed + self.model.upload(name, len(data), sent, ack=False))

    @rule(name=NAMES)
    def upload_too_large(self, name: str) -> None:
        self.hears(self.type(f'AT+QFUPL="{name}",262144') + self.model.too_large(name))

    @rule(name=st.sampled_from(["", "../a", "SD:a", "d" * 81, "a*", "a//b"]))
    def upload_bad_name(self, name: str) -> None:
        self.hears(self.type(f'AT+QFUPL="{name}",10') + self.model.error(406))

    @rule(name=NAMES, prefix=PREFIXES)
    def download(self, name: str, prefix: str) -> None:
        self.hears(self.type(f'AT+QFDWL="{prefix}{name}"') + self.model.download(name))

    @rule(form=st.sampled_from(["AT+QFLST", 'AT+QFLST="*"', 'AT+QFLST="UFS:*"']))
    def list_all(self, form: str) -> None:
        self.hears(self.type(form) + self.model.list_all())

    @rule(name=NAMES, prefix=PREFIXES)
    def list_one(self, name: str, prefix: str) -> None:
        self.hears(self.type(f'AT+QFLST="{prefix}{name}"') + self.model.list_one(name))

    @rule()
    def usage(self) -> None:
        self.hears(self.type("AT+QFLDS") + self.model.usage())

    @rule(name=NAMES, prefix=PREFIXES)
    def delete(self, name: str, prefix: str) -> None:
        self.hears(self.type(f'AT+QFDEL="{prefix}{name}"') + self.model.delete(name))

    @rule()
    def delete_all(self) -> None:
        self.hears(self.type('AT+QFDEL="*"') + self.model.delete_all())

    # handles

    @rule(name=NAMES, mode=st.integers(0, 2))
    def open(self, name: str, mode: int) -> None:
        self.hears(self.type(f'AT+QFOPEN="{name}",{mode}') + self.model.open(name, mode))

    @rule()
    def opened(self) -> None:
        self.hears(self.type("AT+QFOPEN?") + self.model.opened())

    @rule(number=HANDLES, length=st.none() | st.integers(1, 2000))
    def read(self, number: int, length: int | None) -> None:
        command = f"AT+QFREAD={number}" + ("" if length is None else f",{length}")
        self.hears(self.type(command) + self.model.read(number, length))

    @rule(number=HANDLES, data=DATA, more=st.sampled_from([0, 0, 0, 5]))
    def write(self, number: int, data: bytes, more: int) -> None:
        length = len(data) + more
        if not length:
            return
        typed = self.type(f"AT+QFWRITE={number},{length},1")
        self.transfers(data, typed + self.model.write(number, length, data))

    @rule(number=HANDLES, offset=st.integers(0, 6000), origin=st.integers(0, 2))
    def seek(self, number: int, offset: int, origin: int) -> None:
        command = f"AT+QFSEEK={number},{offset},{origin}"
        self.hears(self.type(command) + self.model.seek(number, offset, origin))

    @rule(number=HANDLES, share=st.integers(0, 4))
    def seek_inside(self, number: int, share: int) -> None:
        handle = self.model.handles.get(number)
        offset = len(self.model.files[handle.name]) * share // 4 if handle else 0
        self.seek(number, offset, 0)

    @rule(number=HANDLES)
    def position(self, number: int) -> None:
        self.hears(self.type(f"AT+QFPOSITION={number}") + self.model.position(number))

    @rule(number=HANDLES)
    def cut_off(self, number: int) -> None:
        self.hears(self.type(f"AT+QFTUCAT={number}") + self.model.cut_off(number))

    @rule(number=HANDLES)
    def close(self, number: int) -> None:
        self.hears(self.type(f"AT+QFCLOSE={number}") + self.model.close(number))

    @invariant()
    def closed_files_are_what_they_should_be(self) -> None:
        ufs = self.host.rig.device.context.ufs
        for name, content in self.model.files.items():
            if not self.model.is_open(name):
                assert ufs.read_file(name) == content

    @invariant()
    def nothing_was_lost(self) -> None:
        counters = self.host.rig.counters()
        assert counters["lost"] == counters["in_flight"] == 0


AtMachine.TestCase.settings = law(60)
TestAtMachine = AtMachine.TestCase
