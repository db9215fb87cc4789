"""Runs that pages are made of."""

from quecsim.demo.ways import CARGOES
from quecsim.rig import Rig
from quecsim.scenario.build import rig_config
from quecsim.scenario.options import make_scenario
from quecsim.trace.event import Event
from quecsim.units import s

CERTIFICATE = CARGOES[0].data()


def many_losses(copies: int = 20) -> list[Event]:
    """So many certificates in one file, streamed into a device with little buffer."""
    made = make_scenario(scenario="thread-57329")
    data = CERTIFICATE * copies
    rig = Rig(made.profile(), rig_config(made))
    rig.start()
    rig.host_write(0, f'AT+QFUPL="chain.pem",{len(data)},5\r'.encode())
    rig.advance(s(1))
    rig.host_write(s(1), data)
    rig.advance(s(20))
    rig.finish(s(20))
    return rig.take_events()


def acked() -> list[Event]:
    """The certificate, in ACK mode."""
    made = make_scenario(scenario="thread-57329")
    rig = Rig(made.profile(), rig_config(made))
    rig.start()
    rig.host_write(0, f'AT+QFUPL="ca.pem",{len(CERTIFICATE)},5,1\r'.encode())
    for begin in range(0, len(CERTIFICATE), 1024):
        now_ns = s(1 + begin // 1024)
        rig.advance(now_ns)
        rig.host_write(now_ns, CERTIFICATE[begin : begin + 1024])
    rig.advance(s(5))
    rig.finish(s(5))
    return rig.take_events()
