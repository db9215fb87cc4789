"""The captures in examples/captures, made again: one session in which the line swallows a byte.

`python -m tests.captures.example_files` writes those that follow from the session. The logs of
terminals, of spy:// and of strace are these programs' own, of other sessions.
"""

import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from quecsim.render.files.vcd import write_vcd
from quecsim.rig import Rig
from quecsim.run.recorded import recorded
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.units import ms, s
from tests.captures.samples import interceptty, logic_1, saleae
from tests.captures.usb_files import LINUX_LONG, Urb, as_pcapng, back, control, out
from tests.captures.wire import Byte, bytes_of

FOLDER = Path(__file__).parents[2] / "examples/captures"
DATA = b"".join(b"sensor%02d = %4d\n" % (number, number * 37) for number in range(10))
SIGROK = "uart:tx=TXD:rx=RXD:baudrate=115200"


def run() -> Rig:
    """A host uploads a table of ten lines; one byte is lost on the way."""
    fault = {"kind": "drop_bytes", "at_byte": 100}
    scenario = make_scenario("ec200u", faults=[fault])
    rig = Rig(scenario.profile(), rig_config(scenario))
    rig.start()
    upload = f'AT+QFUPL="sensors.txt",{len(DATA)},2\r'.encode()
    for at_ns, data in ((ms(100), b"ATI\r"), (ms(300), upload), (ms(400), DATA)):
        rig.advance(at_ns)
        rig.host_write(at_ns, data)
    rig.advance(s(4))
    rig.host_write(s(4), b"AT+QFLST\r")
    rig.advance(s(5))
    rig.finish(s(5))
    return rig


def files() -> dict[str, bytes]:
    """By name, all that need no other program."""
    events = run().take_events()
    bytes_ = bytes_of(events)
    return {
        "saleae.csv": saleae(bytes_, {"host": "MCU TX", "device": "MCU RX"}).encode(),
        "wire-host.csv": logic_1(bytes_, "host").encode(),
        "wire-device.csv": logic_1(bytes_, "device").encode(),
        "interceptty.log": interceptty(bytes_).encode(),
        "usbmon.pcapng": as_pcapng(urbs(bytes_), LINUX_LONG),
    }


def urbs(bytes_: list[Byte]) -> list[Urb]:
    """Over a CDC-ACM adapter: what is said in one go is one transfer."""
    coding = (115_200).to_bytes(4, "little") + bytes((0, 0, 8))
    made = [control(0, 0x21, 0x20, 0, 0, coding), control(1000, 0x21, 0x22, 3, 0)]
    start_ns, said, data = 0, "", b""
    for at_ns, side, byte in [*bytes_, (1 << 62, "", 0)]:
        if data and (side != said or at_ns - start_ns > ms(1) or len(data) == 64):
            made.append(out(start_ns, data) if said == "host" else back(start_ns, data))
            data = b""
        start_ns, said, data = at_ns, side, data + bytes((byte,))
    return made


def sigrok(folder: Path, program: str) -> bytes:
    """What sigrok-cli reads from the waveforms of the session."""
    stream = BytesIO()
    write_vcd(recorded(run().take_events()), stream)
    vcd = folder / "run.vcd"
    vcd.write_bytes(stream.getvalue())
    return subprocess.run(
        [
            program, "-i", vcd, "-I", "vcd:downsample=500", "-P", SIGROK,
            "-A", "uart=rx-data:tx-data", "--protocol-decoder-jsontrace",
        ],
        capture_output=True, check=True, timeout=300,
    ).stdout  # fmt: skip


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
    with TemporaryDirectory() as place:
        (FOLDER / "sigrok.json").write_bytes(sigrok(Path(place), "sigrok-cli"))
