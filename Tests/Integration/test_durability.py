"""An answer to a publish means that the message is on the disk: counted and delayed from outside, with strace."""

import os
import re
import subprocess
import time

import pytest
from qstash import QStash

PUBLISHES = 20
DELAY_MILLISECONDS = 60

_ENDED = re.compile(r"(?:fsync|fdatasync)(?:\(| resumed).*= 0", re.MULTILINE)


@pytest.fixture(scope="module", autouse=True)
def strace():
    probe = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        if os.environ.get("WITHOUT_STRACE") == "1":
            pytest.skip("told to go without strace: whether acknowledged messages are synced is not proven")
        pytest.fail(f"strace cannot trace here, so the promise is not proven (WITHOUT_STRACE=1 skips it): {probe.stderr}")


def _traced(make_broker, *options):
    broker = make_broker(wrapper=("strace", "-f", *options))
    broker.start(timeout=60)
    return broker, QStash(broker.token, base_url=broker.url, retry=False)


def test_every_acknowledged_publish_has_cost_a_sync_of_its_own(make_broker, tmp_path, receiver):
    trace = tmp_path / "trace"
    broker, client = _traced(make_broker, "-e", "trace=fsync,fdatasync", "-o", str(trace))

    def syncs():
        return len(_ENDED.findall(trace.read_text()))

    # Delayed, so that no delivery settles meanwhile and every sync belongs to a publish; one after the other, so that
    # no two share a commit.
    for _ in range(PUBLISHES):
        before = syncs()
        client.message.publish(url=receiver.url("/later"), body="b", delay="1d")
        assert syncs() > before
    broker.kill()


@pytest.mark.parametrize("fault", [f"delay_exit={DELAY_MILLISECONDS}000", f"delay_enter={DELAY_MILLISECONDS}000"])
def test_the_answer_waits_for_a_slow_disk(make_broker, tmp_path, receiver, fault):
    broker, client = _traced(
        make_broker,
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        f"inject=fsync,fdatasync:{fault}",
        "-o",
        str(tmp_path / "trace"),
    )
    for _ in range(5):
        started = time.monotonic()
        client.message.publish(url=receiver.url("/later"), body="b", delay="1d")
        assert time.monotonic() - started >= DELAY_MILLISECONDS / 1_000
    broker.kill()


def test_what_was_answered_is_there_after_a_kill(make_broker, receiver):
    broker = make_broker()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    ids = [client.message.publish(url=receiver.url("/later"), body=str(n), delay="1d").message_id for n in range(50)]
    broker.kill()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    assert [client.message.get(each).body for each in ids] == [str(n) for n in range(50)]
