"""The M95 has, or waits for, every command that its note names."""

from quecsim.commands.catalogue import catalogue
from tests.device.bench import ERROR
from tests.device.m95 import m95, shipped

# M95 FTPS Application Note V1.0, chapter by chapter.
IN_THE_NOTE = {
    "+QSECWRITE", "+QSECREAD", "+QSECDEL", "+QICSGP", "+QIREGAPP", "+QIACT", "+QILOCIP",
    "+QSSLCFG", "+QFTPCFG",  # 1.2, 2
    "+QIFGCNT", "+IFC", "+QFTPUSER", "+QFTPPASS", "+QFTPOPEN", "+QFTPSTAT", "+QFTPCLOSE",
    "+QIDEACT", "+QFTPPATH", "+QFTPPUT", "+QFTPGET",  # 4
    "+CGATT", "+CGREG", "+CGACT",  # 5
}  # fmt: skip
# GSM FILE AT Commands Manual, table of contents.
FILES = {
    "+QFLDS", "+QFLST", "+QFUPL", "+QFDWL", "+QFDEL", "+QFMOV", "+QFOPEN", "+QFREAD", "+QFWRITE",
    "+QFSEEK", "+QFCLOSE", "+QFPOSITION", "+QFFLUSH", "+QFTUCAT",
}  # fmt: skip
OF_LTE = {"+QCFG", "+QFOTADL", "+QINDCFG", "+QURCCFG", "+CEREG"}


def test_each_command_is_there_or_waits_for_something() -> None:
    supported = {command.name for command in catalogue(shipped())}
    waiting = [name for entry in shipped().commands.waiting for name in entry.names]
    assert len(waiting) == len(set(waiting))
    assert supported | set(waiting) >= IN_THE_NOTE | FILES
    assert not supported & set(waiting)
    assert not supported & OF_LTE


def test_what_waits_is_an_error() -> None:
    bench = m95()
    for entry in shipped().commands.waiting:
        for name in entry.names:
            assert bench.ask(f"AT{name}") == ERROR


def test_it_says_who_it_is() -> None:
    """The published reply of ATI, but for spaces."""
    lines = [line for line in m95().ask("ATI").decode().split("\r\n") if line]
    assert lines == ["Quectel_Ltd", "Quectel_M95", "Revision: M95FAR02A08", "OK"]
