"""What all sessions of an FTP server have in common: its files, clock, ports and trouble."""

from typing import TYPE_CHECKING

from quecsim.border import Why
from quecsim.peers.ftp_settings import FtpSettings, FtpTrouble
from quecsim.peers.ftp_tree import Tree
from quecsim.peers.service import Dial
from quecsim.units import S

if TYPE_CHECKING:
    from quecsim.peers.ftp_data import DataSide

PORTS = 500
"""How many ports a server has for data, one after the other."""

_CALLS_FROM = 20  # the port that active data connections come from


class Premises:
    """`address` is the server's own. `has_tls`: it speaks TLS at all. `start_s` is the time at
    0 ns, in seconds since 1970 (UTC). Data connections go to ports from `first_port` on.
    """

    def __init__(
        self, settings: FtpSettings, address: str, has_tls: bool, start_s: int, first_port: int
    ) -> None:
        self.settings = settings
        self.address = address
        self.has_tls = has_tls
        self.tree = Tree(settings, start_s)
        self.now_ns = 0
        self.ports: dict[int, DataSide] = {}  # where a data connection is awaited
        self.calls: dict[int, DataSide] = {}  # calls to the device, by key
        self.endings: list[tuple[int, Why]] = []  # data connections that it ends
        self._dials: list[Dial] = []
        self._start_s = start_s
        self._first_port = first_port
        self._ports_used = 0
        self._calls_made = 0
        self._struck = [0] * len(settings.trouble)

    @property
    def now_s(self) -> int:
        """The time, in seconds since 1970 (UTC)."""
        return self._start_s + self.now_ns // S

    def trouble_at(self, word: str) -> FtpTrouble | None:
        """What goes wrong with this command, which is counted."""
        found = None
        for index, trouble in enumerate(self.settings.trouble):
            if trouble.at != word:
                continue
            self._struck[index] += 1
            count = self._struck[index] - trouble.spare
            if found is None and count > 0 and (trouble.times is None or count <= trouble.times):
                found = trouble
        return found

    def new_port(self, side: "DataSide | None") -> int | None:
        """A port at which `side` awaits its data connection (None: at which nobody does); None:
        there is none left.
        """
        for _ in range(PORTS):
            port = self._first_port + self._ports_used % PORTS
            self._ports_used += 1
            if port not in self.ports:
                if side is not None:
                    self.ports[port] = side
                return port
        return None

    def call(self, side: "DataSide", port: int) -> int:
        """Call the device at its port; the key of that call."""
        self._calls_made += 1
        self.calls[self._calls_made] = side
        self._dials.append(Dial(self._calls_made, port, (self.address, _CALLS_FROM)))
        return self._calls_made

    def is_through(self, key: int) -> bool:
        """Whether that call rings at the device: whoever hears of calls has had it."""
        return all(dial.key != key for dial in self._dials)

    def take_dials(self) -> list[Dial]:
        """The calls that were made, each once."""
        dials, self._dials = self._dials, []
        return dials
