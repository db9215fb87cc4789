"""What a scenario says about firmware: packages that pass, and the factory's firmware put back."""

from hashlib import md5
from pathlib import Path

import pytest

from quecsim.profiles.toml_check import FileError
from quecsim.scenario.build import rig_config
from quecsim.scenario.loader import load_scenario
from tests.commands.fota import TARGET, device, package, revision, send, urc
from tests.device.bench import Bench

OWN = b"not in our format" * 100
DIGEST = md5(OWN).hexdigest()
HEAD = 'title = "t"\nshows = "s"\ndevice = "ec200t"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(HEAD + text)
    return file


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper()])
def test_a_package_of_ones_own_passes_by_its_digest(tmp_path: Path, digest: str) -> None:
    text = f'[[firmware]]\nmd5 = "{digest}"\ntarget = "MINE02"\n'
    config = rig_config(load_scenario(written(tmp_path, text)))
    bench = Bench(device(), outside=config.outside)
    assert urc("END", 0) in send(bench, OWN)
    assert revision(bench) == "MINE02"


def test_there_may_be_several(tmp_path: Path) -> None:
    text = "".join(f'[[firmware]]\nmd5 = "{n:032x}"\ntarget = "R{n}"\n' for n in range(3))
    outside = rig_config(load_scenario(written(tmp_path, text))).outside
    assert outside.accepted_packages == {f"{n:032x}": f"R{n}" for n in range(3)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[firmware]]\nmd5 = "1234"\ntarget = "X"\n', "32 hexadecimal digits"),
        (f'[[firmware]]\nmd5 = "{DIGEST}"\ntarget = ""\n', "firmware\\[1\\].target must be"),
        (f'[[firmware]]\nmd5 = "{DIGEST}"\n', "target is missing"),
        ("[device_settings]\nrestore = 1\n", "restore must be"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        load_scenario(written(tmp_path, text))


def test_the_factorys_firmware_is_put_back(tmp_path: Path) -> None:
    bench = Bench(device())
    send(bench, package(device()))
    assert revision(bench) == TARGET
    config = rig_config(load_scenario(written(tmp_path, "[device_settings]\nrestore = true\n")))
    later = Bench(device(), image=bench.image(), restores_firmware=config.restores_firmware)
    assert revision(later) == device().identity.revision
