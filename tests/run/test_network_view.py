"""How a device stands with its network, as records that go through JSON."""

import msgspec
import pytest

from quecsim.peers.served import Offer, Served
from quecsim.peers.simple import SimpleServer
from quecsim.profiles import load_profile
from quecsim.profiles.loader import profile_names
from quecsim.rig import Rig, RigConfig
from quecsim.run.network_view import (
    BrokerState,
    ClientState,
    LinkState,
    NetworkState,
    PacketContext,
    ServiceState,
    broker_state,
    brokers_of,
    link_states,
    network_state,
    place_text,
)
from quecsim.units import s
from tests.commands.ftp_bench import FtpBench
from tests.peers.bench import NetworkBench


def look(rig: Rig, now_ns: int) -> NetworkState:
    state = network_state(rig.device, None, now_ns)
    assert msgspec.json.decode(msgspec.json.encode(state), type=NetworkState) == state
    return state


@pytest.mark.parametrize("name", profile_names())
def test_every_device_shows_itself(name: str) -> None:
    profile = load_profile(name)
    rig = Rig(profile, RigConfig(clock_s=0))
    rig.start(0)
    state = look(rig, s(90))
    assert state.registration == ("home" if profile.wifi is None else "got ip")
    assert (state.wifi is None) is (profile.wifi is None)
    assert (state.links, state.clients, state.services) == ((), (), ())
    assert (state.clock_s, state.clock[:17]) == (90, "70/01/01,00:01:30")
    assert all(context.address for context in state.contexts if context.is_up)


def test_a_context_is_down_up_used_and_broken() -> None:
    network = NetworkBench()
    network.send('AT+CGDCONT=2,"IP","other"\r')
    first, second = look(network.rig, network.now_ns).contexts
    up = PacketContext(number=1, kind="IP", apn="internet", address="10.0.0.2", is_up=True)
    assert (first, second) == (up, PacketContext(number=2, kind="IP", apn="other"))
    network.send("AT+QIACT=1\r")
    (used, _) = look(network.rig, network.now_ns).contexts
    assert (used.is_up, used.is_used, used.is_broken) == (True, True, False)
    network.send("AT+CGDCONT=1\r")
    network.send("AT+QIACT=2\r")
    network.rig.lose_bearer(network.now_ns)
    *_, broken = look(network.rig, network.now_ns).contexts
    assert (broken.number, broken.is_used, broken.is_broken, broken.address) == (2, False, True, "")


def test_a_link_from_its_beginning_to_its_end() -> None:
    network = NetworkBench()
    began_ns = network.now_ns
    network.rig.host_write(began_ns, b'AT+QMTOPEN=0,"broker.example",1883\r')
    while not network.rig.device.links:
        due_ns = network.rig.deadline_ns()
        assert due_ns is not None
        network.rig.advance(due_ns)
        network.now_ns = due_ns
    (link,) = link_states(network.rig.device)
    assert began_ns < link.since_ns <= network.now_ns
    opening = LinkState(
        number=1,
        owner="MQTT client 0",
        host="broker.example",
        port=1883,
        since_ns=link.since_ns,
        context=1,
    )
    assert link == opening
    assert look(network.rig, network.now_ns).clients == (
        ClientState(name="MQTT client 0", state="opening", host="broker.example", port=1883),
    )
    network.rest()
    (link,) = link_states(network.rig.device)
    assert link == msgspec.structs.replace(opening, is_open=True, peer="192.0.2.10")
    network.send('AT+QMTCONN=0,"dev0"\r')
    (link,) = link_states(network.rig.device)
    assert (link.sent_bytes, link.received_bytes) == (2 + 10 + 2 + len("dev0"), 4)
    network.send("AT+QMTDISC=0\r")
    state = look(network.rig, network.now_ns)
    assert (state.links, state.clients) == ((), (ClientState(name="MQTT client 0", state="idle"),))


def test_the_servers_behind_it_and_who_is_there() -> None:
    network = NetworkBench().connected()
    tcp = Offer(SimpleServer(), "192.0.2.7")
    served = Served({("b.example", 1883): Offer(network.broker, "192.0.2.10"), ("a", 7): tcp})
    state = network_state(network.rig.device, served, network.now_ns, ("a:1=127.0.0.1:2",), ("c",))
    assert state.services == (
        ServiceState(host="a", port=7, kind="tcp", address="192.0.2.7"),
        ServiceState(host="b.example", port=1883, kind="mqtt", address="192.0.2.10"),
    )
    assert (state.routes, state.allowed) == (("a:1=127.0.0.1:2",), ("c",))
    assert brokers_of(served) == {("b.example", 1883): network.broker}
    assert brokers_of(None) == {}
    shown = broker_state("b.example", 1883, network.broker)
    assert [client.client_id for client in shown.clients] == ["dev0"]
    assert [note.text for note in shown.notes] == ["client 'dev0' accepted"]
    assert msgspec.json.decode(msgspec.json.encode(shown), type=BrokerState) == shown


def test_a_place_in_one_word() -> None:
    assert place_text("a.example", 1) == "a.example:1"
    assert place_text("2001:db8::1", 1883) == "[2001:db8::1]:1883"


def test_an_ftp_session() -> None:
    bench = FtpBench().opened()
    [client] = look(bench.rig, bench.now_ns).clients
    assert client == ClientState(name="FTP", state="opened", host="ftp.example", port=21)
    bench.ask("AT+QFTPCLOSE")
    assert look(bench.rig, bench.now_ns).clients == (ClientState(name="FTP", state="closed"),)
