"""EC200x&EG912Y Series FOTA Application Note V1.1 (2020-06-10), its dialogues in its order."""

from tests.fidelity.dialogue import Dialogue, Document
from tests.fidelity.fota_v1_0 import PACKAGE, SERVERS, TARGET

_SET_UP = """
AT+QICSGP=2,1,"cmnet","","",1
OK
AT+QFOTA="fota/cid",2
OK
AT+QIACT=2
OK
"""

_CID_NOTE = "AT+QFOTA is a misprint: the key belongs to AT+QCFG (DFOTA guide V1.5); both are taken"

_UPDATE = """
+QIND: "FOTA","START"
+QIND: "FOTA","UPDATING",1
+QIND: "FOTA","UPDATING",2
...
+QIND: "FOTA","UPDATING",100
+QIND: "FOTA","END",0
"""

_DOWNLOADING = """
+QIND: "FOTA","DOWNLOADING",1
+QIND: "FOTA","DOWNLOADING",2
...
+QIND: "FOTA","DOWNLOADING",50
"""

_FTP = f"""
AT+QFOTADL="ftp://test:test@124.74.41.170:21/EC200TCNTCNMAR02A02M16.bin",1,50
OK
+QIND: "FOTA","FTPSTART"
{_DOWNLOADING}
+QIND: "FOTA","FTPEND",0
{_UPDATE}
"""

_HTTP = f"""
AT+QFOTADL="http://www.quectel.com:100/EC200TCNTCNMAR02A02M16.bin",1,50
OK
+QIND: "FOTA","HTTPSTART"
{_DOWNLOADING}
+QIND: "FOTA","HTTPEnd",0
{_UPDATE}
"""

_USB = """
AT+QCFG="USBIFC",2,2
OK
AT+QCFG="USBIFC"
+QCFG: "usbifc",2,2

OK
"""

_UART = """
AT+IFC=2,2
OK
"""

_FILE = f"""
AT+QFOTADL="FILE:4884688",1,50
OK

+QIND: "FOTA","FILESTART"
{{firmware package}}
{_DOWNLOADING}
+QIND: "FOTA","FILEEND",0
{_UPDATE}
<reboot>
"""

_RESTART = "the restart is in the text of 3.2.1, not in the example"
_REBOOT = "<reboot>"

DOCUMENT = Document(
    "EC200x&EG912Y Series FOTA Application Note V1.1",
    devices=("ec200t", "ec200s", "eg912y"),
    dialogues=(
        Dialogue(
            "3.2.1, test command",
            """
            AT+QFOTADL=?
            +QFOTADL: <url>,(0,1),(0,5-100),(0,5-100)
            OK
            """,
            note="printed with (list of supported ...s): the values are those of the same page",
        ),
        Dialogue("3.2.1.1, example, set-up", _SET_UP, note=_CID_NOTE),
        Dialogue(
            "3.2.1.1, example",
            _SET_UP + _FTP + _REBOOT,
            services=SERVERS,
            ends_with_revision=TARGET,
            note=f'the 50th line is printed with a space in " DOWNLOADING": a misprint; {_RESTART}',
        ),
        Dialogue("3.2.1.2, example, set-up", _SET_UP, note=_CID_NOTE),
        Dialogue(
            "3.2.1.2, example",
            _SET_UP + _HTTP + _REBOOT,
            services=SERVERS,
            quirks={"fota_http_end": "HTTPEnd"},
            ends_with_revision=TARGET,
            note=f"printed with HTTPEnd, which is HTTPEND everywhere else; {_RESTART}",
        ),
        Dialogue(
            "3.2.1.3, steps with the main UART",
            _UART + _FILE,
            payloads=PACKAGE,
            ends_with_revision=TARGET,
            note="the replies are those of the example below; that of AT+IFC is not printed",
        ),
        Dialogue(
            "3.2.1.3, step 2 with the USB port",
            """
            AT+QCFG="usbifc",2,2
            OK
            """,
            port="usb",
            note="the reply is that of the example below",
        ),
        Dialogue(
            "3.2.1.3, example",
            _USB + _FILE,
            payloads=PACKAGE,
            port="usb",
            ends_with_revision=TARGET,
            note=_RESTART,
        ),
        Dialogue(
            "3.2.1.4, protocol-download file mode",
            """
            AT+QFOTADL="FILE:4884688",2
            010003
            """,
            devices=("ec200t",),
            note="printed with <length> and <n>; the reply has no OK, and nothing follows it",
        ),
        Dialogue(
            "3.2.1.4, on the other devices",
            """
            AT+QFOTADL="FILE:4884688",2
            ERROR
            """,
            devices=("ec200s", "eg912y"),
            note="only supported by EC200T series modules, says the note of the page",
        ),
    ),
)
