"""Nobody listens."""

from quecsim.faults import ConnectRefused
from quecsim.trace.event import LinkFailed
from tests.faults.network import OPEN, heard, struck
from tests.peers.bench import NetworkBench


def test_the_second_and_third_connection_are_refused() -> None:
    bench = NetworkBench(faults=[ConnectRefused(connection=2, times=2)])
    codes = []
    for client in range(4):
        line = OPEN.replace("=0", f"={client}")
        codes += [text.partition(",")[2] for text in heard(bench, line, 5)[1:]]
    assert codes == ["0", "5", "5", "0"]
    why = [event.why for event in bench.events if isinstance(event, LinkFailed)]
    assert why == ["refused", "refused"]
    assert struck(bench) == ["broker.example:1883: refused"] * 2
    assert bench.rig.fault_points()["connection"] == 4
