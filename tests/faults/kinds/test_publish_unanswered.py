"""A broker's answer to a PUBLISH gets lost."""

from quecsim.faults import PublishUnanswered
from tests.faults.network import PUBLISH, heard, injected, struck
from tests.peers.bench import NetworkBench


def test_a_message_is_sent_again_and_is_there_twice() -> None:
    bench = injected(PublishUnanswered())
    heard(bench, 'AT+QMTSUB=0,1,"t/#",0\r')
    got = heard(bench, PUBLISH)
    assert got == ["OK", *['+QMTRECV: 0,0,"t/x","hello"'] * 2, "+QMTPUB: 0,7,0"]
    assert struck(bench) == ["broker.example:1883: a PUBACK never comes"]


def test_the_device_gives_up_where_no_answer_comes_at_all() -> None:
    bench = injected(PublishUnanswered(times=4))
    assert heard(bench, PUBLISH, 30) == ["OK", "+QMTPUB: 0,7,2"]
    assert heard(bench, PUBLISH.replace("=0,7", "=0,8")) == ["OK", "+QMTPUB: 0,8,0"]
    assert len(struck(bench)) == 4


def test_of_qos_2_the_first_answer_is_meant() -> None:
    bench = injected(PublishUnanswered())
    heard(bench, 'AT+QMTSUB=0,1,"t/#",0\r')
    got = heard(bench, PUBLISH.replace("=0,7,1", "=0,7,2"))
    assert got == ["OK", '+QMTRECV: 0,0,"t/x","hello"', "+QMTPUB: 0,7,0"], "it is there once"
    assert struck(bench) == ["broker.example:1883: a PUBREC never comes"]
    assert bench.rig.fault_points()["mqtt_answer"] == 2


def test_the_second_one_of_two_clients() -> None:
    bench = NetworkBench(faults=[PublishUnanswered(answer=2)]).connected(0).connected(1)
    assert heard(bench, PUBLISH, 4) == ["OK", "+QMTPUB: 0,7,0"]
    assert heard(bench, PUBLISH.replace("=0,7", "=1,9"), 4) == ["OK"]
    assert bench.rest(4) == "\r\n+QMTPUB: 1,9,0\r\n"
    assert len(struck(bench)) == 1
