from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.checksum import checksum, checksum_text
from quecsim.demo.play import BAUD
from quecsim.demo.ways import CARGOES, SCENARIO, WAYS, Cargo, Way
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.units import S, ms, s

CERTIFICATE, BUNDLE = CARGOES
BYTES_PER_S = BAUD // 10


def way(key: str) -> Way:
    return next(each for each in WAYS if each.key == key)


def test_five_ways_of_which_one_loses() -> None:
    assert [each.key for each in WAYS] == ["usb", "naive", "rtscts", "ack", "paced"]
    assert [each.key for each in WAYS if each.loses] == ["naive"]
    assert [(each.key, each.rtscts, each.ack) for each in WAYS if each.rtscts or each.ack] == [
        ("rtscts", True, False),
        ("ack", False, True),
    ]
    assert [each.key for each in WAYS if each.is_cure] == ["rtscts", "ack", "paced"]


def test_the_files_are_real_ones() -> None:
    data = CERTIFICATE.data()
    assert (len(data), checksum_text(checksum(data))) == (1188, "380d")
    assert len(BUNDLE.data()) > 200_000


@pytest.mark.parametrize("each", WAYS)
@pytest.mark.parametrize("cargo", CARGOES)
def test_all_meet_the_same_device_and_differ_in_the_port_alone(each: Way, cargo: Cargo) -> None:
    made = cargo.scenario(each)
    assert made.name == SCENARIO
    assert (made.line.interface, made.line.time_scale) == (each.interface, 1)
    assert made.host.flow == "auto", "the host's own port settings decide"
    assert made.ring == CERTIFICATE.scenario(WAYS[0]).ring
    assert made.stalls == CERTIFICATE.scenario(WAYS[0]).stalls


def test_only_who_loses_waits_for_the_time_out() -> None:
    for each in WAYS:
        for cargo in CARGOES:
            is_longer = cargo.patience_s(each) > cargo.timeout_s
            assert is_longer != each.loses


# The margins that the module's docstring claims.


def test_why_a_burst_overflows() -> None:
    made = CERTIFICATE.scenario(way("naive"))
    (stall,) = made.stalls
    assert made.ring.rx_bytes is not None
    assert stall.every_bytes is not None
    in_a_stall = BYTES_PER_S * stall.stall_ms // 1000
    assert in_a_stall < made.ring.rx_bytes < 2 * in_a_stall - stall.every_bytes


def test_why_rts_is_in_time() -> None:
    made = CERTIFICATE.scenario(way("rtscts"))
    uart = made.profile().uart
    assert (uart.rx_ring_bytes, uart.rts_off_bytes) == (512, 384)
    assert uart.rts_off_bytes + made.line.lag_bytes < uart.rx_ring_bytes


def test_why_pauses_are_long_enough() -> None:
    made, paced = CERTIFICATE.scenario(way("paced")), way("paced")
    (stall,) = made.stalls
    assert paced.chunk_bytes == stall.every_bytes
    assert paced.gap_ms > stall.stall_ms


# What a busy machine can do is to make the host late, anywhere; so play it with any lateness, in
# virtual time.

PIECES = st.lists(st.integers(1, 700), min_size=1, max_size=12)
PAUSES_MS = st.lists(st.integers(0, 120), min_size=1, max_size=12)


class LateHost:
    """Sends a file in pieces, with pauses; in ACK mode it waits for each `A`."""

    def __init__(self, each: Way, flow: str) -> None:
        made = CERTIFICATE.scenario(each)
        config = replace(rig_config(made), host_flow=flow)
        if flow == "rtscts":
            config = replace(config, ifc=(2, 2))
        self.way = each
        self.rig = Rig(made.profile(), config)
        self.rig.start()
        self.now_ns = 0
        self.output = b""

    def pass_time(self, duration_ns: int) -> None:
        self.now_ns += duration_ns
        self.rig.advance(self.now_ns)
        self.output += b"".join(run.data for run in self.rig.take_output())

    def upload(self, data: bytes, pieces: list[int], pauses_ms: list[int]) -> int:
        """How many bytes were lost."""
        ack = ",1" if self.way.ack else ""
        self.rig.host_write(0, f'AT+QFUPL="ca.pem",{len(data)},600{ack}\r'.encode())
        self.pass_time(s(1))
        assert self.output.endswith(b"CONNECT\r\n")
        sent = turn = 0
        while sent < len(data):
            count = min(pieces[turn % len(pieces)], len(data) - sent)
            if self.way.ack:
                count = min(count, 1024 - sent % 1024)
            self.rig.host_write(self.now_ns, data[sent : sent + count])
            sent += count
            is_block = self.way.ack and sent % 1024 == 0
            self.pass_time(S if is_block else ms(pauses_ms[turn % len(pauses_ms)]))
            turn += 1
        self.pass_time(s(20))
        return self.rig.counters()["lost"]


@pytest.mark.parametrize(("key", "flow"), [("usb", "none"), ("rtscts", "rtscts"), ("ack", "none")])
@settings(max_examples=25, deadline=None)
@given(pieces=PIECES, pauses_ms=PAUSES_MS)
def test_lateness_never_costs_a_byte_where_none_may_be_lost(
    key: str, flow: str, pieces: list[int], pauses_ms: list[int]
) -> None:
    host = LateHost(way(key), flow)
    data = BUNDLE.data()[:5000]
    assert host.upload(data, pieces, pauses_ms) == 0
    assert b"+QFUPL: 5000," in host.output


@settings(max_examples=25, deadline=None)
@given(pause_ms=st.integers(0, 500), lead=st.integers(1, 4000))
def test_a_late_burst_of_4096_bytes_always_overflows(pause_ms: int, lead: int) -> None:
    """The bundle goes up in pieces of 4096: with any pause between them each one overflows."""
    host = LateHost(way("naive"), "none")
    assert host.upload(BUNDLE.data()[: lead + 4096], [lead, 4096], [pause_ms]) > 0
