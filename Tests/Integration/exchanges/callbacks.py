"""Callbacks: what a server sends."""

from .dlq import DEAD_ID
from .publish import HOOK, JSON
from .recorder import EMPTY, asks, composed

ATTEMPT = {
    "status": 200,
    "header": {"Content-Type": ["application/json"]},
    "body": "eyJvayI6dHJ1ZX0=",
    "retried": 1,
    "maxRetries": 3,
    "sourceMessageId": "msg_7Yx2kQ",
    "topicName": "my-group",
    "endpointName": "billing",
    "url": HOOK,
    "method": "POST",
    "sourceHeader": {"Content-Type": ["application/json"], "X-Tenant": ["7"]},
    "sourceBody": "eyJuIjoxfQ==",
    "notBefore": 1760000000000,
    "createdAt": 1759999990000,
    "scheduleId": "scd_nightly",
    "callerIP": "203.0.113.9",
}
FAILURE = {
    "status": 0,
    "retried": 3,
    "maxRetries": 3,
    "sourceMessageId": "msg_7Yx2kQ",
    "url": HOOK,
    "method": "POST",
    "notBefore": 1760000000000,
    "createdAt": 1759999990000,
    "dlqId": DEAD_ID,
}


def calls_back(name, path, content, note):
    request = asks("POST", path, headers=JSON, body=content, authorization=False)
    return composed(name, "9", request, EMPTY, f"From the server to a callback: {note}.")


CALLBACKS = [
    calls_back("callback-attempt", "/done", ATTEMPT, "after an attempt"),
    calls_back("callback-failure", "/failed", FAILURE, "after the last attempt, which got no HTTP answer"),
    calls_back(
        "callback-as-documented",
        "/done",
        {
            **ATTEMPT,
            "sourceHeader": {"Content-Type": "application/json", "X-Tenant": "7"},
            "notBefore": "1760000000000",
            "createdAt": "1759999990000",
        },
        "the documentation shows values of headers and times as text",
    ),
]
