"""Names of files on UFS: the host's, and the system's."""

import pytest

from quecsim.flash.names import check_name, is_system, system_path
from quecsim.flash.volume import UfsError, UfsFault


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a:b", "a*", "\xe9", "a" * 81, "a\n"])
def test_what_no_file_can_be_called(name: str) -> None:
    with pytest.raises(UfsError) as error:
        check_name(name)
    assert error.value.kind is UfsFault.BAD_NAME


def test_the_systems_files_lie_apart() -> None:
    path = system_path("nvram-client_key.pem")
    assert is_system(path)
    assert not is_system("nvram-client_key.pem")
    with pytest.raises(UfsError):
        check_name(path)
    with pytest.raises(UfsError):
        system_path("A")
