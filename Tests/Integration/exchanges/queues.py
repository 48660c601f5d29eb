"""Queues: enqueueing into them and managing them."""

from qstash.message import EnqueueResponse
from qstash.queue import Queue

from .publish import FANNED_OUT, HOOK, OPTIONS, SENT, sent
from .recorder import EMPTY, NOTHING, acts, answers, does, recorded, says


def enqueues(**options):
    return does("message.enqueue_json", **{"queue": "orders", "body": {"n": 1}, "method": "POST", **options})


ENQUEUE = [
    recorded("enqueue-json", "4.2", enqueues(url=HOOK), EnqueueResponse, sent(HOOK)),
    recorded(
        "enqueue-every-option",
        "4.2",
        enqueues(url=HOOK, **OPTIONS, deduplication_id="order-1", redact={"body": True, "header": True}),
        EnqueueResponse,
        answers({**SENT, "deduplicated": True}, 202),
        "Delay, not-before and flow control are not available in queues.",
    ),
    recorded("enqueue-url-group", "4.2", enqueues(url_group="my-group"), list, answers(FANNED_OUT)),
]

QUEUE = {
    "name": "orders",
    "createdAt": 1760000000000,
    "updatedAt": 1760000000500,
    "parallelism": 2,
    "paused": False,
    "lag": 12,
}
QUEUES = [
    recorded("queue-upsert", "15", does("queue.upsert", "orders", parallelism=2), NOTHING, EMPTY),
    recorded("queue-upsert-paused", "15", does("queue.upsert", "orders", paused=True), NOTHING, says("OK", 200)),
    recorded("queue-get", "15", does("queue.get", "orders"), Queue, answers(QUEUE)),
    recorded(
        "queue-list",
        "15",
        does("queue.list"),
        list,
        answers([QUEUE, {**QUEUE, "name": "mail", "parallelism": 1, "paused": True, "lag": 0}]),
    ),
    acts("queue-delete", "15", "queue.delete", "orders"),
    acts("queue-pause", "15", "queue.pause", "orders"),
    acts("queue-resume", "15", "queue.resume", "orders"),
]
