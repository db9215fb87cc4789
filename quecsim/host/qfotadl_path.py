"""By AT+QFUPL, then AT+QFOTADL="/data/ufs/<name>": a package that is stored first, then upgraded.

As fwupd does it, in ACK mode if that is wanted: a checksum says that the package is whole before
the firmware is touched, and flow control is not needed. OK, START, UPDATING, END; a reboot; ATI
gives the new revision. The file stays on the device.
"""

from quecsim.flash.labels import split_spelling
from quecsim.host.at_client import AtClient, PortError
from quecsim.host.base import FLASH_COMMAND_S, UploadWay, unknown
from quecsim.host.data_phase import Progress
from quecsim.host.plan import UploadPlan
from quecsim.host.qfotadl import QfotadlUpload
from quecsim.host.qfupl import QfuplUpload


class QfotadlPathUpload(UploadWay):
    """AT+QFUPL="name",..., then AT+QFOTADL="/data/ufs/name"[,upgrade_mode[,...]]."""

    def __init__(
        self, client: AtClient, plan: UploadPlan, progress: Progress, updated: Progress
    ) -> None:
        super().__init__(client, plan, progress)
        self.storing = QfuplUpload(client, plan, progress)
        self.upgrading = QfotadlUpload(client, plan, progress, updated)
        self.storing.result = self.upgrading.result = self.upgrading.talk.result = self.result

    def run(self) -> None:
        """All steps, in order."""
        self.storing.run()
        if not self.result.ok:
            return
        self.result.verified = False  # the file is, the upgrade is not yet
        self.result.revision_before = self.upgrading.revision()
        if self.start():
            self.upgrading.upgrade()
        self.result.verified = self.result.ok

    def start(self) -> bool:
        """Send the command; whether the device takes the package."""
        reply = self.client.command(self.command, FLASH_COMMAND_S)
        if reply.ok:
            return True
        why = f"{self.explain(reply)}{unknown(reply, 'AT+QFOTADL, or not by path')}"
        return self.problem(f"the package is stored, but the module refused the upgrade: {why}")

    @property
    def command(self) -> str:
        """The command of the upgrade, without its CR."""
        _, name = split_spelling(self.plan.name)
        return f'AT+QFOTADL="/data/ufs/{name}"{self.plan.fota.arguments}'

    def port_failed(self, error: PortError) -> None:
        """The port failed in the middle of it all."""
        now = self.upgrading if self.upgrading.is_upgrading else self.storing
        now.port_failed(error)

    def abandon(self) -> str:
        """After Ctrl-C: what state the device is in."""
        now = self.upgrading if self.upgrading.is_upgrading else self.storing
        return now.abandon()
