"""The places of a rig where faults strike, and who brings the faults there."""

from quecsim.commands.catalogue import catalogue
from quecsim.device import Device
from quecsim.faults.fault import Target
from quecsim.faults.injector import Injector
from quecsim.faults.places import Places
from quecsim.faults.places.agenda import Agenda
from quecsim.rig.beyond import Beyond
from quecsim.rig.flow_signal import FlowSignal
from quecsim.rig.inbound import Inbound
from quecsim.rig.outbound import Outbound
from quecsim.trace.recorder import Recorder
from quecsim.uart.port_kind import PortKind


def new_injector(
    device: Device,
    port: PortKind,
    inbound: Inbound,
    outbound: Outbound,
    hold: FlowSignal,
    beyond: Beyond,
    agenda: Agenda,
    record: Recorder,
) -> Injector:
    """The injector of a run whose parts these are."""
    met, profile = device.faults, device.profile
    places = Places(
        {"to_device": inbound, "to_host": outbound},
        met.commands, met.replies, met.data, met.flash, met.power, device, hold,
        beyond.air, beyond.ble, agenda,
    )  # fmt: skip
    target = Target(profile.name, profile, catalogue(profile), port)
    return Injector(places, met.firings, outbound, target, record)
