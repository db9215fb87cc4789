"""By AT+QFUPL: the correct upload, from AT to the compared checksum, with the mistakes of a plan.

The correct way: reach the device (AT), ATE0, AT+CMEE=1, AT+IFC=2,2 when RTS/CTS is wanted, delete
the old file, AT+QFUPL, wait for CONNECT, write exactly the declared bytes (in ACK mode wait for the
`A` of each block), wait for the summary and OK, compare size and checksum, and list the file.
"""

from quecsim.host.checksums import compare_summary
from quecsim.host.data_mode import DataModeUpload
from quecsim.host.data_phase import DataPhase
from quecsim.host.listing import clear_name, compare_listing
from quecsim.host.plan import Mistake, UploadPlan


class QfuplUpload(DataModeUpload):
    """AT+QFUPL="name",size,timeout[,1]."""

    def run(self) -> None:
        """All steps, in order."""
        keeps_old = Mistake.NO_DELETE in self.plan.mistakes
        if not (self.reach() and self.prepare() and (keeps_old or clear_name(self))):
            return
        command = qfupl_command(self.plan)
        if not self.start(command):
            return
        DataPhase(self.client, self.plan, self.result, self.progress).send()
        if Mistake.NO_VERIFY in self.plan.mistakes:
            self.trust()
            return
        reply = self.finish(command, self.result.sent_bytes)
        if reply is not None:
            compare_summary(self, reply)
            self.ended_well(reply)
            self.resync()
            compare_listing(self)
        self.result.verified = self.result.ok


def qfupl_command(plan: UploadPlan) -> str:
    """The QFUPL command of `plan`, without its CR."""
    ack = ",1" if plan.ack_mode else ""
    return f'AT+QFUPL="{plan.name}",{plan.declared},{plan.idle_s}{ack}'
