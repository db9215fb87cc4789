"""The serial port of a simulated device for pyserial, in this process and in virtual time.

import quecsim.pyserial  # once; quecsim.open_virtual() and the pytest plugin do it by themselves

port = serial.serial_for_url("quecsim://ec200u?scenario=thread-57329&seed=3", timeout=1)
"""

from quecsim.virtual.registry import register

register()
