"""Real sockets behind a device: what it may reach, and how bytes get there and back.

Nothing else in quecsim opens a socket for a device.
"""
