"""Firmware files: what an upgrade over the serial port takes, and how it is checked."""
