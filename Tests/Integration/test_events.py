"""The event log."""

from qstash.log import LogState

import wire
from probe import eventually
from receiver import Answer


def _states(broker, message_id):
    return [event["state"] for event in reversed(wire.events(broker, messageId=message_id))]


def test_a_delivered_message_has_its_three_events(client, broker, receiver, path):
    published = client.message.publish(url=receiver.url(path), body="b")
    eventually(lambda: "DELIVERED" in _states(broker, published.message_id))
    assert _states(broker, published.message_id) == ["CREATED", "ACTIVE", "DELIVERED"]
    listed = client.log.list(filter={"message_id": published.message_id, "state": LogState.DELIVERED})
    assert [log.message_id for log in listed.logs] == [published.message_id]
    assert listed.cursor is None


def test_a_failed_message_tells_every_attempt(client, broker, receiver, path):
    receiver.script(path, Answer(503, {"X-Why": "busy"}, b"nope"))
    published = client.message.publish(url=receiver.url(path), body="b", retries=1, retry_delay="10")
    eventually(lambda: "FAILED" in _states(broker, published.message_id))
    assert _states(broker, published.message_id) == [
        "CREATED",
        "ACTIVE",
        "ERROR",
        "RETRY",
        "ACTIVE",
        "ERROR",
        "FAILED",
    ]
    newest = client.log.list(filter={"message_id": published.message_id}).logs[0]
    assert (newest.state, newest.retry_delay_expression, newest.max_retries) == (LogState.FAILED, "10", 1)
    errors = wire.events(broker, messageId=published.message_id, state="ERROR")
    assert [error["responseStatus"] for error in errors] == [503, 503]
    assert errors[0]["responseBody"] == "bm9wZQ=="
    for name in ("responseHeader", "responseHeaders"):
        assert errors[0][name]["X-Why"] == ["busy"]
    (retry,) = wire.events(broker, messageId=published.message_id, state="RETRY")
    assert retry["nextDeliveryTime"] >= errors[1]["time"]


def test_logs_and_events_are_the_same_list(client, broker, receiver, path):
    published = client.message.publish(url=receiver.url(path), delay="1h")
    query = f"messageId={published.message_id}"
    assert wire.get(broker, f"/v2/logs?{query}")["logs"] == wire.get(broker, f"/v2/events?{query}")["events"]
    client.message.cancel(published.message_id)


def test_pages_follow_one_another_without_gaps(client, broker, receiver, path):
    receiver.script(path, Answer(500))
    published = client.message.publish(url=receiver.url(path), retries=4, retry_delay="10")
    eventually(lambda: "FAILED" in _states(broker, published.message_id))
    everything = [(event["time"], event["state"]) for event in wire.events(broker, messageId=published.message_id)]
    paged, cursor = [], None
    while True:
        page = client.log.list(count=3, cursor=cursor, filter={"message_id": published.message_id})
        assert len(page.logs) <= 3
        paged += [(log.time, log.state.value) for log in page.logs]
        cursor = page.cursor
        if cursor is None:
            break
    assert paged == everything and len(paged) == 1 + 5 * 2 + 4 + 1


def test_several_ids_are_asked_for_at_once(client, broker, receiver, path):
    ids = {client.message.publish(url=receiver.url(path)).message_id for _ in range(3)}
    receiver.wait_for(path, 3)
    listed = client.log.list(filter={"message_ids": list(ids), "state": LogState.CREATED})
    assert {log.message_id for log in listed.logs} == ids


def test_the_last_page_has_no_cursor(broker):
    assert "cursor" not in wire.get(broker, "/v2/events?messageId=msg_unknown")
