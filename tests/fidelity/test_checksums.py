"""The checksums that real modules printed, on every command that prints one."""

import pytest

from quecsim.commands.catalogue import catalogue
from quecsim.profiles.loader import load_profile, profile_names
from tests.fidelity.dialogue import Dialogue
from tests.fidelity.runner import play
from tests.test_checksum import AMAZON, ISRG

CRLF_THIRDS = b"".join(line + b"\r\n" for line in AMAZON.splitlines()[::3])

# Printed by: EC25 and M66/M95; a host's log of the same file without its last LF; BG95; EG800K.
VECTORS = [
    pytest.param(AMAZON, "1188,2d13", id="Amazon Root CA 1"),
    pytest.param(AMAZON[:-1], "1187,2d19", id="without the last LF"),
    pytest.param(AMAZON.replace(b"\n", b"\r\n"), "1208,5769", id="with CR LF"),
    pytest.param(ISRG, "1939,4f64", id="ISRG Root X1"),
    # A BG95 again, whose uploads lost lines on the way: one in three came, or only the first.
    pytest.param(CRLF_THIRDS, "389,41e", id="one line in three"),
    pytest.param(AMAZON.split(b"\n")[0] + b"\r", "28,6c53", id="the first line and CR"),
    pytest.param(AMAZON.split(b"\n")[0] + b"\r\n", "29,6653", id="the first line and CR LF"),
    # Out of the rule itself.
    pytest.param(AMAZON[:1024], "1024,2e3c", id="the first 1024 bytes"),
    pytest.param(b"A", "1,4100", id="A"),
    pytest.param(b"ABC", "3,242", id="ABC"),
    pytest.param(b"\x01\x02\x01\x02", "4,0", id="two equal words"),
]
FILE_DEVICES = [
    "ec200u", "ec200t", "uc200t", "ec200s", "eg912y", "m95",
    "ec25", "eg25g", "bg95", "bg96", "eg915u", "ec600u", "ec600n",
]  # fmt: skip
SECURE_DEVICES = ["m95"]

UPLOAD = """
AT+QFUPL="{name}",{size}
CONNECT
{{file}}
+QFUPL: {printed}
OK
"""

SECURE = """
AT+QSECWRITE="{name}",{size}
CONNECT
{{file}}
+QSECWRITE: {printed}
OK
AT+QSECREAD="{name}"
+QSECREAD: 1,{checksum}
OK
AT+QSECDEL="{name}"
OK
"""


def dialogue(text: str, name: str, data: bytes, printed: str) -> Dialogue:
    filled = text.format(
        name=name, size=len(data), printed=printed, checksum=printed.partition(",")[2]
    )
    return Dialogue("checksum", filled, payloads={"file": data})


@pytest.mark.parametrize("device", FILE_DEVICES)
@pytest.mark.parametrize(("data", "printed"), VECTORS)
def test_qfupl_and_qfdwl(device: str, data: bytes, printed: str) -> None:
    stage = play(dialogue(UPLOAD, "ca.pem", data, printed), device)
    got = stage.ask('AT+QFDWL="ca.pem"')
    assert got == b"\r\nCONNECT\r\n" + data + f"\r\n+QFDWL: {printed}\r\n\r\nOK\r\n".encode()


@pytest.mark.parametrize("device", SECURE_DEVICES)
@pytest.mark.parametrize("name", ["RAM:ca_cert.pem", "NVRAM:CA0"])
@pytest.mark.parametrize(("data", "printed"), VECTORS)
def test_qsecwrite_and_qsecread(device: str, name: str, data: bytes, printed: str) -> None:
    play(dialogue(SECURE, name, data, printed), device)


@pytest.mark.parametrize(
    ("command", "devices"), [("+QFUPL", FILE_DEVICES), ("+QSECWRITE", SECURE_DEVICES)]
)
def test_no_device_with_the_command_is_left_out(command: str, devices: list[str]) -> None:
    shipped = [
        name
        for name in profile_names()
        if command in {known.name for known in catalogue(load_profile(name))}
    ]
    assert sorted(shipped) == sorted(devices)
