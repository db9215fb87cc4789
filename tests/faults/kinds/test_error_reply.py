"""A command answers with an error and does nothing."""

import pytest

from quecsim.faults import ErrorReply, Fault
from tests.device.bench import OK, Bench, cme
from tests.faults.bench import fired


@pytest.mark.parametrize(
    ("fault", "lines", "replies"),
    [
        (ErrorReply(command="+CSQ"), ["AT+CSQ", "AT+CSQ=?"], [b"\r\nERROR\r\n", None]),
        (
            ErrorReply(command="+QFLST", reply="+CME ERROR: 409", call=2, times=1),
            ["AT+QFLST", "AT+QFLST", "AT+QFLST"],
            [OK, cme(409), OK],
        ),
        (ErrorReply(command="+CPIN?", reply="+CME ERROR: 10"), ["AT+CPIN?"], [cme(10)]),
        (ErrorReply(command="&W"), ["ATE1&W"], [b"\r\nERROR\r\n"]),
    ],
)
def test_a_command_is_refused(fault: Fault, lines: list[str], replies: list[bytes | None]) -> None:
    bench = Bench(faults=[fault])
    bench.ask("AT+CMEE=1")
    for line, reply in zip(lines, replies, strict=True):
        heard = bench.ask(line)
        assert heard == reply or (reply is None and heard.endswith(OK))
    assert fired(bench) == [(0, "error_reply")]
