"""EC200T&UC200T FOTA User Guide V1.0 (2019-06-14), its dialogues in its order."""

from tests.fidelity.dialogue import Dialogue, Document
from tests.fidelity.payloads import PackageOf, package_servers

TARGET = "EC200TCNTCNMAR02A02M16"
PACKAGE = {"firmware package": PackageOf(4_884_688, TARGET)}
SERVERS = package_servers(f"{TARGET}.bin", TARGET)

_FTP = """
AT+QFOTADL="ftp://test:test@124.74.41.170:21/EC200TCNTCNMAR02A02M16.bin"
OK

+QIND: "FOTA","FTPSTART"

+QIND: "FOTA","FTPEND",0

+QIND: "FOTA","START"

+QIND: "FOTA","UPDATING",1
+QIND: "FOTA","UPDATING",2
...
+QIND: "FOTA","UPDATING",100

+QIND: "FOTA","END",0
"""

_HTTP = """
AT+QFOTADL="http://www.quectel.com:100/EC200TCNTCNMAR02A02M16.bin"
OK

+QIND: "FOTA","HTTPSTART"

+QIND: "FOTA","HTTPEND",0

+QIND: "FOTA","START"

+QIND: "FOTA","UPDATING",1
+QIND: "FOTA","UPDATING",2
...
+QIND: "FOTA","UPDATING",100

+QIND: "FOTA","END",0
"""

_USB = """
AT+QCFG="USBIFC",2,2
OK

AT+QCFG="USBIFC"?
+QCFG: "usbifc",2,2
OK
"""

_UART = """
AT+IFC=2,2
OK
"""

_FILE = """
AT+QFOTADL="FILE:4884688"
OK

+QIND: "FOTA","FILESTART"
{firmware package}

+QIND: "FOTA","FILEEND",0

+QIND: "FOTA","START"

+QIND: "FOTA","UPDATING",1
+QIND: "FOTA","UPDATING",2
...
+QIND: "FOTA","UPDATING",100

+QIND: "FOTA","END",0

<reboot>
"""

_STRAY = (
    "printed with a space after some commas: the conversion put it there (it is not everywhere)"
)

_RESTART = "the restart is in the text of chapter 3, not in the example"
_REBOOT = "<reboot>"

DOCUMENT = Document(
    "EC200T&UC200T FOTA User Guide V1.0",
    devices=("uc200t",),
    dialogues=(
        Dialogue(
            "3, test command",
            """
            AT+QFOTADL=?
            OK
            """,
            note="not on the EC200T, which follows the newer note of the two that cover it",
        ),
        Dialogue(
            "3.1, example",
            _FTP + _REBOOT,
            services=SERVERS,
            ends_with_revision=TARGET,
            note=f"{_STRAY}; {_RESTART}",
        ),
        Dialogue(
            "3.2, example",
            _HTTP + _REBOOT,
            services=SERVERS,
            ends_with_revision=TARGET,
            note=f"{_STRAY}; {_RESTART}",
        ),
        Dialogue(
            "3.3, steps with a physical UART",
            _UART + _FILE,
            devices=("uc200t", "ec200t"),
            payloads=PACKAGE,
            ends_with_revision=TARGET,
            note="the replies are those of the example below; that of AT+IFC is not printed",
        ),
        Dialogue(
            "3.3, step 2 with the USB port",
            """
            AT+QCFG="usbifc",2,2
            OK
            """,
            devices=("uc200t", "ec200t"),
            port="usb",
            note="the reply is that of the example below",
        ),
        Dialogue(
            "3.3, example",
            _USB + _FILE,
            devices=("uc200t", "ec200t"),
            payloads=PACKAGE,
            port="usb",
            ends_with_revision=TARGET,
            note=f"{_STRAY}; {_RESTART}",
        ),
    ),
)
