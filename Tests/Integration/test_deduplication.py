"""Duplicates are accepted, answered with the first id, and not sent."""

import wire


def test_the_second_publish_is_answered_with_the_first_id(client, broker, receiver, path):
    first = client.message.publish(url=receiver.url(path), body="a", deduplication_id=path)
    second = client.message.publish(url=receiver.url(path), body="b", deduplication_id=path)
    assert (first.deduplicated, second.deduplicated) == (False, True)
    assert second.message_id == first.message_id
    reply = wire.request(broker, "POST", "/v2/publish/" + receiver.url(path), {"Upstash-Deduplication-Id": path})
    assert (reply.status, reply.json["deduplicated"], reply.json["messageId"]) == (202, True, first.message_id)
    client.message.publish(url=receiver.url(path + "/after"))
    receiver.wait_for(path + "/after")
    assert [each.body for each in receiver.wait_for(path)] == [b"a"]


def test_content_decides_when_asked(client, receiver, path):
    def publish(body, **headers):
        return client.message.publish(
            url=receiver.url(path), body=body, content_based_deduplication=True, headers=headers
        )

    first = publish("a")
    assert publish("a").message_id == first.message_id
    assert not publish("b").deduplicated
    assert not publish("a", X="1").deduplicated
    receiver.wait_for(path, 3)


def test_the_id_stays_taken_after_a_cancel(client, receiver, path):
    first = client.message.publish(url=receiver.url(path), delay="1h", deduplication_id=path)
    client.message.cancel(first.message_id)
    assert client.message.publish(url=receiver.url(path), deduplication_id=path).deduplicated


def test_within_a_batch_the_later_item_is_the_duplicate(client, receiver, path):
    item = {"url": receiver.url(path), "deduplication_id": path}
    first, second = client.message.batch([{**item, "body": "a"}, {**item, "body": "b"}])
    assert (first.deduplicated, second.deduplicated) == (False, True)
    assert first.message_id == second.message_id
    assert [each.body for each in receiver.wait_for(path)] == [b"a"]


def test_the_id_outlives_the_process(make_broker, receiver, path):
    from qstash import QStash

    broker = make_broker()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    first = client.message.publish(url=receiver.url(path), deduplication_id=path)
    broker.kill()
    broker.start()
    client = QStash(broker.token, base_url=broker.url, retry=False)
    second = client.message.publish(url=receiver.url(path), deduplication_id=path)
    assert second.deduplicated and second.message_id == first.message_id
