"""Reading and cancelling messages."""

import threading

import pytest
from qstash.errors import QStashError

import wire
from probe import eventually
from receiver import Answer


def test_a_message_reads_back_as_published(client, broker, receiver, path):
    published = client.message.publish(
        url=receiver.url(path),
        body='{"n":1}',
        content_type="application/json",
        method="PUT",
        retries=5,
        retry_delay="1000 * (1 + retried)",
        delay="1d",
        headers={"x-tenant": "7"},
        callback=receiver.url(path + "/cb"),
        failure_callback=receiver.url(path + "/fail"),
    )
    message = client.message.get(published.message_id)
    assert message.message_id == published.message_id
    assert (message.url, message.method, message.max_retries) == (receiver.url(path), "PUT", 5)
    assert (message.body, message.body_base64) == ('{"n":1}', None)
    assert message.headers == {"Content-Type": ["application/json"], "X-Tenant": ["7"]}
    assert message.retry_delay_expression == "1000 * (1 + retried)"
    assert message.callback == receiver.url(path + "/cb")
    assert message.failure_callback == receiver.url(path + "/fail")
    assert message.caller_ip == "127.0.0.1"
    assert message.not_before - message.created_at == 86_400_000
    shown = wire.get(broker, f"/v2/messages/{published.message_id}")
    assert not {"topicName", "queueName", "scheduleId", "label", "labels", "flowControlKey"} & shown.keys()
    client.message.cancel(published.message_id)


def test_a_binary_body_reads_back_as_base64(client, receiver, path):
    published = client.message.publish(url=receiver.url(path), body=b"\xff\x00", delay="1h")
    message = client.message.get(published.message_id)
    assert (message.body, message.body_base64) == (None, "/wA=")
    client.message.cancel(published.message_id)


def test_a_delivered_message_stays_readable_for_a_while(client, receiver, path):
    published = client.message.publish(url=receiver.url(path), body="b")
    receiver.wait_for(path)
    assert client.message.get(published.message_id).url == receiver.url(path)


def test_a_cancelled_message_never_arrives(client, broker, receiver, path):
    published = client.message.publish(url=receiver.url(path), delay=2)
    reply = wire.request(broker, "DELETE", f"/v2/messages/{published.message_id}")
    assert (reply.status, reply.json) == (202, {"cancelled": 1})
    states = {event["state"] for event in wire.events(broker, messageId=published.message_id)}
    assert "CANCELED" in states
    with pytest.raises(QStashError, match="404"):
        client.message.cancel(published.message_id)
    # A later message with the same delay has arrived: the cancelled one would have been there before it.
    client.message.publish(url=receiver.url(path + "/after"), delay=2)
    receiver.wait_for(path + "/after")
    assert receiver.received(path) == []


def test_cancelling_stops_the_retries(client, broker, receiver, path):
    receiver.script(path, Answer(500))
    published = client.message.publish(url=receiver.url(path), retries=50, retry_delay="300")
    receiver.wait_for(path, 2)
    client.message.cancel(published.message_id)
    eventually(lambda: wire.events(broker, messageId=published.message_id, state="CANCELED"))
    assert client.dlq.list(filter={"message_id": published.message_id}).messages == []


def test_cancelling_what_is_under_way_lets_the_attempt_finish(client, broker, receiver, path):
    release = threading.Event()
    receiver.script(path, Answer(500, hold=release))
    published = client.message.publish(url=receiver.url(path), retries=5, retry_delay="10")
    receiver.wait_for(path)
    reply = wire.request(broker, "DELETE", f"/v2/messages/{published.message_id}")
    assert (reply.status, reply.json) == (202, {"cancelled": 1})
    release.set()
    eventually(lambda: wire.events(broker, messageId=published.message_id, state="CANCELED"))
    assert len(receiver.received(path)) == 1
    assert client.dlq.list(filter={"message_id": published.message_id}).messages == []


def test_several_messages_are_cancelled_by_their_ids(client, receiver, path):
    ids = [client.message.publish(url=receiver.url(path), delay="1h").message_id for _ in range(2)]
    assert client.message.cancel_many([*ids, "msg_unknown"]) == 2
    assert client.message.cancel_many(ids) == 0


def test_cancel_all_needs_no_parameters(make_broker, receiver, path):
    from qstash import QStash

    broker = make_broker()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    for _ in range(3):
        client.message.publish(url=receiver.url(path), delay="1h")
    assert client.message.cancel_all() == 3
    assert client.message.cancel_all() == 0
