"""Publishing with the official client, and what the destination receives."""

import base64
import hashlib
import json

import jwt
import pytest
from qstash.errors import QStashError, SignatureError

import wire
from broker import CURRENT_KEY
from probe import eventually


def test_a_published_message_arrives_signed(client, receiver, signatures, path):
    url = receiver.url(path + "?tenant=7")
    published = client.message.publish(url=url, body="hello", content_type="text/plain", headers={"X-Trace": "abc"})
    (got,) = receiver.wait_for(path)
    assert published.message_id.startswith("msg_") and not published.deduplicated
    assert (got.method, got.target, got.body) == ("POST", path + "?tenant=7", b"hello")
    assert got.header("Content-Type") == "text/plain"
    assert got.header("X-Trace") == "abc"
    assert got.header("User-Agent") == "Upstash-QStash"
    assert got.message_id == published.message_id
    assert got.retried == 0
    assert got.header("Upstash-Caller-Ip") == "127.0.0.1"
    assert got.header("Upstash-Region")
    assert got.header("Postrider-Max-Retries") == "3"
    assert got.header("Authorization") is None
    signatures.verify(signature=got.header("Upstash-Signature"), body="hello", url=url)


def test_a_signature_belongs_to_its_body_and_url(client, receiver, signatures, path):
    url = receiver.url(path)
    client.message.publish(url=url, body="hello")
    (got,) = receiver.wait_for(path)
    signature = got.header("Upstash-Signature")
    with pytest.raises(SignatureError):
        signatures.verify(signature=signature, body="hello ", url=url)
    with pytest.raises(SignatureError):
        signatures.verify(signature=signature, body="hello", url=url + "?x=1")


def test_the_claims_are_those_of_the_contract(client, receiver, path):
    client.message.publish(url=receiver.url(path), body="claims")
    (got,) = receiver.wait_for(path)
    signature = got.header("Upstash-Signature")
    assert jwt.get_unverified_header(signature) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(signature, CURRENT_KEY, algorithms=["HS256"])
    assert claims["iss"] == "Upstash" and claims["sub"] == receiver.url(path)
    assert claims["exp"] == claims["iat"] + 300 and claims["nbf"] == 0
    assert claims["jti"].startswith("jwt_") and "aud" not in claims
    assert claims["body"] == base64.urlsafe_b64encode(hashlib.sha256(b"claims").digest()).decode()


def test_json_is_sent_as_json(client, receiver, path):
    client.message.publish_json(url=receiver.url(path), body={"n": 1, "ü": [None]})
    (got,) = receiver.wait_for(path)
    assert json.loads(got.body) == {"n": 1, "ü": [None]}
    assert got.header("Content-Type") == "application/json"


@pytest.mark.parametrize("body", [b"", b"\x00\xff\r\n\r\n", b"x" * 300_000], ids=["empty", "binary", "large"])
def test_a_body_arrives_unchanged(client, receiver, path, body):
    client.message.publish(url=receiver.url(path), body=body)
    (got,) = receiver.wait_for(path)
    assert got.body == body


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_the_method_is_the_one_asked_for(client, receiver, path, method):
    client.message.publish(url=receiver.url(path), method=method, body="b")
    (got,) = receiver.wait_for(path)
    assert (got.method, got.body) == (method, b"b")


def test_a_batch_answers_in_order_and_all_arrive(client, receiver, path):
    items = [{"url": receiver.url(path), "body": {"n": n}, "headers": {"X-N": str(n)}} for n in range(20)]
    answers = client.message.batch_json(items)
    got = {json.loads(each.body)["n"]: each for each in receiver.wait_for(path, 20)}
    assert [answer.message_id for answer in answers] == [got[n].message_id for n in range(20)]
    assert all(got[n].header("X-N") == str(n) for n in range(20))


def test_a_batch_of_one_answers_an_array(client, receiver, path):
    answers = client.message.batch([{"url": receiver.url(path), "body": "one"}])
    assert len(answers) == 1
    receiver.wait_for(path)


def test_a_bad_batch_item_fails_alone(broker, receiver, path):
    items = [
        {"destination": receiver.url(path), "body": "first"},
        {"destination": "no-scheme.example.com/x"},
        {"destination": receiver.url(path), "headers": {"Upstash-Delay": "-1s"}},
        {"destination": receiver.url(path), "headers": {"Upstash-Forward-X": "a\r\nEvil: 1"}},
        {"destination": receiver.url(path), "body": 7},
        {"destination": receiver.url(path), "body": "last"},
    ]
    reply = wire.request(broker, "POST", "/v2/batch", {"Content-Type": "application/json"}, json.dumps(items))
    assert reply.status == 200
    answers = reply.json
    assert ["messageId" in answer for answer in answers] == [True, False, False, False, False, True]
    assert all(isinstance(answer["error"], str) and answer["error"] for answer in answers[1:5])
    assert sorted(each.body for each in receiver.wait_for(path, 2)) == [b"first", b"last"]


def test_a_batch_ignores_headers_of_the_outer_request(broker, receiver, path):
    items = [{"destination": receiver.url(path), "queue": None, "body": None}]
    reply = wire.request(broker, "POST", "/v2/batch", {"Upstash-Delay": "1h"}, json.dumps(items))
    assert reply.status == 200
    receiver.wait_for(path)


def test_ten_days_of_delay_are_accepted_and_kept(client, receiver, path):
    published = client.message.publish(url=receiver.url(path), delay="10d")
    message = client.message.get(published.message_id)
    assert 863_990_000 <= message.not_before - message.created_at <= 864_010_000
    client.message.cancel(published.message_id)


def test_a_short_delay_is_waited_for(client, broker, receiver, path):
    published = client.message.publish(url=receiver.url(path), delay=2)
    message = client.message.get(published.message_id)
    assert message.not_before - message.created_at == 2_000
    assert receiver.received(path) == []
    receiver.wait_for(path)
    delivered = eventually(lambda: wire.events(broker, messageId=published.message_id, state="DELIVERED"))
    assert delivered[0]["time"] >= message.not_before


def test_configuration_may_come_through_the_query(broker, receiver, path):
    target = f"/v2/publish/{receiver.url(path)}?keep=1&upstash-retries=7&qstash_token={broker.token}&last=a%2Fb"
    reply = wire.request(broker, "POST", target, {"Upstash-Header-Forward": "true", "X-Mine": "yes"}, "b", token=None)
    assert reply.status == 200, reply.body
    (got,) = receiver.wait_for(path)
    assert got.target == path + "?keep=1&last=a%2Fb"
    assert got.header("Postrider-Max-Retries") == "7"
    assert got.header("X-Mine") == "yes"
    assert broker.token not in str(got.headers) + got.target
    assert broker.token not in "".join(broker.output())


def test_redacted_fields_never_show(client, receiver, broker, path):
    published = client.message.publish(
        url=receiver.url(path),
        body="very secret body",
        headers={"X-Key": "very secret key", "X-Open": "open"},
        redact={"body": True, "header": ["X-Key"]},
    )
    (got,) = receiver.wait_for(path)
    assert (got.body, got.header("X-Key")) == (b"very secret body", "very secret key")
    message = client.message.get(published.message_id)
    assert message.body.startswith("REDACTED:") and message.headers["X-Key"][0].startswith("REDACTED:")
    assert message.headers["X-Open"] == ["open"]
    shown = json.dumps(wire.events(broker, messageId=published.message_id))
    assert "very secret" not in shown and base64.b64encode(b"very secret body").decode() not in shown


def test_labels_are_kept_and_listed(client, broker, receiver, path):
    published = client.message.publish(url=receiver.url(path), label="billing, eu")
    receiver.wait_for(path)
    shown = wire.get(broker, f"/v2/messages/{published.message_id}")
    assert (shown["label"], shown["labels"]) == ("billing", ["billing", "eu"])
    created = wire.events(broker, messageId=published.message_id, state="CREATED")
    assert (created[0]["label"], created[0]["labels"]) == ("billing", ["billing", "eu"])


def test_flow_control_is_kept_and_returned(client, receiver, path):
    published = client.message.publish(
        url=receiver.url(path), flow_control={"key": "tenant-7", "rate": 10, "period": "1h30m3s"}
    )
    flow = client.message.get(published.message_id).flow_control
    assert (flow.key, flow.rate, flow.period, flow.parallelism) == ("tenant-7", 10, 5403, None)
    published = client.message.publish(url=receiver.url(path), flow_control={"key": "k/a%2F%", "parallelism": 5})
    flow = client.message.get(published.message_id).flow_control
    assert (flow.rate, flow.period, flow.parallelism) == (None, 1, 5)


@pytest.mark.parametrize("call", ["queue", "group"])
def test_queues_and_groups_say_not_yet(client, receiver, path, call):
    with pytest.raises(QStashError, match="400"):
        if call == "queue":
            client.message.enqueue(queue="orders", url=receiver.url(path))
        else:
            client.message.publish(url_group="my-group")
    assert receiver.received(path) == []
