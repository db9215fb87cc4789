"""Who has a port open, and who has asked for it alone."""

from quecsim.virtual.openers import Openers


def test_a_port_is_open_until_the_last_one_closes_it() -> None:
    openers, one, two = Openers(), object(), object()
    assert not openers
    openers.add(one)
    openers.add(two)
    openers.remove(one)
    assert openers
    openers.remove(two)
    openers.remove(two)
    assert not openers


def test_only_the_first_who_asks_has_it_alone_until_it_gives_that_up() -> None:
    openers, one, two = Openers(), object(), object()
    assert openers.lock(one, is_exclusive=True)
    assert not openers.lock(two, is_exclusive=True)
    assert openers.lock(two, is_exclusive=False)
    assert not openers.lock(two, is_exclusive=True)
    openers.remove(one)
    assert openers.lock(two, is_exclusive=True)
    assert openers.lock(two, is_exclusive=False)
    assert openers.lock(one, is_exclusive=True)
