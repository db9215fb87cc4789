"""The rig: the far UART, the wire and the device on one clock, and the one stepping loop."""

from quecsim.rig.config import RigConfig
from quecsim.rig.rig import Rig

__all__ = ["Rig", "RigConfig"]
