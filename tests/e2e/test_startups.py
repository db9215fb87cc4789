"""Whole start-ups of the kinds of hosts there are, in virtual time, up to their upload.

What they send, in their order and spelling, and what they need of the answer. At the end each of
them uploads a certificate, and it is stored byte for byte.
"""

import re

import pytest
import serial

import quecsim
from quecsim.commands.catalogue import load_device
from quecsim.scenario.payload import payload_bytes

CERTIFICATE = payload_bytes("certificate")
OK, ERROR = "OK", "ERROR"
# One that nobody has, and so ERROR; some hosts try several, and take each for "not that maker's".
Step = str | tuple[str, str]  # a command that is OK, or one and a pattern of its whole answer

TERMINAL_PROGRAM: list[Step] = [
    "~^M~AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0",
    "AT",
    ("ATI", "Quectel\r\n<model>\r\nRevision: .*OK"),
    ("AT&V", r"E: 1\r\n.*\+CMGF: 0\r\n.*OK"),
    "ATH0",
    "ATZ",
]

PHONE_TOOL: list[Step] = [
    "AT",
    "ATE1",
    ("AT+MODE=2", ERROR),
    "AT+CMEE=1",
    ("AT+CSCS=?", r'\+CSCS: \("GSM","IRA","UCS2"\)\r\n\r\nOK'),
    'AT+CSCS="UCS2"',
    ("AT+CSCS?", r'\+CSCS: "UCS2"\r\n\r\nOK'),
    ("AT+CGMI", "Quectel\r\n\r\nOK"),
    ("AT+CGMM", "<model>\r\n\r\nOK"),
    ("AT+CPROT=?", ERROR),
    ("AT+SYNCML=?", ERROR),
    ("AT$TSSPCSW=?", ERROR),
    ("AT+CHUP=?", ERROR),
    ("AT+CGMR", "<revision>\r\n\r\nOK"),
    ("AT+CGSN", r"\d{15}\r\n\r\nOK"),
    ("AT+CIMI", r"\d{15}\r\n\r\nOK"),
    ("AT+CSQ", r"\+CSQ: \d+,\d+\r\n\r\nOK"),
    ("AT+CBC", r"\+CBC: 0,\d+,\d+\r\n\r\nOK"),
    "AT+CREG=2",
    ("AT+CREG?", r'\+CREG: 2,1,"0001","0000001",<act>\r\n\r\nOK'),
    "AT+COPS=3,2",
    ("AT+COPS?", r'\+COPS: 0,2,"00101",<act>\r\n\r\nOK'),
    ("AT+CMGF=?", r"\+CMGF: \(0,1\)\r\n\r\nOK"),
    "AT+CMGF=0",
    ("AT+CPMS=?", r'\+CPMS: \("ME","SM"\),\("ME","SM"\),\("ME","SM"\)\r\n\r\nOK'),
    ('AT+CPMS="SM","SM"', r"\+CPMS: 0,50,0,50,0,255\r\n\r\nOK"),
    ("AT+CSCA?", r'\+CSCA: "(00[0-9A-F]{2})+",145\r\n\r\nOK'),
    "AT+CMGL=4",
    ("AT+CMGR=1", r"\+CMS ERROR: 321"),
    ("AT+CNMI=?", r"\+CNMI: \(0-2\),.*OK"),
    "AT+CNMI=2,1,0,0,0",
    ("AT+CUSD=?", r"\+CUSD: \(0-2\)\r\n\r\nOK"),
    ("AT+CCLK?", r'\+CCLK: "26/11/29,00:0\d:\d\d\+00"\r\n\r\nOK'),
    ("AT+CMGS=20", "> $"),
    ("0001000B914477009010100000080068006F006C00610021\x1b", OK),
    'AT+CSCS="GSM"',
]

MESSAGE_DAEMON: list[Step] = [
    "AT",
    "ATE0",
    "AT+CMEE=1;+CREG=2",
    ("AT+CPIN?", r"\+CPIN: READY\r\n\r\nOK"),
    ('AT+CPMS="SM"', r"\+CPMS: 0,50,.*OK"),
    ("AT+CSQ", r"\+CSQ: 24,99\r\n\r\nOK"),
    ("AT+CREG?", r"\+CREG: 2,1,.*OK"),
    ("AT+CIMI", r"\d{15}\r\n\r\nOK"),
    "AT+CMGF=0",
    ("AT+CPMS?", r'\+CPMS: "SM",0,50,.*OK'),
    ("AT+CMGS=22", "> $"),
    ("0011000C814477009010000008A708004800650079\x1a", r"\+CMS ERROR: 304"),
    ("AT+CMGS=19", "> $"),
    ("0011000C91447700901000000008A70400480065\x1a", r"\+CMGS: 1\r\n\r\nOK"),
    "AT+CMGD=1",
]

MODEM_MANAGER: list[Step] = [
    "AT",
    "ATE0",
    "ATV1",
    "AT+CMEE=1",
    "ATX4",
    "AT&C1",
    ("AT+IFC=1,1", r"\+CME ERROR: 50"),
    ("AT+GCAP", r"\+GCAP: \+CGSM\r\n\r\nOK"),
    ("ATI", "Quectel.*OK"),
    ("AT+CGMI", "Quectel\r\n\r\nOK"),
    ("AT+CPIN?", r"\+CPIN: READY\r\n\r\nOK"),
    ("AT+QSIMSTAT?", r"\+QSIMSTAT: 0,1\r\n\r\nOK"),
    "AT+QSIMSTAT=1",
    ("AT+WS46=?", r"\+WS46: \(12,[0-9,]*28[0-9,]*\)\r\n\r\nOK"),
    ("AT+CSCS=?", r"\+CSCS: .*OK"),
    'AT+CSCS="UCS2"',
    ("AT+CTZU=?", r"\+CTZU: \(0,1,3\)\r\n\r\nOK"),
    "AT+CTZU=3;+CTZR=1",
    ("AT+CCLK?", r'\+CCLK: ".*"\r\n\r\nOK'),
    ("AT+CLCK=?", r'\+CLCK: \("SC",.*\)\r\n\r\nOK'),
    ('AT+CLCK="SC",2', r"\+CLCK: 0\r\n\r\nOK"),
    ('AT+CSIM=10,"0020000100"', r'\+CSIM: 4,"63C3"\r\n\r\nOK'),
    ('AT+CSIM=10,"002C000100"', r'\+CSIM: 4,"63CA"\r\n\r\nOK'),
    ("AT+CRSM=176,12258,0,0,10", r'\+CRSM: 144,0,"[0-9A-F]{20}"\r\n\r\nOK'),
    ("AT+CRSM=176,28589,0,0,4", r'\+CRSM: 144,0,"00000002"\r\n\r\nOK'),
    ("AT+CRSM=176,28486,0,0,17", r'\+CRSM: 144,0,"01[0-9A-F]{32}"\r\n\r\nOK'),
    ("AT+CNUM", r"\+CNUM: .*,145\r\n\r\nOK"),
    ("AT+CPMS=?", r"\+CPMS: .*OK"),
    ("AT+CMGF=?", r"\+CMGF: \(0,1\)\r\n\r\nOK"),
    ("AT+CMER=?", r"\+CMER: .*OK"),
    ("AT+CIND=?", r"\+CIND: .*OK"),
    ("AT+CIND?", r"\+CIND: 4,3,1,0,0,0\r\n\r\nOK"),
    "AT+CGEREP=2",
    "AT+CREG=2",
    "AT+CGREG=2",
    "AT+CEREG=2",
    "AT+CMER=3,0,0,1",
    "AT+CRC=1;+CLIP=1;+CCWA=1",
    ("AT+CGDCONT=?", r'(\+CGDCONT: \(1-<contexts>\),"IP\w*",,,\(0-2\),\(0-3\)\r\n){3}\r\nOK'),
    ("AT+CGDCONT?", r'\+CGDCONT: 1,"IP","internet","0.0.0.0",0,0\r\n\r\nOK'),
    ("AT+CESQ=?", r"\+CESQ: .*OK"),
    ("AT+CESQ", r"\+CESQ: 99,99,255,255,20,55\r\n\r\nOK"),
    ("AT+CEMODE?", r"\+CEMODE: \d\r\n\r\nOK"),
    ("AT+CFUN?", r"\+CFUN: 1\r\n\r\nOK"),
    'AT+CGDCONT=1,"IP","internet"',
    ("AT+CGACT?", r"\+CGACT: 1,1\r\n\r\nOK"),
    ("AT+CGCONTRDP=1", r'\+CGCONTRDP: 1,5,"internet","10.0.0.2".*OK'),
    ("AT+QNWINFO", r'\+QNWINFO: "<LTE>".*OK'),
    ('AT+QCFG="nwscanmode"', r'\+QCFG: "nwscanmode",0\r\n\r\nOK'),
    ("AT^SYSINFO", ERROR),
    ("AT*CNTI=0", ERROR),
    ("AT_OHWV", ERROR),
    ("AT+UUSBCONF?", ERROR),
    'AT+CSCS="GSM"',
]

PYTHON_LIBRARY: list[Step] = [
    "ATZ",
    "ATE0",
    ("AT+CFUN?", r"\+CFUN: 1\r\n\r\nOK"),
    "AT+CMEE=1",
    ("AT+CPIN?", r"\+CPIN: READY\r\n\r\nOK"),
    ("AT+CLAC", ERROR),
    ("AT+WIND?", ERROR),
    ("AT^CVOICE=?", ERROR),
    ("AT+ZPAS?", ERROR),
    ("AT+VTS=?", ERROR),
    "AT+COPS=3,0",
    "AT+CMGF=1",
    'AT+CSCS="IRA"',
    "AT+CSMP=49,167,0,0",
    ("AT+CSCA?", r'\+CSCA: "\+\d+",145\r\n\r\nOK'),
    ("AT+CPMS=?", r"\+CPMS: .*OK"),
    ('AT+CPMS="ME","ME","ME"', r"\+CPMS: 0,255,0,255,0,255\r\n\r\nOK"),
    "AT+CNMI=2,1,0,2",
    "AT+CLIP=1",
    "AT+CRC=1",
    'AT+CMGL="ALL"',
    ('AT+CMGS="+447700900001"', "> $"),
    ("Good day\x1a", r"\+CMGS: 1\r\n\r\nOK"),
    "AT+CUSD=1",
]

NODE_LIBRARY: list[Step] = [
    "AT",
    "ATZ",
    "ATE1",
    "AT+CMGF=0",
    "AT+CNMI=2,1,0,2,1",
    ("AT+CNUM", r'\+CNUM: ,"\+447700900123",145\r\n\r\nOK'),
    ("AT+CGSN", r"\d{15}\r\n\r\nOK"),
    ("AT+CPMS?", r'\+CPMS: "ME",0,255,.*OK'),
    "AT+CMGD=1,4",
    ("AT+CREG?", r"\+CREG: 0,1\r\n\r\nOK"),
]

DIAL_SCRIPT: list[Step] = [
    "ATZ",
    "ATQ0 V1 E1 S0=0 &C1 &D2 +FCLASS=0",
    "ATM0L0",
    'AT+CGDCONT=1,"IP","my.apn"',
    ("AT+CGATT?", r"\+CGATT: 1\r\n\r\nOK"),
    ("ATO", "NO CARRIER"),
    "ATH",
]

# The ways to begin of the libraries that upload: for microcontrollers, Arduino, Linux boards.
UPLOADER: list[Step] = [
    "AT",
    "ATE0",
    ("ATI", "Quectel.*OK"),
    "AT+CMEE=2",
    ("at+csq", r"\+CSQ: 24,99\r\n\r\nOK"),
    ("AT+CPIN?;+CREG?;+CGREG?;+CEREG?", r".*\+CEREG: 0,1\r\n\r\nOK"),
    "AT+CTZU=1",
    "AT+CTZR=0",
    "AT+IFC=0,0",
    "AT&D0",
    ("AT+QGMR", "<revision>.*OK"),
    ("AT+QCCID", r"\+QCCID: \d+\r\n\r\nOK"),
    ("AT+CCID", r"\+CCID: \d+\r\n\r\nOK"),
    ("AT+QNWINFO", r"\+QNWINFO: .*OK"),
    ("AT+QCSQ", r'\+QCSQ: "(LTE|<LTE>)",-65,-86,(15|175),-10\r\n\r\nOK'),
    ("AT+CGPADDR=1", r'\+CGPADDR: 1,"10.0.0.2"\r\n\r\nOK'),
    ("AT+CPSMS?", r"\+CPSMS: 0,,,,\r\n\r\nOK"),
    'AT+QCFG="nwscanmode",0,1',
    ("AT+CLCC", OK),
    ("AT+CPAS", r"\+CPAS: 0\r\n\r\nOK"),
    ('AT+QFDEL="UFS:ca.pem"', r"\+CME ERROR: .+"),
]

HOSTS = {
    "terminal program": TERMINAL_PROGRAM,
    "phone tool": PHONE_TOOL,
    "message daemon": MESSAGE_DAEMON,
    "modem manager": MODEM_MANAGER,
    "Python library": PYTHON_LIBRARY,
    "Node.js library": NODE_LIBRARY,
    "dial script": DIAL_SCRIPT,
    "uploader": UPLOADER,
}


def words_of(device: str) -> dict[str, str]:
    """What stands in the answers of the hosts for `<model>` and the like."""
    profile = load_device(device)
    assert profile.radio is not None
    assert profile.tcpip is not None
    return {
        "model": profile.identity.model,
        "revision": profile.identity.revision,
        "act": str(profile.radio.access_technology),
        "LTE": profile.radio.lte_words[1],
        "contexts": str(profile.tcpip.contexts),
    }


def talk(port: serial.Serial, steps: list[Step], end: str, words: dict[str, str]) -> None:
    """Send each command as the host does, and look at its answer."""
    for step in steps:
        command, wanted = (step, OK) if isinstance(step, str) else step
        for name, word in words.items():
            wanted = wanted.replace(f"<{name}>", re.escape(word))
        typed = command.encode("latin-1")
        is_data = typed[-1:] in (b"\x1a", b"\x1b")
        port.write(typed if is_data else typed + end.encode())
        answer = reply(port).replace(typed.rstrip(b"\x1a\x1b"), b"", 1)
        text = answer.decode().strip("\r\n")
        assert re.fullmatch(wanted, text, re.DOTALL), (command, answer)


def reply(port: serial.Serial) -> bytes:
    """All that comes until the device is silent: hosts differ in how they know the end."""
    port.timeout = 2.5
    answer: bytes = port.read(1)
    port.timeout = 0.5
    while piece := port.read(256):
        answer += piece
    return answer


ENDED_BY_CR_LF = ("Node.js library", "uploader")


@pytest.mark.parametrize(
    ("device", "host", "end"),
    [
        *((device, host, "\r") for device in ("ec200u", "ec25", "bg95") for host in HOSTS),
        *(("ec200u", host, "\r\n") for host in ENDED_BY_CR_LF),
    ],
)
def test_a_host_comes_to_its_upload(device: str, host: str, end: str) -> None:
    with quecsim.open_virtual(device) as module:
        with serial.serial_for_url(module.url, baudrate=115_200) as port:
            talk(port, HOSTS[host], end, words_of(device))
            port.write(f'AT+QFUPL="UFS:ca.pem",{len(CERTIFICATE)},60{end}'.encode())
            assert reply(port).endswith(b"\r\nCONNECT\r\n")
            port.write(CERTIFICATE)
            assert b"+QFUPL: 1188,380d\r\n\r\nOK\r\n" in reply(port)
        assert module.read_file("ca.pem") == CERTIFICATE
        report = module.report()
    assert [upload.verdict for upload in report.uploads] == ["intact"]
    assert report.mistaken_bytes == (len("~^M~") if host == "terminal program" else 0)
