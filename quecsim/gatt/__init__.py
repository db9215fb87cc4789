"""ATT and GATT between two sides of a Bluetooth LE connection, by a Bluetooth stack: bumble. Not of
the core, since that is written for asyncio.

It runs in a loop without a clock (`loop`), so what comes of it follows from what it is asked. Only
`stack` knows it, and loads it when somebody connects. What people are like, and when they do what,
is above, in `quecsim.peers`.
"""
