"""Clients of the network that a device has: objects without a clock, above the border."""
