"""The device: a state machine that joins the line, the AT interpreter and the storage."""

from quecsim.device.device import Device

__all__ = ["Device"]
