"""What crosses the border between a device and its network, as packets for a packet analyser.

Pure: packets of IP made up around bytes, and the form of pcapng files. Needs `dpkt`, which the
extra `report` has.
"""
