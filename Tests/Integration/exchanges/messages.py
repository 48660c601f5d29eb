"""Messages: reading and cancelling, and the filters that other catalogues share with it."""

from qstash.message import Message

from .publish import DONE, FAILED, HOOK, SECOND
from .recorder import NOTHING, answers, asks, composed, does, recorded, says

STORED = {
    "messageId": "msg_7Yx2kQ",
    "url": HOOK,
    "method": "POST",
    "maxRetries": 3,
    "notBefore": 1760000000000,
    "createdAt": 1759999990000,
}
TAGGED = {
    "callback": DONE,
    "failureCallback": FAILED,
    "label": "billing",
    "labels": ["billing", "eu"],
    "flowControlKey": "tenant-7",
    "parallelism": 5,
    "rate": 10,
    "period": 60,
}
ROUTED = {"topicName": "my-group", "endpointName": "billing", "scheduleId": "scd_nightly", "queueName": "orders"}
MESSAGE = {
    **STORED,
    **TAGGED,
    "header": {"Content-Type": ["application/json"], "X-Tenant": ["7"]},
    "body": '{"n":1}',
    "callbackHeader": {"X-Team": ["ops"]},
    "failureCallbackHeader": {"X-Team": ["night"]},
    "callerIP": "203.0.113.9",
    "retryDelayExpression": "1000 * (1 + retried)",
}
# Two values for those that take several; in JavaScript the parameter is repeated.
FILTER = [
    ("url", HOOK),
    ("url", SECOND),
    ("topicName", "my-group"),
    ("queueName", "orders"),
    ("scheduleId", "scd_nightly"),
    ("label", "billing"),
    ("label", "eu"),
    ("flowControlKey", "tenant-7"),
    ("callerIp", "203.0.113.9"),
    ("fromDate", "1759900000000"),
    ("toDate", "1760000000000"),
]
PLACE = [("host", "api.example.com"), ("path", "/hook")]
NO_CANCEL = "The Python client cannot cancel by a filter; parameters as in JavaScript."
NO_FILTER = "The Python client has neither all of these filters nor several values of one; parameters as in JavaScript."

GET_MESSAGE = does("message.get", "msg_7Yx2kQ")
CANCEL = does("message.cancel", "msg_7Yx2kQ")
CANCEL_MANY = does("message.cancel_many", ["msg_a1", "msg_b2"])
CANCEL_ALL = does("message.cancel_all")

MESSAGES = [
    recorded("messages-get", "11.1", GET_MESSAGE, Message, answers(MESSAGE)),
    recorded("messages-get-minimal", "11.1", GET_MESSAGE, Message, answers(STORED)),
    recorded(
        "messages-get-variant",
        "11.1",
        GET_MESSAGE,
        Message,
        answers(
            {
                **STORED,
                **ROUTED,
                "bodyBase64": "/wABgA==",
                "label": "billing",
                "callerIp": "203.0.113.9",
                "flowControlKey": "tenant-7",
                "rate": 10,
                "period": 1,
            }
        ),
        "A body that is not UTF-8, only the old `label`, `callerIp` of the JavaScript types, `parallelism` not set.",
    ),
    recorded("messages-cancel", "11.2", CANCEL, NOTHING, answers({"cancelled": 1}, 202)),
    recorded("messages-cancel-text", "11.2", CANCEL, NOTHING, says("OK", 202), "The answer of an older server."),
    composed(
        "messages-cancel-many",
        "11.3",
        asks("DELETE", "/v2/messages", [("messageIds", "msg_a1"), ("messageIds", "msg_b2")]),
        answers({"cancelled": 2}, 202),
        "The Python client sends the ids as a JSON body.",
        CANCEL_MANY,
        int,
    ),
    composed(
        "messages-cancel-filter",
        "11.3",
        asks("DELETE", "/v2/messages", [("count", "50"), *FILTER, *PLACE]),
        answers({"cancelled": 12, "actionId": "ba_91"}),
        NO_CANCEL + " JavaScript gives a count of 100 when it is told none. A field more in the answer is no error.",
        CANCEL_MANY,
        int,
    ),
    recorded("messages-cancel-all", "11.3", CANCEL_ALL, int, answers({"cancelled": 3}, 202)),
]
