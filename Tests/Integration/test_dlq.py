"""The dead letter queue."""

import pytest
from qstash.errors import QStashError

import wire
from probe import eventually
from receiver import Answer


@pytest.fixture
def bury(client, receiver):
    """Publishes a message that fails once and for all; returns its entry."""

    def bury(path, **options):
        receiver.script(path, Answer(418, {"X-Tea": "yes"}, b"teapot"))
        published = client.message.publish(url=receiver.url(path), retries=0, **options)
        filter = {"message_id": published.message_id}
        return eventually(lambda: client.dlq.list(filter=filter).messages)[0]

    return bury


def test_an_entry_shows_message_and_answer(client, broker, receiver, bury, path):
    entry = bury(path, body="b", content_type="text/plain", headers={"X-A": "1"}, label="tea")
    assert (entry.url, entry.body, entry.label) == (receiver.url(path), "b", "tea")
    assert entry.headers == {"Content-Type": ["text/plain"], "X-A": ["1"]}
    assert (entry.response_status, entry.response_body) == (418, "teapot")
    assert entry.response_headers["X-Tea"] == ["yes"]
    assert client.dlq.get(entry.dlq_id) == entry
    failed_at = int(entry.dlq_id.split("-")[0])
    (failed,) = wire.events(broker, messageId=entry.message_id, state="FAILED")
    assert abs(failed["time"] - failed_at) < 1_000


def test_an_entry_is_deleted_once(client, bury, path):
    entry = bury(path)
    client.dlq.delete(entry.dlq_id)
    for call in (client.dlq.get, client.dlq.delete):
        with pytest.raises(QStashError, match="404"):
            call(entry.dlq_id)


def test_many_entries_are_deleted_and_unknown_ids_skipped(client, bury, path):
    ids = [bury(f"{path}/{n}").dlq_id for n in range(3)]
    assert client.dlq.delete_many([*ids, "1-unknown"]) == 3
    assert client.dlq.delete_many(ids) == 0


def test_pages_follow_one_another(client, bury, path):
    ids = {bury(f"{path}/{n}").dlq_id for n in range(3)}
    seen, cursor = [], None
    while True:
        page = client.dlq.list(count=2, cursor=cursor)
        assert len(page.messages) <= 2
        seen += [entry.dlq_id for entry in page.messages]
        cursor = page.cursor
        if cursor is None:
            break
    assert ids <= set(seen) and len(seen) == len(set(seen))


def test_a_retried_entry_becomes_a_new_message(client, broker, receiver, bury, path):
    entry = bury(path, body="b", headers={"X-A": "1"})
    receiver.script(path, Answer(200))
    reply = wire.request(broker, "POST", f"/v2/dlq/retry/{entry.dlq_id}")
    assert reply.status == 201, reply.body
    new = reply.json["messageId"]
    assert new != entry.message_id
    got = receiver.wait_for(path, 2)[1]
    assert (got.message_id, got.body, got.header("X-A"), got.retried) == (new, b"b", "1", 0)
    assert client.dlq.list(filter={"message_id": entry.message_id}).messages == []
    assert wire.request(broker, "POST", f"/v2/dlq/retry/{entry.dlq_id}").status == 404


def test_several_entries_are_retried_by_their_ids(broker, receiver, bury, path):
    ids = [bury(f"{path}/{n}").dlq_id for n in range(2)]
    reply = wire.request(broker, "POST", "/v2/dlq/retry?" + "&".join(f"dlqIds={each}" for each in ids))
    assert reply.status == 201, reply.body
    assert len(reply.json["responses"]) == 2
    for n in range(2):
        receiver.wait_for(f"{path}/{n}", 2)
