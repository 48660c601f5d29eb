"""Callbacks and failure callbacks: messages of their own about another message."""

import base64
import json

from probe import eventually
from receiver import Answer


def _decoded(text):
    return base64.b64decode(text)


def test_each_attempt_is_called_back(client, receiver, signatures, path):
    receiver.script(path, Answer(500, body=b"no"), Answer(200, {"X-Out": "1"}, b"yes"))
    published = client.message.publish(
        url=receiver.url(path),
        body="in",
        content_type="text/plain",
        headers={"X-In": "7"},
        retries=2,
        retry_delay="10",
        callback=receiver.url(path + "/cb"),
        callback_headers={"Forward-X-Team": "ops"},
    )
    calls = receiver.wait_for(path + "/cb", 2)
    bodies = sorted((json.loads(call.body) for call in calls), key=lambda body: body["retried"])
    assert [body["status"] for body in bodies] == [500, 200]
    assert [_decoded(body["body"]) for body in bodies] == [b"no", b"yes"]
    last = bodies[1]
    assert (last["retried"], last["maxRetries"]) == (1, 2)
    assert last["sourceMessageId"] == published.message_id
    assert (last["url"], last["method"]) == (receiver.url(path), "POST")
    assert last["header"]["X-Out"] == ["1"]
    assert last["sourceHeader"] == {"Content-Type": ["text/plain"], "X-In": ["7"]}
    assert _decoded(last["sourceBody"]) == b"in"
    assert last["callerIP"] == "127.0.0.1"
    assert isinstance(last["notBefore"], int) and isinstance(last["createdAt"], int)
    assert not {"topicName", "scheduleId", "dlqId"} & last.keys()
    for call in calls:
        assert call.header("X-Team") == "ops"
        assert call.header("Content-Type") == "application/json"
        assert call.message_id != published.message_id
        signatures.verify(
            signature=call.header("Upstash-Signature"), body=call.body.decode(), url=receiver.url(path + "/cb")
        )


def test_the_failure_callback_names_the_entry(client, receiver, path):
    receiver.script(path, Answer(500, body=b"no"))
    published = client.message.publish(
        url=receiver.url(path),
        body="in",
        retries=1,
        retry_delay="10",
        failure_callback=receiver.url(path + "/fail"),
        failure_callback_headers={"Forward-X-Team": "ops"},
    )
    (call,) = receiver.wait_for(path + "/fail")
    body = json.loads(call.body)
    assert (body["status"], body["retried"], body["maxRetries"]) == (500, 1, 1)
    assert body["sourceMessageId"] == published.message_id
    assert call.header("X-Team") == "ops"
    entry = eventually(lambda: client.dlq.list(filter={"message_id": published.message_id}).messages)[0]
    assert body["dlqId"] == entry.dlq_id


def test_both_may_be_asked_for(client, receiver, path):
    receiver.script(path, Answer(500))
    client.message.publish(
        url=receiver.url(path),
        retries=0,
        callback=receiver.url(path + "/cb"),
        failure_callback=receiver.url(path + "/fail"),
    )
    receiver.wait_for(path + "/cb")
    receiver.wait_for(path + "/fail")


def test_a_success_calls_no_failure_callback(client, receiver, path):
    client.message.publish(
        url=receiver.url(path), callback=receiver.url(path + "/cb"), failure_callback=receiver.url(path + "/fail")
    )
    receiver.wait_for(path + "/cb")
    assert receiver.received(path + "/fail") == []


def test_options_of_a_callback_are_its_own(client, receiver, path):
    client.message.publish(
        url=receiver.url(path),
        retries=4,
        callback=receiver.url(path + "/cb"),
        callback_headers={"Method": "PUT", "Retries": "1"},
    )
    (call,) = receiver.wait_for(path + "/cb")
    assert (call.method, call.header("Postrider-Max-Retries")) == ("PUT", "1")


def test_a_callback_that_fails_is_retried_and_dead_lettered_without_another(client, receiver, path):
    receiver.script(path + "/cb", Answer(500))
    client.message.publish(
        url=receiver.url(path),
        retries=1,
        retry_delay="10",
        callback=receiver.url(path + "/cb"),
        callback_headers={"Retry-Delay": "10"},
        failure_callback=receiver.url(path + "/fail"),
    )
    calls = receiver.wait_for(path + "/cb", 2)
    filter = {"message_id": calls[0].message_id}
    eventually(lambda: client.dlq.list(filter=filter).messages)
    assert receiver.received(path + "/fail") == []
