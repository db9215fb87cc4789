"""Between a host program and a real module: every byte goes on, with its time on record.

It has the module's port and a pseudo terminal for the host, so it is about the operating system:
clocks, terminals, descriptors. What was heard becomes a record in `quecsim.observed`.
"""
