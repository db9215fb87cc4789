"""What the Bluetooth LE of a device has to say to its host."""

from collections.abc import Callable

from quecsim.at.ble import Air
from quecsim.at.wifi_text import head, said, word
from quecsim.border.ble import Parameters
from quecsim.profiles.schema import Ble, Wifi


class BleVoice:
    """Says it, and knows how many pieces of data wait for the host."""

    def __init__(self, air: Air, profile: Ble, wifi: Wifi) -> None:
        self._air = air
        self._profile = profile
        self._wifi = wifi
        self._waiting = 0

    def state(self, event: str) -> None:
        """`+QBLESTAT: "CONNECTED"`."""
        self._air.say(said(self._wifi, "+QBLESTAT", event))

    def mtu(self, mtu: int) -> None:
        """`+QBLEMTU: 247`."""
        self._air.say(f"{head(self._wifi, '+QBLEMTU')}{mtu}")

    def parameters(self, now: Parameters) -> None:
        """`+QBLECONNPARAM: 0,20,500,0`."""
        values = f"0,{now.interval},{now.timeout},{now.latency}"
        self._air.say(f"{head(self._wifi, '+QBLECONNPARAM')}{values}")

    def found(self, text: str, sent: Callable[[], None]) -> None:
        """`+QBLEINFO: "fff2"`, or `"DOWN"`; with handles it has a blank, whatever others have."""
        name = "+QBLEINFO"
        has_blank = self._profile.info_handles
        self._air.say(f"{name}: {text}" if has_blank else said(self._wifi, name, text), sent)

    def word(self, text: str) -> str:
        """A word among the values of a line."""
        return word(self._wifi, text)

    def line(self, name: str, values: str) -> None:
        """A line of its own."""
        self._air.say(f"{head(self._wifi, name)}{values}")

    def received(self, uuid: str, data: bytes, offset: int) -> None:
        """`+QBLERECV: 0,"fff2",10` with the data behind; where too many wait, it is lost."""
        if self._waiting >= self._profile.host_pieces:
            self._air.drop_down(uuid, data, "too much was waiting for the host to read it", offset)
            return
        self._waiting += 1
        start = self._received_head(uuid, len(data)) if self._profile.recv_head else ""
        self._air.say(start + data.decode("latin-1"), self._was_said)

    def _received_head(self, uuid: str, count: int) -> str:
        shown = word(self._wifi, uuid) if self._profile.recv_quotes else uuid
        between = "\r\n" if self._profile.recv_line else ""
        return f"{head(self._wifi, '+QBLERECV')}0,{shown},{count}{between}"

    def _was_said(self) -> None:
        self._waiting -= 1
