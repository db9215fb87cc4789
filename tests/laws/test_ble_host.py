"""Bluetooth LE by its commands: whatever the host types, the people on the air do and the world
does, the laws hold, the device answers in the end, and its record repeats it.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.faults import BleNotificationLost, BleOutOfRange, BleSlowInterval
from quecsim.peers.ble_crowd import BleCrowd
from quecsim.peers.ble_settings import (
    BleOthers,
    BleParameters,
    BlePhone,
    BleSensor,
    BleService,
    BleStep,
    BleValue,
)
from quecsim.rig import Rig, RigConfig
from quecsim.run.replay import replay
from quecsim.trace.event import Event
from quecsim.units import S, ms
from tests.laws.ble_run import PROFILE
from tests.laws.driver import law

SENSOR = "c0ffee000001"
PEOPLE = (
    BlePhone(
        name="phone",
        times=100,
        after_ms=200,
        parameters=BleParameters(interval=12, timeout=100),
        steps=(
            BleStep(do="mtu", mtu=185),
            BleStep(do="discover"),
            BleStep(do="subscribe", uuid="fff2"),
            BleStep(do="write", uuid="fff2", drawn_bytes=3000),
            BleStep(do="leave", after_bytes=2000),
        ),
    ),
    BleSensor(
        name="sensor",
        address=SENSOR,
        services=(
            BleService(
                uuid="fff0",
                characteristics=(
                    BleValue(uuid="fff1", text="21.5", properties=("read", "write")),
                    BleValue(
                        uuid="fff2",
                        text="1",
                        properties=("notify", "write_command"),
                        every_ms=300,
                    ),
                ),
            ),
        ),
    ),
    BleOthers(count=3),
)
PERIPHERAL = (
    "AT+QBLEINIT=2", 'AT+QBLEGATTSSRV="fff0"', 'AT+QBLEGATTSCHAR="fff2"', "AT+QBLEGATTSSRVDONE",
    "AT+QBLEADVSTART",
)  # fmt: skip
CENTRAL = ("AT+QBLEINIT=1", f'AT+QBLECONN=1,"{SENSOR}"')
LINES = (
    *PERIPHERAL, *CENTRAL, "AT+QBLEINIT=0", "AT+QBLEADVSTOP", 'AT+QBLEGATTSNTFY=0,"fff2","hello"',
    "AT+QBLEDISCONN", "AT+QBLESTAT", "AT+QBLESCAN=1,300", "AT+QBLESCAN=0", "AT+QBLECFGMTU=200",
    "AT+QBLECONNPARAM=0,80,400,0", 'AT+QBLEGATTCNTFCFG=0,"fff2",1', 'AT+QBLEGATTCRD=0,"fff1"',
    'AT+QBLEGATTCWRCMD=0,"fff2","abc"', 'AT+QBLEGATTCWRREQ=0,"fff1","abc"',
    'AT+QBLETRANMODE="fff2"', 'AT+QBLETRANMODE="fff2",1', "AT+QRST", "AT",
)  # fmt: skip


def quietly(act: Callable[[], object]) -> None:
    with suppress(QuecsimError):  # nobody is connected, or it cannot be now
        act()


def power(rig: Rig, now_ns: int) -> None:
    rig.cut_power(now_ns)
    rig.power_on(now_ns)


WORLD: dict[str, Callable[[Rig, int], object]] = {
    "power": power,
    "away": lambda rig, now_ns: rig.inject(now_ns, BleOutOfRange(at_ms=0, for_ms=700)),
    "far away": lambda rig, now_ns: rig.inject(now_ns, BleOutOfRange(at_ms=0, for_ms=9000)),
    "slow": lambda rig, now_ns: rig.inject(now_ns, BleSlowInterval(at_ms=0, interval=200)),
    "lost up": lambda rig, now_ns: rig.inject(now_ns, BleNotificationLost(piece=1)),
    "lost down": lambda rig, now_ns: rig.inject(
        now_ns, BleNotificationLost(piece=1, direction="down", times=2)
    ),
    "deaf host": lambda rig, now_ns: rig.host_ready(now_ns, ready=False),
    "host": lambda rig, now_ns: rig.host_ready(now_ns, ready=True),
    "data": lambda rig, now_ns: rig.host_write(now_ns, bytes(range(32, 127)) * 20),
    "+++": lambda rig, now_ns: rig.host_write(now_ns, b"+++"),
}
STEPS = st.builds(
    lambda begin, steps: [*((50, line) for line in begin), *steps],
    st.sampled_from([PERIPHERAL, PERIPHERAL, CENTRAL, ()]),
    st.lists(
        st.tuples(
            st.sampled_from([5, 300, 1100, 2500]),
            st.one_of(st.sampled_from(LINES), st.sampled_from([*WORLD])),
        ),
        min_size=3,
        max_size=14,
    ),
)


def played(steps: list[tuple[int, str]]) -> tuple[Rig, list[Event], bytes]:
    crowd = BleCrowd(PEOPLE, 1)
    rig = Rig(PROFILE, RigConfig(), ble_peer=crowd)
    rig.start()
    now_ns, events = 0, []
    for gap_ms, what in [*steps, (3000, "host"), (1500, "+++"), (1500, ""), (1500, "AT")]:
        now_ns += ms(gap_ms)
        rig.advance(now_ns)
        if what in WORLD:
            quietly(lambda: WORLD[what](rig, now_ns))  # noqa: B023 - called here
        elif rig.device.has_power:
            rig.host_write(now_ns, what.encode() + b"\r")
        events += rig.take_events()
        rig.check()
    rig.take_output()
    rig.advance(now_ns + 2 * S)
    said = b"".join(run.data for run in rig.take_output())
    rig.finish(now_ns + 2 * S)
    return rig, events + rig.take_events(), said


@law(25)
@given(STEPS)
def test_the_laws_hold_and_the_device_answers_in_the_end(steps: list[tuple[int, str]]) -> None:
    rig, events, said = played(steps)
    assert b"OK\r\n" in said
    assert 0 <= rig.device._components.ble.waiting() <= 8
    again: Any = replay(events)
    assert again.is_same, (again.was, again.now)
