"""What the tests of the firmware upgrade share: devices, packages, and a host that sends one."""

from functools import cache

from quecsim.firmware.package import build_package
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from tests.device.bench import OK, Bench

TARGET = "EC200TCNTCNMAR02A02M16"


@cache
def device(name: str = "ec200t") -> Profile:
    return load_profile(name)


def package(profile: Profile, payload_bytes: int = 20_000, source: str | None = None) -> bytes:
    """A package for the device, or from another revision."""
    payload = bytes(range(251)) * (payload_bytes // 251 + 1)
    return build_package(payload[:payload_bytes], source or profile.identity.revision, TARGET)


def begin(bench: Bench, length: int, arguments: str = "") -> None:
    """Ask for the upgrade and wait until the device wants the package."""
    bench.send(f'AT+QFOTADL="FILE:{length}"{arguments}\r'.encode())
    bench.until(OK)
    bench.until(urc("FILESTART"))


def send(bench: Bench, data: bytes, arguments: str = "", length: int | None = None) -> bytes:
    """The whole upgrade; what came after FILESTART."""
    begin(bench, len(data) if length is None else length, arguments)
    bench.send(data)
    return bench.rest()


def urc(step: str, *numbers: int) -> bytes:
    """One message of the upgrade, framed."""
    text = ",".join([f'+QIND: "FOTA","{step}"', *map(str, numbers)])
    return f"\r\n{text}\r\n".encode()


def urcs(step: str, numbers: range) -> bytes:
    """A row of them."""
    return b"".join(urc(step, number) for number in numbers)


def revision(bench: Bench) -> str:
    """What ATI says of the firmware."""
    lines = bench.ask("ATI").decode().split("\r\n")
    return next(line for line in lines if line.startswith("Revision: ")).removeprefix("Revision: ")


def boot_texts(profile: Profile) -> bytes:
    """What the device says after a start."""
    return b"".join(f"\r\n{boot.text}\r\n".encode() for boot in profile.boot.urcs)


def system_sizes(bench: Bench) -> dict[str, int]:
    """What is left of an upgrade on the flash."""
    names = ("fota-package", "fota-pending", "firmware-upgrading")
    sizes = {name: bench.rig.device.context.ufs.system_size(name) for name in names}
    return {name: size for name, size in sizes.items() if size is not None}
