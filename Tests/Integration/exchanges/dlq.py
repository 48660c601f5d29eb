"""Dead letters: reading, deleting, retrying."""

from qstash.dlq import DlqMessage, ListDlqMessagesResponse

from .messages import FILTER, MESSAGE, NO_FILTER, ROUTED, STORED
from .publish import HOOK
from .recorder import acts, answers, asks, composed, does, recorded

DEAD_ID = "1725323658779-0"
DEAD = {
    **MESSAGE,
    **ROUTED,
    "dlqId": DEAD_ID,
    "responseStatus": 500,
    "responseHeader": {"Content-Type": ["text/plain"]},
    "responseBody": "oops",
}
DEAD_BINARY = {**STORED, "dlqId": "1725323658780-0", "responseStatus": 502, "responseBodyBase64": "/wABgA=="}
DEAD_FILTER = [*FILTER, ("responseStatus", "500"), ("responseStatus", "503")]
DEAD_IDS = [("dlqIds", DEAD_ID), ("dlqIds", "1725323658780-0")]
NO_DELETE = "The Python client cannot delete by a filter; parameters as in JavaScript."
NO_RETRY = "The Python client cannot retry; JavaScript sends it like this, also for one id."

GET_DEAD = does("dlq.get", DEAD_ID)
DELETE_DEAD = does("dlq.delete_many", [DEAD_ID, "1725323658780-0"])


def retries(name, query, content, note=NO_RETRY, headers=None):
    return composed(name, "14", asks("POST", "/v2/dlq/retry", query, headers), answers(content, 201), note)


DLQ = [
    recorded(
        "dlq-list",
        "14",
        does("dlq.list", cursor=DEAD_ID, count=10),
        ListDlqMessagesResponse,
        answers({"messages": [DEAD, DEAD_BINARY], "cursor": "1725323658780-0"}),
    ),
    recorded(
        "dlq-list-filter",
        "14",
        does(
            "dlq.list",
            filter={
                "message_id": "msg_7Yx2kQ",
                "url": HOOK,
                "url_group": "my-group",
                "queue": "orders",
                "schedule_id": "scd_nightly",
                "from_time": 1759900000000,
                "to_time": 1760000000000,
                "response_status": 500,
                "caller_ip": "203.0.113.9",
                "label": "billing",
            },
        ),
        ListDlqMessagesResponse,
        answers({"messages": []}),
        "The last page has no `cursor`.",
    ),
    composed(
        "dlq-list-filter-every",
        "14",
        asks("GET", "/v2/dlq", [("order", "latestFirst"), ("count", "100"), *DEAD_FILTER]),
        answers({"messages": [DEAD]}),
        NO_FILTER,
        does("dlq.list"),
        ListDlqMessagesResponse,
    ),
    recorded("dlq-get", "14", GET_DEAD, DlqMessage, answers(DEAD)),
    recorded(
        "dlq-get-unanswered",
        "14",
        GET_DEAD,
        DlqMessage,
        answers({**STORED, "bodyBase64": "/wABgA==", "responseStatus": 0}),
        "No HTTP answer came, and `dlqId` is missing, which the Python client tolerates here.",
    ),
    acts("dlq-delete", "14", "dlq.delete", DEAD_ID),
    composed(
        "dlq-delete-many",
        "14",
        asks("DELETE", "/v2/dlq", DEAD_IDS),
        answers({"deleted": 1}),
        "The Python client sends the ids as a JSON body. One of the entries was gone already.",
        DELETE_DEAD,
        int,
    ),
    composed(
        "dlq-delete-filter",
        "14",
        asks("DELETE", "/v2/dlq", [("count", "50"), *DEAD_FILTER]),
        answers({"deleted": 50, "cursor": "1725323658780-0"}),
        NO_DELETE + " More entries match.",
        DELETE_DEAD,
        int,
    ),
    composed(
        "dlq-delete-all",
        "14",
        asks("DELETE", "/v2/dlq", [("count", "100")]),
        answers({"deleted": 0}),
        NO_DELETE + " Without ids and filter it means all.",
        DELETE_DEAD,
        int,
    ),
    retries("dlq-retry-one", DEAD_IDS[:1], {"responses": [{"messageId": "msg_new"}]}),
    retries(
        "dlq-retry-many",
        DEAD_IDS,
        {"cursor": "", "responses": [{"messageId": "msg_new1"}, {"messageId": "msg_new2"}]},
        NO_RETRY + " The empty cursor means that nothing is left.",
    ),
    retries(
        "dlq-retry-overriding",
        DEAD_IDS[:1],
        {"responses": [{"messageId": "msg_new"}]},
        NO_RETRY + " Publish headers override single settings.",
        {
            "upstash-retries": "0",
            "upstash-delay": "90s",
            "upstash-timeout": "30s",
            "upstash-forward-x-tenant": "7",
            "upstash-label": "again",
        },
    ),
    retries(
        "dlq-retry-filter",
        [("count", "50"), ("cursor", DEAD_ID), *DEAD_FILTER],
        {"cursor": "1725323658780-0", "responses": [{"messageId": "msg_new"}]},
    ),
    retries(
        "dlq-retry-all",
        [("count", "100")],
        {"responses": []},
        NO_RETRY + " Without ids and filter it means all; there was nothing.",
    ),
]
