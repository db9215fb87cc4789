"""What is to be checked: the scenario, the program, and what counts as right. Made once, run often.

The payload may be a file of the user's, or the scenario's own, written to a temporary folder.
"""

from dataclasses import dataclass
from pathlib import Path

from quecsim.errors import QuecsimError
from quecsim.files import read_file
from quecsim.judge.conduct_rules import RULES
from quecsim.live.network.options import NetworkOptions
from quecsim.live.program import names_port
from quecsim.profiles.toml_check import did_you_mean
from quecsim.scenario.payload import claim_bytes, payload_bytes
from quecsim.scenario.schema import Expect, Scenario

_FILE = "{file}"
_DEFAULT_NAME = "ca.pem"


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """`data` is the payload and `file` where the program finds it; `is_compared`: the program was
    given it, so the device must have these bytes. `name` is the file's name on the device, else
    that of the last upload. `limit_s` is how long the program may run, in real seconds;
    `network` what real servers its device may reach (None: none). `serial` is the real line of a
    board, which the program sets going and waits for; None: the program opens a port itself.
    """

    scenario: Scenario
    program: tuple[str, ...]
    file: Path
    data: bytes
    is_compared: bool
    name: str = ""
    expect: Expect = "intact"
    allow: frozenset[str] = frozenset()
    need_faults: bool = False
    need_connection: bool = False
    limit_s: float = 120.0
    is_up: bool = True
    network: NetworkOptions | None = None
    serial: str | None = None

    @property
    def names_port(self) -> bool:
        """Whether the program's arguments say which port it is to open."""
        return names_port(self.program)

    def expected(self, content: bytes | None) -> bytes | None:
        """What the device should have; None where nothing is known.

        A program that was not given the file may have sent it all the same (QUECSIM_FILE).
        """
        return self.data if self.is_compared or content == self.data else None


def payload_of(
    scenario: Scenario, program: list[str], file: Path | None, folder: Path
) -> tuple[Path, bytes, bool]:
    """(path, bytes, whether the program was given them); without `file` it is made in `folder`.

    Raises QuecsimError for a file that cannot be read.
    """
    if file is not None:
        try:
            return file, read_file(file), True
        except OSError as error:
            hint = "--file is what the program uploads, for instance a certificate"
            raise QuecsimError(f"cannot read {file}: {error.strerror}", hint=hint) from None
    name, data = _own_payload(scenario)
    path = folder / name
    path.write_bytes(data)
    is_given = any(_FILE in word or "QUECSIM_FILE" in word for word in program)
    return path, data, is_given


def _own_payload(scenario: Scenario) -> tuple[str, bytes]:
    """(name without storage, bytes) of a saved case, of the scenario's claim, or a certificate."""
    if scenario.case is not None and scenario.case_bytes is not None:
        return scenario.case.name.rpartition(":")[2], scenario.case_bytes
    claim = scenario.claim
    if claim is None:
        return _DEFAULT_NAME, payload_bytes("certificate")
    return claim.file.rpartition(":")[2], claim_bytes(scenario, claim)


def known_rules(names: tuple[str, ...]) -> frozenset[str]:
    """The rules to switch off. Raises QuecsimError for one that there is not."""
    for name in names:
        if name not in RULES:
            raise QuecsimError(f"there is no rule {name!r}", hint=did_you_mean(name, RULES))
    return frozenset(names)
