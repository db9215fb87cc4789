"""The control socket over real sockets: answers, bounds, and clients that misbehave."""

import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.live.control import place, server
from quecsim.trace.event import RingLevel
from tests.live.control.bench import PATIENCE_S, Bench, Client

pytestmark = pytest.mark.pty


def test_who_is_it(bench: Bench, client: Client) -> None:
    reply = client.ask("hello", id=7)
    assert (reply["v"], reply["id"], reply["ok"]) == (1, 7, True)
    found = reply["result"]
    assert (found["device"], found["port"]) == ("ec200u", bench.simulator.path)
    assert found["power"] == "on"


def test_files_and_their_content(client: Client) -> None:
    assert client.ask("files")["result"] == {"UFS:ca.pem": 11}
    data = client.ask("read", name="UFS:ca.pem")["result"]["data"]
    assert base64.b64decode(data) == b"certificate"
    failure = client.ask("read", name="x")["error"]
    assert failure["code"] == "no_file"
    assert "there is no file x" in failure["message"]


def test_counters_and_report(bench: Bench, client: Client) -> None:
    bench.say(b"AT\r")
    counters = client.ask("counters")["result"]
    assert (counters["sent"], counters["eaten"]) == (3, 3)
    report = client.ask("report")["result"]
    assert report["counters"]["sent"] == 3
    assert not report["is_ended"]


def test_power(client: Client) -> None:
    assert client.ask("power")["result"] == {"power": "on"}
    assert client.ask("power", to="off")["result"] == {"power": "off"}
    assert client.ask("power", to="off")["result"] == {"power": "off"}
    assert client.ask("power", to="on")["result"]["power"] in ("booting", "on")
    assert client.ask("wait", event="Power", fields={"state": "on"}, since=4)["ok"]
    assert client.ask("power", to="cycle")["result"]["power"] in ("booting", "on")
    assert client.ask("restore")["result"]["power"] in ("booting", "on")


def test_a_fault_from_now_on(bench: Bench, client: Client) -> None:
    fault = {"kind": "error_reply", "command": "+QFLDS", "reply": "+CME ERROR: 409"}
    assert client.ask("inject", fault=fault)["result"] == {"index": 0}
    bench.say(b"AT+CMEE=1\r")
    bench.say(b"AT+QFLDS\r")
    fired = client.ask("wait", event="FaultFired", fields={"index": 0}, since=0)["result"]
    assert fired["kind"] == "error_reply"
    answer = client.ask("wait", event="Result", fields={"line": "AT+QFLDS"}, since=0)["result"]
    assert answer["text"] == "+CME ERROR: 409"
    (told,) = client.ask("faults")["result"]
    assert (told["index"], told["kind"], told["fired"]) == (0, "error_reply", 1)


def test_an_injected_power_cut_needs_no_host(client: Client) -> None:
    client.send({"do": "wait", "event": "Power", "fields": {"state": "off"}})
    client.send({"do": "inject", "fault": {"kind": "power_cut", "at_ms": 0}})
    results = [reply["result"] for reply in client.replies(2)]
    assert {result.get("state") for result in results} == {"off", None}
    assert client.ask("power")["result"] == {"power": "off"}


def test_a_wait_ends_with_the_first_such_event(bench: Bench, client: Client) -> None:
    other = Client(bench)
    client.send({"do": "wait", "id": "w", "event": "CommandLine", "fields": {"text": "ATI*"}})
    bench.say(b"AT\r")
    assert other.ask("counters")["ok"]
    assert client.look()
    assert client.input == b""
    bench.say(b"ATI0\r")
    reply = client.replies()[0]
    assert reply["id"] == "w"
    assert (reply["result"]["type"], reply["result"]["text"]) == ("CommandLine", "I0")
    number = reply["result"]["event_number"]
    assert client.ask("wait", event="CommandLine", since=number)["result"] == reply["result"]
    assert client.ask("wait", event="Result", since=number + 1)["result"]["line"] == "I0"
    client.send({"do": "wait", "event": "CommandLine", "since": number + 1})
    bench.say(b"AT\r")
    assert client.replies()[0]["result"]["event_number"] > number


def test_an_action_and_what_comes_of_it_are_seen_without_the_host(client: Client) -> None:
    client.send({"do": "wait", "event": "Power", "fields": {"state": "off"}})
    client.send({"do": "power", "to": "off"})
    kinds = {str(reply["result"].get("type", "")) for reply in client.replies(2)}
    assert kinds == {"Power", ""}


def test_events_that_were_and_those_that_come(bench: Bench, client: Client) -> None:
    follower = Client(bench)
    follower.send({"do": "events", "follow": True})
    bench.say(b"AT\r")
    client.send({"do": "events"})
    replies = client.replies(bench.simulator.log.next_number + 1)
    *events, last = [reply["result"] for reply in replies]
    assert [reply.get("more", False) for reply in replies] == [True] * len(events) + [False]
    assert [event["event_number"] for event in events] == list(range(len(events)))
    assert (events[0]["type"], last) == ("Start", {"next": len(events)})
    assert [reply["result"] for reply in follower.replies(len(events))] == events
    bench.simulator.finish()
    bench.simulator.close()
    follower.look()
    assert json.loads(follower.input.splitlines()[-1])["result"]["type"] == "End"


def test_a_wait_that_can_not_end_is_told(bench: Bench, client: Client) -> None:
    client.send({"do": "wait", "event": "Lost"})
    assert client.ask("counters")["ok"]
    bench.simulator.close()
    client.look()
    assert json.loads(client.input)["error"]["code"] == "ended"


def test_events_that_are_not_kept_are_counted(bench: Bench, client: Client) -> None:
    bench.simulator.log.feed(RingLevel(n, 1) for n in range(60_000))
    client.send({"do": "events", "since": 3})
    first, second = client.replies(2)
    assert first["result"] == {"missed": bench.simulator.log.first_number - 3}
    assert second["result"]["event_number"] == bench.simulator.log.first_number


def test_a_client_that_does_not_read_is_not_kept_in_memory(bench: Bench, client: Client) -> None:
    follower = Client(bench)
    follower.send({"do": "events", "follow": True})
    bench.simulator.log.feed(RingLevel(n, 1) for n in range(40_000))
    for _ in range(400):
        bench.turn()
    held = max(len(session._output) for session in bench.server._sessions)
    assert held < 512 << 10
    follower.look()
    assert follower.input.count(b"\n") < 10_000
    bench.say(b"AT\r")  # the device does not mind
    count = bench.simulator.log.next_number
    events = [reply["result"] for reply in follower.replies(count)]
    assert [event["event_number"] for event in events] == list(range(count))


def test_a_client_that_is_behind_at_the_end_and_reads_gets_all_of_it(bench: Bench) -> None:
    follower = Client(bench)
    follower.send({"do": "events", "follow": True})
    follower.replies(bench.simulator.log.next_number)
    bench.simulator.log.feed(RingLevel(n, 1) for n in range(20_000))
    follower.socket.setblocking(True)
    with ThreadPoolExecutor(1) as reader:
        rest = reader.submit(follower.socket.makefile("rb").readlines)
        bench.simulator.close()
        assert len(rest.result(PATIENCE_S)) == 20_000


def test_a_client_that_sleeps_at_the_end_holds_it_up_no_longer_than_its_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_PATIENCE_S", 0.0)
    follower = Client(bench)
    follower.send({"do": "events", "follow": True})
    follower.replies(bench.simulator.log.next_number)
    bench.simulator.log.feed(RingLevel(n, 1) for n in range(20_000))
    bench.simulator.close()
    assert follower.look()
    assert 0 < follower.input.count(b"\n") < 20_000


def test_a_client_that_only_asks_is_not_read_from(bench: Bench, client: Client) -> None:
    asked, line = 0, b'{"v":1,"do":"report"}\n'
    for _ in range(100_000):
        bench.turn()
        try:
            asked += client.socket.send(line)
        except BlockingIOError:
            break
    else:
        pytest.fail("it was read from for ever")
    held = max(len(session._output) for session in bench.server._sessions)
    assert held < 512 << 10
    assert all(reply["ok"] for reply in client.replies(asked // len(line)))


def test_a_client_that_leaves_in_the_middle(bench: Bench) -> None:
    for request in (b'{"v":1,"do":"ev', b'{"v":1,"do":"events","follow":true}\n',
                    b'{"v":1,"do":"wait","event":"Lost"}\n', b""):  # fmt: skip
        client = Client(bench)
        client.send(request)
        bench.turn()
        client.socket.close()
        for _ in range(5):
            bench.turn()
    bench.say(b"AT\r")
    assert not bench.server._sessions


def test_the_last_line_needs_no_end(bench: Bench, client: Client) -> None:
    client.send(b'{"v":1,"do":"files"}')
    client.socket.shutdown(1)
    assert client.replies()[0]["ok"]
    assert client.is_hung_up()


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        (b"hello\n", "bad_request", "no request"),
        (b'{"do":"files"}\n', "version", "version 1"),
        (b'{"v":2,"do":"files"}\n', "version", "version 1"),
        (b'{"v":1,"do":"reboot"}\n', "bad_request", "reboot"),
        (b'{"v":1,"do":"read"}\n', "bad_request", "name"),
        (b'{"v":1,"do":"files","x":1}\n', "bad_request", "`x`"),
        (b'{"v":1,"do":"wait","event":"Data"}\n', "refused", "no event 'Data'"),
        (b'{"v":1,"do":"wait","event":"Ack","fields":{"x":1}}\n', "refused", "no field 'x'"),
        (b'{"v":1,"do":"inject","fault":{}}\n', "refused", "''"),
        (
            b'{"v":1,"do":"inject","fault":{"kind":"ack_lost","x":1}}\n',
            "refused",
            'unknown key "x"',
        ),
        (b'{"v":1,"do":"inject","fault":' + b"[" * 60_000 + b"\n", "bad_request", ""),
        (b"\xff\xfe\n", "bad_request", ""),
    ],
)
def test_what_cannot_be_answered(client: Client, request_: bytes, code: str, words: str) -> None:
    client.send(request_)
    failure = client.replies()[0]["error"]
    assert failure["code"] == code
    assert words in failure["message"]
    assert client.ask("counters")["ok"]


def test_a_line_without_end_is_the_end(client: Client) -> None:
    client.send(b"x" * (66 << 10))
    assert client.replies()[0]["error"]["code"] == "bad_request"
    assert client.is_hung_up()


def test_too_many_of_anything(bench: Bench, client: Client) -> None:
    for _ in range(16):
        client.send({"do": "wait", "event": "Lost"})
    assert client.ask("wait", event="Lost")["error"]["code"] == "busy"
    client.send({"do": "events", "since": "now", "follow": True})
    assert client.ask("events")["error"]["code"] == "busy"
    others = [Client(bench) for _ in range(15)]
    assert all(other.ask("counters")["ok"] for other in others)
    assert Client(bench).replies()[0]["error"]["code"] == "busy"
    others.pop().socket.close()
    bench.turn()
    bench.turn()
    assert Client(bench).ask("counters")["ok"]


def test_somebody_else_is_not_let_in(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "is_ours", lambda _client: False)
    assert Client(bench).is_hung_up()


def test_who_is_ours(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(bench)
    assert place.is_ours(client.socket)
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    assert not place.is_ours(client.socket)
    client.socket.close()


def test_only_the_owner_can_open_it_and_it_goes_in_the_end(
    make_bench: Callable[..., Bench], runtime: Path, tmp_path: Path
) -> None:
    bench = make_bench(link=tmp_path / "sock")
    assert bench.server.path == str(tmp_path / "sock")
    socket_ = (tmp_path / "sock").readlink()
    assert stat.S_IMODE(socket_.stat().st_mode) == 0o600
    assert stat.S_ISSOCK(socket_.stat().st_mode)
    assert socket_.parent == runtime / "quecsim"
    assert stat.S_IMODE(socket_.parent.stat().st_mode) == 0o700
    assert Client(bench).ask("hello")["ok"]
    with pytest.raises(QuecsimError, match="is taken"):
        make_bench(link=tmp_path / "sock")
    bench.simulator.close()
    assert list(runtime.rglob("*.sock")) == []
    assert not (tmp_path / "sock").is_symlink()


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([b'{"v":1,', b'"do":', b'"wait"', b'"event":"Ack"}', b"\n", b"{}\n",
                             b'{"v":1,"do":"files"}\n', b'{"v":1,"id":[],"do":1}\n', b"\x00"]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_garbage_does_not_stop_a_simulator(bench: Bench, pieces: list[bytes]) -> None:
    client = Client(bench)
    for piece in pieces:
        client.send(piece)
        bench.turn()
    client.send(b'\n{"v":1,"id":"last","do":"counters"}\n')
    while (reply := client.replies()[0])["id"] != "last":
        assert reply["v"] == 1
    assert reply["ok"]
    client.socket.close()
    bench.turn()
