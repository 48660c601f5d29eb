"""Events, which the official client calls logs."""

from qstash.log import ListLogsResponse, LogState

from .messages import FILTER, NO_FILTER, PLACE, ROUTED, TAGGED
from .publish import HOOK
from .recorder import answers, asks, composed, does, recorded

CREATED = {"time": 1760000000000, "messageId": "msg_7Yx2kQ", "state": "CREATED", "url": HOOK}
ERROR = {
    **CREATED,
    "time": 1760000001234,
    "state": "ERROR",
    "error": "the endpoint answered 500",
    "responseStatus": 500,
    "responseBody": "b29wcw==",
}
CONFIGURED = {
    **TAGGED,
    **ROUTED,
    "method": "POST",
    "header": {"Content-Type": ["application/json"]},
    "body": "eyJuIjoxfQ==",
    "timeout": 30000,
    "maxRetries": 3,
    "callbackHeaders": {"X-Team": ["ops"]},
    "failureCallbackHeaders": {},
}
LIFE = [
    {**CREATED, "time": 1760000000070, "state": "CANCELED"},
    {**CREATED, "time": 1760000000060, "state": "CANCEL_REQUESTED"},
    {**CREATED, "time": 1760000000050, "state": "FAILED"},
    {**CREATED, "time": 1760000000040, "state": "DELIVERED"},
    {**CREATED, "time": 1760000000030, "state": "RETRY", "nextDeliveryTime": 1760000013416},
    {**CREATED, "time": 1760000000020, "state": "ERROR"},
    {**CREATED, "time": 1760000000010, "state": "ACTIVE"},
    CREATED,
]


def lists_events(state=None, **options):
    return does("log.list", **({"filter": {"state": state}} if state else {}), **options)


EVENTS = [
    recorded(
        "events-page",
        "13",
        lists_events(cursor="1760000009999-3", count=2),
        ListLogsResponse,
        answers(
            {
                "cursor": "1760000001234-0",
                "events": [
                    {
                        **CONFIGURED,
                        **ERROR,
                        "responseHeader": {"Content-Type": ["text/plain"]},
                        "retryDelayExpr": "1000",
                    },
                    CREATED,
                ],
            }
        ),
        "`responseHeader` and `retryDelayExpr` are what the official clients read.",
    ),
    recorded(
        "events-last-page",
        "13",
        lists_events(),
        ListLogsResponse,
        answers({"events": LIFE}),
        "The last page has no `cursor`.",
    ),
    recorded(
        "events-filter",
        "13",
        does(
            "log.list",
            filter={
                "message_id": "msg_7Yx2kQ",
                "state": LogState.IN_PROGRESS,
                "url": HOOK,
                "url_group": "my-group",
                "queue": "orders",
                "schedule_id": "scd_nightly",
                "from_time": 1759900000000,
                "to_time": 1760000000000,
                "label": "billing",
            },
        ),
        ListLogsResponse,
        answers({"events": [CREATED]}),
    ),
    recorded(
        "events-filter-ids",
        "13",
        does("log.list", filter={"message_ids": ["msg_a1", "msg_b2"]}),
        ListLogsResponse,
        answers({"events": [{**CREATED, "messageId": "msg_a1"}, {**CREATED, "messageId": "msg_b2"}]}),
    ),
    composed(
        "events-filter-every",
        "13",
        asks(
            "GET",
            "/v2/events",
            [
                ("cursor", "1760000001234-0"),
                ("count", "50"),
                ("order", "earliestFirst"),
                ("messageId", "msg_7Yx2kQ"),
                ("state", "DELIVERED"),
                *FILTER,
                *PLACE,
            ],
        ),
        answers({"events": [{**CREATED, "state": "DELIVERED"}]}),
        NO_FILTER,
        lists_events(),
        ListLogsResponse,
    ),
    recorded(
        "events-as-documented",
        "13",
        lists_events(LogState.ERROR),
        ListLogsResponse,
        answers(
            {
                "events": [
                    {**ERROR, "responseHeaders": {"X-A": ["1", "2"]}, "retryDelayExpression": "1000"},
                    {**CREATED, "time": "1760000000000"},
                ]
            }
        ),
        "The documentation has `responseHeaders` and `retryDelayExpression`, and in an old sample the time as text.",
    ),
    recorded(
        "events-cancelled",
        "13",
        lists_events(LogState.CANCELED),
        ValueError,
        answers({"events": [{**CREATED, "state": "CANCELLED"}, {**CREATED, "state": "CANCELED"}]}),
        "The documentation spells the state CANCELLED, on which the Python client raises ValueError.",
    ),
]
