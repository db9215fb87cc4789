"""By AT+QFOTADL="FILE:<length>": a firmware package, then the upgrade until the device is back.

There is no CONNECT and no `A` here. OK, FILESTART, then raw bytes; DOWNLOADING may come between
them; FILEEND, START, UPDATING, END; a reboot; and ATI gives the new revision. From FILEEND on the
device works by itself, and must keep its power. Source: EC200x&EG912Y Series FOTA Application Note
V1.1, 3.2.1.3; how long to wait for each step is what hosts in the field allow.
"""

import re
from collections.abc import Collection

from quecsim.host.at_client import AtClient, Patience, PortError
from quecsim.host.base import FLASH_COMMAND_S, UploadWay, unknown
from quecsim.host.data_phase import BACKLOG_BYTES, SPARE_S, DataPhase, Progress
from quecsim.host.fota_urc import FILE_ERRORS, UPGRADE_ERRORS, FotaStep, FotaTalk
from quecsim.host.plan import Mistake, UploadPlan
from quecsim.host.port import line_seconds
from quecsim.host.via import DEFAULT_FOTA

FILESTART_S = 10.0
START_S = 60.0
UPDATING_S = 120.0
SILENT_UPDATE_S = 600.0  # where no UPDATING messages were asked for
END_S = 60.0
REOPEN_S = 60.0
READY_S = 40.0
READY_AFTER_FAILURE_S = 15.0  # nothing says whether a device reboots then
ANSWER_ATTEMPTS = 20  # of 1 s each

REVISION = re.compile(r"Revision:\s*(\S+)")
KEEP_POWERED = "keep it powered: a broken upgrade cannot be repaired"


class PackagePhase(DataPhase):
    """The package on its way, with one ear for what the device says meanwhile."""

    talk: FotaTalk

    def has_ended(self) -> bool:
        """Whether the device wants no more bytes."""
        return self.talk.hear_waiting()

    def why_stopped(self, _sent: int) -> str:
        """Why no further byte was written."""
        return "the module wants no more"


class QfotadlUpload(UploadWay):
    """AT+QFOTADL="FILE:length"[,upgrade_mode[,download_urcs[,update_urcs]]]."""

    def __init__(
        self, client: AtClient, plan: UploadPlan, progress: Progress, updated: Progress
    ) -> None:
        super().__init__(client, plan, progress)
        asked = plan.fota.update_urcs
        self.update_urcs = DEFAULT_FOTA[2] if asked is None else asked
        self.talk = FotaTalk(client, self.result, self.update_urcs, updated)
        self.is_upgrading = False

    def run(self) -> None:
        """All steps, in order."""
        if not (self.reach() and self.prepare()):
            return
        self.result.revision_before = self.revision()
        if not self.start():
            return
        phase = PackagePhase(self.client, self.plan, self.result, self.progress)
        phase.talk = self.talk
        phase.send()
        if self.package_arrived():
            self.upgrade()
        self.result.verified = self.result.ok

    def prepare(self) -> bool:
        """As for every upload; on a USB port flow control has a switch of its own."""
        if not super().prepare():
            return False
        if self.plan.rtscts:
            self.client.command('AT+QCFG="usbifc",2,2')  # an error: no USB port there
        return True

    @property
    def command(self) -> str:
        """The command, without its CR."""
        return f'AT+QFOTADL="FILE:{self.plan.declared}"{self.plan.fota.arguments}'

    def revision(self) -> str | None:
        """The firmware revision as ATI gives it; None when it gives none."""
        reply = self.client.command("ATI")
        return next((found[1] for line in reply.lines if (found := REVISION.search(line))), None)

    def start(self) -> bool:
        """Send the command, and wait until the device asks for the package."""
        self.in_data_mode = True
        if Mistake.NO_WAIT_CONNECT in self.plan.mistakes:
            self.client.forget_input()
            self.client.write(self.command.encode() + b"\r")
            return True
        reply = self.client.command(self.command, FLASH_COMMAND_S)
        if not reply.ok:
            self.in_data_mode = False
            advice = "AT+QFOTADL, or not with these arguments"
            why = f"{self.explain(reply)}{unknown(reply, advice)}"
            return self.problem(f"the module refused the upgrade: {why}")
        asked = self.talk.await_step({FotaStep.FILESTART}, FILESTART_S)
        return bool(asked) or self.problem(
            f"no FILESTART came within {FILESTART_S:.0f} s of OK: nothing was sent"
        )

    def package_arrived(self) -> bool:
        """Wait for FILEEND; whether the device has taken the package."""
        on_the_line_s = line_seconds(
            min(self.result.sent_bytes, BACKLOG_BYTES), self.client.port.baudrate
        )
        wait_s = on_the_line_s + self.plan.idle_s + SPARE_S
        if not self.talk.await_step({FotaStep.FILEEND}, wait_s):
            return self.no_file_end()
        self.in_data_mode = False
        if self.result.file_error == 0:
            return True
        self.resync()  # bytes that it did not want may stand in front of our command
        self.result.revision_after = self.revision()
        return self.failed("FILEEND", self.result.file_error, FILE_ERRORS)

    def no_file_end(self) -> bool:
        """Note that the package was refused, or that the device still waits for the rest."""
        if self.talk.refusal:
            self.in_data_mode = False
            return self.problem(f"the module refused the upgrade: {self.talk.refusal}")
        return self.problem(
            "no FILEEND came after the last byte: bytes are missing, and the module waits for them"
        )

    def upgrade(self) -> None:
        """Follow the upgrade to its end, and meet the device again."""
        self.is_upgrading = True
        if not self.has_finished():
            self.problem(KEEP_POWERED)
            return
        error = self.result.upgrade_error
        if error != 0:
            self.failed("END", error, UPGRADE_ERRORS)
        if not self.come_back(READY_AFTER_FAILURE_S if error else READY_S):
            self.problem("the module did not come back after the upgrade: no RDY, no answer to AT")
            return
        self.is_upgrading = False
        self.quieten()
        self.result.revision_after = after = self.revision()
        if error == 0 and after == self.result.revision_before:
            self.result.notes.append(f"the revision is what it was before: {after}")

    def has_finished(self) -> bool:
        """Wait for END. It may come without START, and START may get lost in a restart."""
        step = self.await_step({FotaStep.START, FotaStep.UPDATING, FotaStep.END}, START_S)
        if step is None:
            return self.problem(f"no START came within {START_S:.0f} s: the upgrade has not begun")
        while step is not FotaStep.END:
            wait_s = self.patience_s()
            step = self.await_step({FotaStep.UPDATING, FotaStep.END}, wait_s)
            if step is None:
                last = f"UPDATING {self.result.updating}" if self.result.updating else "START"
                return self.problem(f"nothing came for {wait_s:.0f} s after {last}")
        return True

    def await_step(self, steps: Collection[FotaStep], seconds: float) -> FotaStep | None:
        """Wait for one of `steps`, even across a restart that takes the port away for a while."""
        try:
            return self.talk.await_step(steps, seconds)
        except PortError:
            if not self.client.reopen(REOPEN_S):
                raise
            return self.talk.await_step(steps, seconds)

    def patience_s(self) -> float:
        """How long the next message of the update may take, in seconds."""
        if self.talk.is_updated:
            return END_S
        return UPDATING_S if self.update_urcs else SILENT_UPDATE_S

    def failed(self, step: str, error: int | None, meanings: dict[int, str]) -> bool:
        """Note an error number, in words."""
        if error is None:
            return self.problem(f"the module said {step} without a number")
        return self.problem(f"{step} {error}: {meanings.get(error, 'unknown error')}")

    def come_back(self, ready_s: float) -> bool:
        """Wait for RDY, and if it does not come ask; whether the device answers again."""
        try:
            self.await_ready(ready_s)
            return self.client.sync(ANSWER_ATTEMPTS)
        except PortError:
            if not self.client.reopen(REOPEN_S):
                raise
            return self.client.sync(ANSWER_ATTEMPTS)

    def await_ready(self, seconds: float) -> None:
        """Wait for RDY, or until `seconds` are over."""
        patience = Patience(seconds)
        while (line := self.client.read_line(patience)) is not None:
            if line.endswith("RDY"):
                return

    def port_failed(self, error: PortError) -> None:
        """The port failed in the middle of it all."""
        super().port_failed(error)
        if self.is_upgrading:
            self.problem(f"the module may go on with the upgrade without us; {KEEP_POWERED}")

    def abandon(self) -> str:
        """After Ctrl-C: what state the device is in. There is no documented way to stop it."""
        left = self.plan.declared - self.result.sent_bytes
        if self.is_upgrading or (self.in_data_mode and left <= 0):
            return f"the module goes on with the upgrade; {KEEP_POWERED}"
        if not self.in_data_mode:
            return "the module is in command mode"
        self.client.forget_output()
        return f"the module waits for {left} more bytes of the package, and runs its old firmware"
