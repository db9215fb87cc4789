"""What the demo plays, as data: five ways to send a file, and the two files that are sent.

All of them meet the same device, the one of the scenario `thread-57329`: a receive ring of 512
bytes, and a pause of 40 ms after every 256 bytes of an upload. Nothing here leans on how fast this
machine is, so that a busy one shows the same:

    PC over USB         the device answers NAK while its ring is full: the host waits
    microcontroller     a burst at 115200 baud brings 461 bytes in each pause of 40 ms, and only 256
                        leave the ring after it: any burst of more than about 1000 bytes overflows
    RTS/CTS             RTS goes away at 384 bytes and one byte more comes: 127 stay free
    ACK mode            1024 bytes at a time: when 256 of them are taken, 40 ms bring 461 at most;
                        when 512 are taken, only 512 are left, and that is what the ring holds
    pauses      256 bytes, then 80 ms: the stop is over before the next 256 come. This one leans on
                the host's clock, and so is played in virtual time
"""

from dataclasses import dataclass

from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import CERTIFICATE_LABEL, payload_bytes
from quecsim.scenario.schema import Interface, Payload, Scenario

SCENARIO = "thread-57329"

# How much longer than the naive host the others let the device be patient. They never need it,
# unless this machine stops for a while; the naive one waits for it to pass, each time.
_SPARE_PATIENCE = 4


@dataclass(frozen=True, slots=True)
class Way:
    """How a host sends a file. `loses` is what the demo says will come of it.

    It writes `chunk_bytes` at a time, and waits `gap_ms` after each.
    """

    key: str
    title: str
    method: str
    loses: bool = False
    interface: Interface = "uart"
    rtscts: bool = False
    ack: bool = False
    chunk_bytes: int = 4096  # the certificate goes in one write, as from one call in firmware
    gap_ms: int = 0

    @property
    def is_cure(self) -> bool:
        """It is the microcontroller's, and loses nothing."""
        return self.interface == "uart" and not self.loses


@dataclass(frozen=True, slots=True)
class Cargo:
    """A file to send.

    `is_virtual`: host and device live on the model's clock, in one process; otherwise the host
    opens a real pty, in real time. `timeout_s` is the one in AT+QFUPL: after that much silence the
    device gives up.
    """

    payload: Payload
    name: str
    title: str
    content: str
    is_virtual: bool
    timeout_s: int

    def data(self) -> bytes:
        """The file's bytes."""
        return payload_bytes(self.payload)

    def patience_s(self, way: Way) -> int:
        """The time-out that `way` asks for."""
        return self.timeout_s if way.loses else self.timeout_s * _SPARE_PATIENCE

    @property
    def is_checked(self) -> bool:
        """The broker's own certificate is checked by it."""
        return self.payload == "certificate"

    def is_timed(self, way: Way) -> bool:
        """It is played in virtual time: it takes long, or this machine's clock would count."""
        return self.is_virtual or way.gap_ms > 0

    def scenario(self, way: Way) -> Scenario:
        """The device that `way` meets; the host's flow control is what its port settings say."""
        return make_scenario(scenario=SCENARIO, interface=way.interface, flow="auto")


WAYS = (
    Way("usb", "PC over USB", "USB has a brake of its own: a busy module makes the PC wait",
        interface="usb"),
    Way("naive", "microcontroller", "waits for CONNECT, then sends everything without a pause",
        loses=True),
    Way("rtscts", "same, RTS/CTS", "two more wires: the module says stop, and the sender stops",
        rtscts=True),
    Way("ack", "same, ACK mode", 'waits for the module\'s "A" after every 1024 bytes',
        ack=True),
    Way("paced", "same, pauses", "sends 256 bytes, then nothing for 80 ms, and so on",
        chunk_bytes=256, gap_ms=80),
)  # fmt: skip

# A certificate is over in a quarter of a second, and is played as one's own host program would be.
# The bundle takes 20 s of line alone, and its times are the module's: no real clock is needed.
CARGOES = (
    Cargo("certificate", "UFS:ca.pem", "certificate", CERTIFICATE_LABEL,
        is_virtual=False, timeout_s=3),
    Cargo("bundle", "UFS:bundle.pem", "CA bundle", "all certificates of certifi",
        is_virtual=True, timeout_s=60),
)  # fmt: skip
