"""Every command of a socket in every state of it: what it answers, and what AT+QIGETERROR says."""

import pytest

from quecsim.border import Why
from quecsim.faults.kinds.connect_silence import ConnectSilence
from tests.commands.socket_bench import BOTH, CONNECT, ERROR, OK, SocketBench

STATES = ("initial", "opening", "buffer", "push", "transparent", "listening", "service", "closing")
_NO, _GONE = "refused", "closed"
# The command: what each state answers, in the order above. A word is the cause of an ERROR.
ANSWERS: dict[str, tuple[str, ...]] = {
    "+QISEND=0,1": (_NO, _NO, ">", ">", _NO, _NO, "wrong", _GONE),
    "+QISEND=0": (_NO, _NO, ">", ">", _NO, _NO, "wrong", _GONE),
    "+QISEND=0,0": (_NO, _NO, OK, OK, OK, OK, OK, OK),
    '+QISEND=0,1,"192.0.2.7",8': (_NO, _NO, "wrong", "wrong", _NO, _NO, ">", _GONE),
    "+QIRD=0": (_NO, _NO, OK, _NO, _NO, _NO, OK, OK),
    "+QIRD=0,0": (_NO, _NO, OK, OK, OK, OK, OK, OK),
    "+QISWTMD=0,0": (_NO, _NO, OK, OK, OK, _NO, _NO, _GONE),
    "+QISWTMD=0,1": (_NO, _NO, OK, OK, OK, _NO, _NO, _GONE),
    "+QISWTMD=0,2": (_NO, _NO, CONNECT, CONNECT, CONNECT, _NO, _NO, _GONE),
    "+QIACCEPT=0,1": (_NO,) * 8,
    "+QIACCEPT=0,0": (_NO,) * 8,
    "+QICLOSE=0": (OK,) * 8,
    "O": ("NO CARRIER", "NO CARRIER", "NO CARRIER", "NO CARRIER", CONNECT, *("NO CARRIER",) * 3),
}


def in_state(device: str, state: str) -> SocketBench:
    faults = (ConnectSilence(connection=1),) if state == "opening" else ()
    bench = SocketBench(device, faults)
    if state == "opening":
        assert bench.open(0, "TCP", "echo.example", 7) == OK
    elif state in ("listening", "service"):
        service = "TCP LISTENER" if state == "listening" else "UDP SERVICE"
        bench.open(0, service, "127.0.0.1", 0, 2020)
    elif state != "initial":
        bench.opened(mode={"push": 1, "transparent": 2}.get(state, 0))
        if state == "transparent":
            bench.send("+++")
        if state == "closing":
            bench.rig.end_link(bench.now_ns, max(bench.rig.device.links), Why.FIN)
            bench.rest()
    number = {"initial": "", "opening": "1", "listening": "3", "closing": "4"}.get(state, "2")
    assert bench.state() == number
    return bench


@pytest.mark.parametrize("device", BOTH)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", ANSWERS)
def test_a_command_in_a_state(device: str, state: str, command: str) -> None:
    bench = in_state(device, state)
    answer = ANSWERS[command][STATES.index(state)]
    said = bench.ask(f"AT{command}", 1)
    if answer in bench.codes:
        assert said == ERROR
        assert bench.error() == bench.codes[answer]
    elif answer == ">":
        assert said == bench.prompt
    else:
        assert answer in said
        if answer == OK:
            assert bench.error() == 0


@pytest.mark.parametrize("device", BOTH)
@pytest.mark.parametrize("state", STATES)
def test_opening_in_a_state(device: str, state: str) -> None:
    bench = in_state(device, state)
    said = bench.open(0, "TCP", "echo.example", 7)
    if state == "initial":
        assert "+QIOPEN: 0,0" in said
    else:
        assert said == f"{OK}\r\n+QIOPEN: 0,{bench.codes['used']}\r\n"
    twice = bench.open(0, "TCP", "echo.example", 7, 0, 2)
    assert twice == ERROR
    refused = "refused" if state == "transparent" else "used"
    assert bench.error() == bench.codes[refused]
