"""Failing destinations: when the next attempt comes, and when there is none."""

import itertools
import time

import pytest

import wire
from probe import eventually
from receiver import Answer


def _dead(client, message_id, timeout=15):
    """The entry of a message in the dead letter queue, once it is there."""
    return eventually(lambda: client.dlq.list(filter={"message_id": message_id}).messages, timeout)[0]


def test_a_failing_destination_gets_it_again(client, receiver, signatures, path):
    receiver.script(path, Answer(500), Answer(302, {"Location": "/elsewhere"}), Answer(200))
    published = client.message.publish(url=receiver.url(path), body="again", retries=3, retry_delay="10")
    got = receiver.wait_for(path, 3)
    assert [each.retried for each in got] == [0, 1, 2]
    assert {each.message_id for each in got} == {published.message_id}
    assert {each.body for each in got} == {b"again"}
    for each in got:
        signatures.verify(signature=each.header("Upstash-Signature"), body="again", url=receiver.url(path))
    assert len({each.header("Upstash-Signature") for each in got}) == 3
    assert receiver.received("/elsewhere") == []


def test_a_message_is_given_up_after_its_retries(client, receiver, path):
    receiver.script(path, Answer(500, body=b"out of order"))
    published = client.message.publish(url=receiver.url(path), body="b", retries=2, retry_delay="10")
    entry = _dead(client, published.message_id)
    assert len(receiver.received(path)) == 3
    assert (entry.response_status, entry.response_body) == (500, "out of order")


def test_no_retries_means_one_attempt(client, receiver, path):
    receiver.script(path, Answer(404))
    published = client.message.publish(url=receiver.url(path), retries=0)
    assert _dead(client, published.message_id).response_status == 404
    assert len(receiver.received(path)) == 1


def test_the_expression_sets_the_pace(client, receiver, path):
    receiver.script(path, Answer(500))
    client.message.publish(url=receiver.url(path), retries=3, retry_delay="pow(2, retried) * 250")
    times = [each.at for each in receiver.wait_for(path, 4)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    for gap, wanted in zip(gaps, [0.25, 0.5, 1.0]):
        assert wanted - 0.02 <= gap < wanted + 1, gaps


@pytest.mark.parametrize(
    "headers, least, most",
    [
        ({"Retry-After": "1"}, 1.0, 3.0),
        ({"Retry-After": "0"}, 0.0, 1.0),
        ({"X-RateLimit-Reset": "1"}, 1.0, 3.0),
        ({"X-RateLimit-Reset-Requests": "0m1s"}, 1.0, 3.0),
        ({"X-RateLimit-Reset-Tokens": "1.2"}, 1.2, 3.0),
        ({"Retry-After": "1", "X-RateLimit-Reset": "50"}, 1.0, 3.0),
        # More than a day is ignored, and so is what cannot be read: then the expression counts.
        ({"Retry-After": "90000"}, 0.1, 1.0),
        ({"Retry-After": "soon"}, 0.1, 1.0),
    ],
    ids=str,
)
def test_the_answer_may_say_when_to_come_back(client, receiver, path, headers, least, most):
    receiver.script(path, Answer(429, headers), Answer(200))
    client.message.publish(url=receiver.url(path), retries=1, retry_delay="100")
    first, second = receiver.wait_for(path, 2)
    assert least - 0.02 <= second.at - first.at < most


@pytest.mark.parametrize("status", [489, 400])
def test_what_cannot_be_retried_is_given_up_at_once(client, receiver, path, status):
    receiver.script(path, Answer(status, {"Upstash-NonRetryable-Error": "true"}))
    published = client.message.publish(url=receiver.url(path), retries=5, retry_delay="10")
    assert _dead(client, published.message_id).response_status == status
    assert len(receiver.received(path)) == 1


def test_489_alone_is_an_ordinary_failure(client, receiver, path):
    receiver.script(path, Answer(489), Answer(200))
    client.message.publish(url=receiver.url(path), retries=1, retry_delay="10")
    receiver.wait_for(path, 2)


def test_a_destination_that_takes_too_long_has_failed(client, receiver, path):
    receiver.script(path, Answer(200, delay=3))
    published = client.message.publish(url=receiver.url(path), retries=0, timeout=1)
    entry = _dead(client, published.message_id)
    assert entry.response_status == 0


def test_nobody_listening_is_a_failure_without_a_status(client, broker, path):
    from broker import free_port

    published = client.message.publish(url=f"http://127.0.0.1:{free_port()}{path}", retries=0)
    assert _dead(client, published.message_id).response_status == 0
    (error,) = wire.events(broker, messageId=published.message_id, state="ERROR")
    assert error["error"]


def test_the_default_pace_begins_with_twelve_seconds(client, broker, receiver, path):
    receiver.script(path, Answer(500))
    published = client.message.publish(url=receiver.url(path))
    (retry,) = eventually(lambda: wire.events(broker, messageId=published.message_id, state="RETRY"))
    (error,) = wire.events(broker, messageId=published.message_id, state="ERROR")
    assert 12_000 <= retry["nextDeliveryTime"] - error["time"] <= 12_400
    client.message.cancel(published.message_id)


def test_a_slow_destination_holds_nobody_up(client, receiver, path):
    receiver.script(path + "/slow", *[Answer(200, delay=2)])
    for _ in range(20):
        client.message.publish(url=receiver.url(path + "/slow"))
    started = time.monotonic()
    client.message.publish(url=receiver.url(path))
    receiver.wait_for(path)
    assert time.monotonic() - started < 1.5
