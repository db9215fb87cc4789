"""What error numbers mean, where only the number is known."""

from quecsim.profiles.meanings import error_meanings


def test_both_generations_are_there() -> None:
    meanings = error_meanings()
    assert meanings[407] == "file already existed"
    assert meanings[4012] == "file exists already"
    assert 9999 not in meanings
