"""The way between a device and its network: how long it takes, in whole nanoseconds, both ways."""

from quecsim.link.carried import Carried
from quecsim.link.model import Arrival, LinkModel, is_address
from quecsim.link.pace import Pace

__all__ = ["Arrival", "Carried", "LinkModel", "Pace", "is_address"]
