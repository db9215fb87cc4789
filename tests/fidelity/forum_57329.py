"""Quectel forum thread 57329: certificate upload to the EC200U in ACK mode.

The thread prints one procedure, with placeholders for the numbers. They are filled in with a file
whose checksum a real device has printed: Amazon Root CA 1, 1188 bytes, 2d13.
"""

from tests.fidelity.dialogue import Dialogue, Document
from tests.test_checksum import AMAZON

_FLOW_CONTROL = """
AT+IFC=2,2
OK
"""

_ACK_MODE = """
AT+QFUPL="cacert.pem",1188,60,1
CONNECT
{the first 1024 bytes}
A
{the rest}
+QFUPL: 1188,2d13
OK
"""

_WITHOUT_ACK = """
AT+QFUPL="cacert.pem",1188,60
CONNECT
{the first 1024 bytes}
{the rest}
+QFUPL: 1188,2d13
OK
"""

_HALVES = {"the first 1024 bytes": AMAZON[:1024], "the rest": AMAZON[1024:]}

DOCUMENT = Document(
    "Quectel forum thread 57329",
    devices=("ec200u",),
    dialogues=(
        Dialogue("answer, flow control", _FLOW_CONTROL, note="the reply is not printed"),
        Dialogue(
            "answer, ACK mode",
            _FLOW_CONTROL + _ACK_MODE,
            payloads=_HALVES,
            note="printed with <file_size>, <timeout>, <upload_size> and <checksum>",
        ),
        Dialogue("answer, ACK mode without flow control", _ACK_MODE, payloads=_HALVES),
        Dialogue(
            "answer, ACK mode not used",
            _WITHOUT_ACK,
            payloads=_HALVES,
            note="described in words only: the same without the last parameter",
        ),
    ),
)
