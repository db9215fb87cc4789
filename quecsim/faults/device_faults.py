"""The places of a device where faults strike, put together: what its parts are given of them."""

from collections.abc import Callable

from quecsim.faults.armed import Firings
from quecsim.faults.places.commands import CommandFaults, DeviceView
from quecsim.faults.places.data import DataFaults
from quecsim.faults.places.flash import FlashFaults
from quecsim.faults.places.power import PowerFaults
from quecsim.faults.places.replies import ReplyFaults
from quecsim.flash.nor import Nor
from quecsim.trace.recorder import Recorder


class DeviceFaults:
    """The places; `firings` numbers the faults of the run, `points` counts what they could hit."""

    def __init__(
        self, shared: DeviceView, nor: Nor, record: Recorder, data_taken: Callable[[], int]
    ) -> None:
        """`data_taken()` are the bytes of data of the upload that runs."""
        self.firings = Firings(record)
        self.points = self.firings.points
        self.power = PowerFaults()
        self.commands = CommandFaults(shared, self.points)
        self.replies = ReplyFaults(self.points)
        self.data = DataFaults(self.power, data_taken)
        self.flash = FlashFaults(nor, shared)

    def power_gone(self, now_ns: int) -> bool:
        """The power has gone; True where it was a fault in the flash's work that took it."""
        self.commands.give_up(now_ns)
        return self.flash.torn(now_ns)
