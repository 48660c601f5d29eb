"""Batches."""

from .publish import DONE, FAILED, FANNED_OUT, HOOK, JSON, POSTED, SECOND, SENT
from .recorder import answers, asks, composed, does, recorded

BATCH_OPTIONS = {
    "content-type": "application/json",
    "upstash-method": "PUT",
    "upstash-forward-x-tenant": "7",
    "upstash-retries": "2",
    "upstash-retry-delay": "1000 * (1 + retried)",
    "upstash-timeout": "30s",
    "upstash-delay": "90s",
    "upstash-deduplication-id": "order-1",
    "upstash-callback": DONE,
    "upstash-callback-retries": "1",
    "upstash-callback-forward-x-team": "ops",
    "upstash-failure-callback": FAILED,
    "upstash-failure-callback-retries": "5",
    "upstash-failure-callback-forward-x-team": "night",
    "upstash-flow-control-key": "tenant-7",
    "upstash-flow-control-value": "parallelism=5, rate=10, period=60s",
    "upstash-label": "billing,eu",
    "upstash-redact-fields": "body,header[Authorization]",
}

CASE_NOTE = "Names of item headers compare without case."
BATCH_NOTE = CASE_NOTE + " The Python client sends them in canonical case, and `queue` and `body` also when null."


def item(n, destination=HOOK, headers=POSTED, **more):
    return {"destination": destination, "headers": headers, "body": f'{{"n":{n}}}', **more}


def batch(name, items, content, *messages, reads=list, note=BATCH_NOTE):
    """A batch as JavaScript sends it; the official Python client reads the answer to a batch of `messages`."""
    # The client changes the headers of what it is given.
    call = does("message.batch_json", [dict(message) for message in messages])
    request = asks("POST", "/v2/batch", headers=JSON, body=items)
    return composed(name, "4.4", request, answers(content), note, call, reads)


BATCH = [
    batch(
        "batch-mixed",
        [
            item(1),
            item(2, "my-group", queue="orders"),
            {"destination": SECOND, "headers": {"upstash-method": "GET"}},
        ],
        [{"messageId": "msg_1"}, FANNED_OUT, {"messageId": "msg_3", "deduplicated": True}],
        {"url": HOOK},
        {"url_group": "my-group", "queue": "orders"},
        {"url": SECOND},
    ),
    batch("batch-every-option", [item(1, headers=BATCH_OPTIONS)], [SENT], {"url": HOOK}),
    batch(
        "batch-item-errors",
        [item(1), item(2, headers={**POSTED, "upstash-deduplication-id": "a:b"}), item(3, SECOND)],
        [SENT, {"error": "DeduplicationId cannot contain ':'"}, {"messageId": "msg_3"}],
        {"url": HOOK},
        {"url": HOOK, "deduplication_id": "a:b"},
        {"url": SECOND},
        reads=KeyError,
        note=CASE_NOTE + " One item is refused, the others are accepted; the Python client raises KeyError on that.",
    ),
    recorded(
        "batch-queued",
        "4.4",
        does(
            "message.batch_json",
            [
                {"queue": "orders", "url": HOOK, "body": {"n": 1}, "method": "POST"},
                {"queue": "orders", "url": HOOK, "body": "two", "method": "PUT", "headers": {"X-Tenant": "7"}},
            ],
        ),
        list,
        answers([{"messageId": "msg_1", "url": HOOK}, {"messageId": "msg_2", "url": HOOK}]),
        CASE_NOTE,
    ),
]
