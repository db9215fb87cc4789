"""Servers in this process, without sockets and without a clock: what a device's links lead to."""
