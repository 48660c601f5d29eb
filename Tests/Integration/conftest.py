"""Fixtures: a server, a destination, and the official client."""

import itertools

import pytest
from qstash import QStash
from qstash import Receiver as SignatureReceiver

from broker import CURRENT_KEY, NEXT_KEY, Broker
from receiver import Receiver

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A server that most tests share: each uses paths and ids of its own."""
    broker = Broker(tmp_path_factory.mktemp("broker"))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def make_broker(tmp_path_factory):
    """Makes servers that are not started yet and are killed at the end of the test."""
    made = []

    def make(*flags, **options):
        broker = Broker(tmp_path_factory.mktemp("broker"), *flags, **options)
        made.append(broker)
        return broker

    yield make
    for broker in made:
        broker.kill()


@pytest.fixture(scope="session")
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def path():
    """A path at the destination that no other test uses."""
    return f"/hook/{next(_numbers)}"


@pytest.fixture(scope="session")
def client(broker):
    return QStash(broker.token, base_url=broker.url, retry=False)


@pytest.fixture(scope="session")
def signatures():
    """The official client's verification, with the keys the servers are started with."""
    return SignatureReceiver(current_signing_key=CURRENT_KEY, next_signing_key=NEXT_KEY)
