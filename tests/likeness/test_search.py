import pytest

from quecsim.likeness.changes import Change, alternatives, is_possible
from quecsim.likeness.comparison import compare, record_of
from quecsim.likeness.script import script_of
from quecsim.likeness.search import Explained, explain
from quecsim.profiles.loader import load_profile
from quecsim.profiles.schema import Profile
from quecsim.trace.event import Event
from tests.likeness.device import asks, session
from tests.likeness.spoken import part, spoken

# Where our script shows them, by the words of its headings.
SHOWN_IN = {
    "commands.unknown": "the form of a line",
    "uart.frame": "What quecsim compare says",
    "at.echo_lf": "the form of a line",
    "at.spaces": "the form of a line",
    "escape.ends_file_data": "+++ in the data",
    "files.ram_details": "What quecsim compare says",
    "files.ack_block_bytes": "ACK mode",
    "files.list_prefix": "an upload, and the same name",
    "files.upload_timeout": "the data stops",
    "files.write_timeout": "by handle",
    "files.ack_framing": "ACK mode",
    "files.ack_final_full_block": "ACK mode",
    "files.existing_file": "an upload, and the same name",
    "files.no_room": "errors, as numbers",
    "files.no_room_error": "errors, as numbers",
    "files.missing_list": "errors, as numbers",
    "files.missing_delete": "errors, as numbers",
    "files.checksum_padded": "a checksum that begins",
    "files.early_bytes": "data before CONNECT",
    "files.surplus": "data before CONNECT",
    "files.read_eof": "by handle",
    "files.write_blank_line": "by handle",
}
IN_TIMES = {"files.upload_timer": "the data stops", "files.ack_when": "ACK mode"}
BEFORE_IT = {"at.cmee": "AT+CMEE=", "at.echo": "echo "}  # how the module was, not how it behaves
NOT_SHOWN = {
    "uart.flow_scope": "a module would have to be overrun",
    "at.urc_on_data_mode": "nothing is unsolicited",
    "at.prompt_blank": "no command that asks with > is safe everywhere",
    "escape.dtr_ends_file_data": "the port's lines are left alone",
    "files.storages": "follows from the families of commands",
    "files.directories": "no directories are made",
    "files.list_order": "other files' names are nobody's business",
    "radio.sinr_fifths": "signal is left out",
}
PROFILE = load_profile("ec200u")
CHANGES = [one for one in alternatives(PROFILE, ()) if is_possible(one.on(PROFILE))]


def explained(events: list[Event], profile: Profile = PROFILE) -> Explained:
    record = record_of(events, profile)
    return explain(record, profile, compare(record, profile))


def hidden(change: Change, words: str, runs: int = 1) -> tuple[Explained, list[str]]:
    """What the comparison makes of a module that has this value; and how it was before."""
    made, _ = spoken(change.on(PROFILE), PROFILE, part(words), runs=runs)
    record = record_of(made.events, PROFILE)
    found = explain(record, PROFILE, compare(record, PROFILE))
    return found, record.beginning.words(PROFILE)


def test_each_value_is_accounted_for() -> None:
    places = {change.place for change in alternatives(PROFILE, ("+QFUPL",))}
    assert places == SHOWN_IN.keys() | IN_TIMES.keys() | BEFORE_IT.keys() | NOT_SHOWN.keys()


@pytest.mark.parametrize(
    "change", [one for one in CHANGES if one.place in SHOWN_IN], ids=lambda one: one.words
)
def test_a_hidden_value_is_found_and_named(change: Change) -> None:
    found, _ = hidden(change, SHOWN_IN[change.place])
    assert found.alone
    assert all(change in changes[:2] for changes in found.alone.values())
    assert found.together == (change,)
    assert found.left.differences == ()


@pytest.mark.parametrize(
    "change", [one for one in CHANGES if one.place in IN_TIMES], ids=lambda one: one.words
)
def test_a_hidden_value_that_only_times_show_is_named(change: Change) -> None:
    found, _ = hidden(change, IN_TIMES[change.place], runs=6)
    assert found.alone == {}
    assert {one for changes in found.times.values() for one in changes} == {change}


@pytest.mark.parametrize(
    "change", [one for one in CHANGES if one.place in BEFORE_IT], ids=lambda one: one.words
)
def test_how_the_module_was_is_told_and_is_no_difference(change: Change) -> None:
    made, _ = spoken(change.on(PROFILE), PROFILE)
    record = record_of(made.events, PROFILE)
    assert compare(record, PROFILE).differences == ()
    (told,) = record.beginning.words(PROFILE)
    assert told.startswith(BEFORE_IT[change.place])


def test_several_hidden_values_are_found_together() -> None:
    hidden = (
        Change("files.missing_list", "ok"),
        Change("files.checksum_padded", True),
        Change("errors.numbers.file_exists", 4012),
        Change("files.first_handle", 3000),
        Change("identity.revision", "EC200UCNAAR09A99M99"),
        Change("commands.test_replies.+QFDEL", "+QFDEL: <name>"),
    )
    module = PROFILE
    for change in hidden:
        module = change.on(module)
    shown = part("What quecsim", "errors", "a checksum", "an upload, and", "by handle")
    made, _ = spoken(module, PROFILE, shown)
    found = explained(list(made.events))
    assert set(found.together) == set(hidden)
    assert found.left.differences == ()


_HIDDEN_BEHIND = """
> AT+QFUPL="{file}",20,1
>> 0123456789abcdefghij
> AT+QFUPL="{file}",4,1
>> abcd
> AT+QFOPEN="{file}",0
> AT+QFREAD={handle},8
> AT+QFREAD={handle},8
> AT+QFCLOSE={handle}
> AT+QFDEL="{file}"
"""


def test_a_value_that_only_shows_when_another_one_is_right() -> None:
    overwrites = Change("files.existing_file", "overwrite")
    reads_nothing = Change("files.read_eof", "connect0")
    module = overwrites.on(reads_nothing.on(PROFILE))
    made, _ = spoken(module, PROFILE, script_of(_HIDDEN_BEHIND, "mine"))
    found = explained(list(made.events))
    assert found.together == (overwrites, reads_nothing)
    assert found.left.differences == ()
    assert {change for changes in found.alone.values() for change in changes} == {overwrites}
    (later,) = [key for key in found.after if key not in found.alone]
    assert reads_nothing in found.after[later]


def test_a_command_that_the_module_lacks_and_one_that_the_profile_lacks_are_named() -> None:
    module = load_profile("ec25")
    made, _ = spoken(module, PROFILE)
    assert compare(record_of(made.events, PROFILE), PROFILE).differences
    lacking = Change("commands.absent", ("+QFSEEK",))
    (change,) = explained(
        session(asks("ATE0", "AT+QFSEEK=?"), "ec200u"), lacking.on(PROFILE)
    ).together
    assert change == Change("commands.absent", ())


def test_a_search_can_be_ended() -> None:
    made, _ = spoken(Change("files.missing_list", "ok").on(PROFILE), PROFILE, part("errors"))
    record = record_of(made.events, PROFILE)
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 3

    found = explain(record, PROFILE, compare(record, PROFILE), progress)
    assert found.runs == 3
    assert not found.is_whole
    assert [done for done, _ in told] == [0, 1, 2, 3]
    assert len({total for _, total in told}) == 1
