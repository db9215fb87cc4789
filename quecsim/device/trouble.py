"""The faults of a run where the device meets them: armed here, and handed to the part they hit."""

from quecsim.device.board import Board
from quecsim.device.flashcuts import FlashCuts
from quecsim.device.interposer import Interposer
from quecsim.device.marks import Mark, PowerFaults
from quecsim.device.responder import Responder
from quecsim.device.splitter import Splitter
from quecsim.device.tally import Tally
from quecsim.device.urcs import UrcDesk
from quecsim.faults.spec import Fault, PowerCutFault, ResetFault, SplitReply, UrcFault
from quecsim.flash.nor import Nor


class Trouble:
    """`tally` counts all of them; `power` has those that only who runs the device can do."""

    def __init__(
        self,
        board: Board,
        tally: Tally,
        splitter: Splitter,
        responder: Responder,
        urcs: UrcDesk,
        nor: Nor,
    ) -> None:
        self.tally = tally
        self.marks: list[Mark] = []
        self.power = PowerFaults(tally)
        self.cuts = FlashCuts(nor, self.power)
        self.replies = Interposer(board, tally, self._say)
        self._splitter = splitter
        self._responder = responder
        self._urcs = urcs

    def arm(self, index: int, fault: Fault, taken: int = 0) -> None:
        """The fault can fire from here on; `taken` bytes of an upload's data are in already."""
        if isinstance(fault, SplitReply):
            self._splitter.arm(index, fault)
        elif isinstance(fault, PowerCutFault) and fault.at_flash_op is not None:
            self.cuts.arm(index, fault)
        elif isinstance(fault, PowerCutFault | ResetFault | UrcFault) and fault.at_byte is not None:
            self.marks.append(Mark(index, fault, taken + fault.at_byte))
        else:
            self.replies.arm(index, fault)

    def hit(self, mark: Mark, now_ns: int) -> bool:
        """The upload's data has come to the mark; True where the power goes."""
        mark.is_over = True
        place = f"at byte {mark.at_byte} of the data"
        if isinstance(mark.fault, UrcFault):
            self.replies.send_urc(mark.index, mark.fault.text, place)
            return False
        self.power.happen(mark.index, mark.fault, now_ns, place)
        return True

    def _say(self, text: str) -> bool:
        self._responder.end_block()
        return self._urcs.send_now(text)
