"""A real module, measured: `quecsim probe` asks it, step by step, and writes a profile whose values
say `measured`, with a log that anybody can check. An ordinary host: pyserial and the clock; it also
runs in virtual time, against a simulated device.
"""
