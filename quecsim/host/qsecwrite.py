"""By AT+QSECWRITE: a certificate or key into RAM: or NVRAM:, from where nobody can read it back.

    delete (it must not exist), write, compare the checksum, ask for the stored one with QSECREAD

Source: M95 FTPS Application Note V1.0, chapters 2.4 to 2.6, error numbers chapter 3.
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from quecsim.host.base import FLASH_COMMAND_S
from quecsim.host.checksums import compare_summary, plain_hex
from quecsim.host.data_mode import DataModeUpload
from quecsim.host.data_phase import DataPhase
from quecsim.host.plan import Mistake

NOT_FOUND = 4010
STORED = re.compile(r"([01]),([0-9A-Fa-f]+)")


class QsecwriteUpload(DataModeUpload):
    """AT+QSECDEL="name"; AT+QSECWRITE="name",size,timeout; AT+QSECREAD="name"."""

    meanings: ClassVar[Mapping[int, str]] = {
        4010: "there is no such certificate or key",
        4011: "it is too large for this storage",
        4012: "there is one of that name already, and it must be deleted first",
        4013: "the name or the size is not allowed",
    }

    def run(self) -> None:
        """All steps, in order."""
        if not (self.reach() and self.prepare() and self.clear_name()):
            return
        plan = self.plan
        command = f'AT+QSECWRITE="{plan.name}",{plan.declared},{plan.idle_s}'
        if not self.start(command):
            return
        DataPhase(self.client, plan, self.result, self.progress).send()
        if Mistake.NO_VERIFY in plan.mistakes:
            self.trust()
            return
        reply = self.finish(command, self.result.sent_bytes)
        if reply is not None:
            compare_summary(self, reply)
            self.compare_declared()
            self.ended_well(reply)
            self.resync()
            self.compare_stored()
        self.result.verified = self.result.ok

    def clear_name(self) -> bool:
        """Delete the old one, or with `keep` make sure that there is none."""
        name = self.plan.name
        if Mistake.NO_DELETE in self.plan.mistakes:
            return True
        if self.plan.keep:
            reply = self.client.command(f'AT+QSECREAD="{name}"', FLASH_COMMAND_S)
            return not reply.ok or self.problem(f"{name} is on the module already: left alone")
        reply = self.client.command(f'AT+QSECDEL="{name}"', FLASH_COMMAND_S)
        self.result.replaced = reply.ok
        # Without numbers, an error is taken to mean that there was none.
        if reply.ok or reply.cme == NOT_FOUND or reply.final == "ERROR":
            return True
        return self.problem(f"the module cannot delete {name}: {self.explain(reply)}")

    def compare_declared(self) -> None:
        """A time-out ends with OK here: the size alone tells that the device wanted more."""
        declared, taken = self.plan.declared, self.result.reported_bytes
        if taken is not None and taken < declared and not self.result.problems:
            self.problem(f"the module waited for {declared} bytes, and took {taken} when none came")

    def compare_stored(self) -> None:
        """Ask the device whether what it stored is good, and for its checksum."""
        result = self.result
        reply = self.client.command(f'AT+QSECREAD="{self.plan.name}"', FLASH_COMMAND_S)
        stored = STORED.fullmatch("".join(reply.info("+QSECREAD:")[:1]))
        if stored is None or not reply.ok:
            self.problem(f"the module does not vouch for {self.plan.name}: {self.explain(reply)}")
            return
        result.stored_good = stored[1] == "1"
        result.stored_checksum = plain_hex(stored[2])
        if not result.stored_good:
            self.problem("AT+QSECREAD says that what is stored is damaged")
        elif result.stored_checksum not in (result.file_checksum, result.reported_checksum):
            self.problem(
                f"AT+QSECREAD gives checksum {result.stored_checksum}, the file has "
                f"{result.file_checksum}"
            )
