"""Signing keys: read, rotated, and kept."""

from qstash import QStash
from qstash import Receiver as SignatureReceiver

import wire
from broker import CURRENT_KEY, NEXT_KEY


def test_the_keys_are_those_of_the_environment(client):
    keys = client.signing_key.get()
    assert (keys.current, keys.next) == (CURRENT_KEY, NEXT_KEY)


def test_rotating_moves_the_keys_on_and_a_restart_keeps_them(make_broker, receiver, path):
    broker = make_broker()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    rotated = client.signing_key.rotate()
    assert rotated.current == NEXT_KEY
    assert rotated.next.startswith("sig_") and rotated.next not in (CURRENT_KEY, NEXT_KEY)
    client.message.publish(url=receiver.url(path), body="b")
    (got,) = receiver.wait_for(path)
    fresh = SignatureReceiver(current_signing_key=rotated.current, next_signing_key=rotated.next)
    fresh.verify(signature=got.header("Upstash-Signature"), body="b", url=receiver.url(path))
    assert broker.stop() == 0
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    assert client.signing_key.get() == rotated


def test_other_keys_in_the_environment_replace_what_was_rotated(make_broker):
    broker = make_broker()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    client.signing_key.rotate()
    broker.stop()
    broker.environment["QSTASH_CURRENT_SIGNING_KEY"] = "sig_other0000000000000000000001"
    broker.environment["QSTASH_NEXT_SIGNING_KEY"] = "sig_other0000000000000000000002"
    broker.start()
    keys = wire.get(broker, "/v2/keys")
    assert keys == {"current": "sig_other0000000000000000000001", "next": "sig_other0000000000000000000002"}
