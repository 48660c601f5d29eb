"""Refusals and failures, whatever the call."""

from qstash.errors import DailyMessageLimitExceededError, QStashError, RateLimitExceededError

from .messages import CANCEL_ALL, GET_MESSAGE
from .publish import OPENAI, chats, publishes
from .recorder import EMPTY, answers, does, recorded, refuses, says


def refused(name, section, call, answer, reads=QStashError, note=None):
    return recorded(name, section, call, reads, answer, note)


ERRORS = [
    refused(
        "error-400",
        "1.1",
        publishes(url="api.example.com"),
        refuses(400, "invalid destination url: endpoint has invalid scheme, add http:// or https://"),
    ),
    refused("error-401", "2", publishes(), refuses(401, "unable to authenticate: invalid token")),
    refused("error-403", "2", publishes(), refuses(403, "the token is read-only")),
    refused("error-404", "11.1", GET_MESSAGE, refuses(404, "message not found")),
    refused("error-404-empty", "15", does("queue.get", "orders"), {**EMPTY, "status": 404}),
    refused(
        "error-412",
        "3.2",
        publishes(retries=1000),
        refuses(412, "quota maxRetries exceeded, current limit: 5"),
    ),
    refused("error-413", "3.2", publishes(), refuses(413, "the body is too large")),
    refused(
        "error-429-daily",
        "3.1",
        publishes(),
        refuses(
            429,
            "the daily limit is exceeded",
            ratelimit_limit="1000",
            ratelimit_remaining="0",
            ratelimit_reset="1760054400",
        ),
        DailyMessageLimitExceededError,
    ),
    refused(
        "error-429-burst",
        "3.1",
        does("queue.list"),
        refuses(
            429,
            "the limit per second is exceeded",
            burst_ratelimit_limit="100",
            burst_ratelimit_remaining="0",
            burst_ratelimit_reset="1760000001",
        ),
        RateLimitExceededError,
    ),
    refused(
        "error-429-chat",
        "3.1",
        chats(OPENAI),
        refuses(
            429,
            "the limit of the provider is exceeded",
            x_ratelimit_limit_requests="20",
            x_ratelimit_limit_tokens="10000",
            x_ratelimit_remaining_requests="0",
            x_ratelimit_remaining_tokens="9000",
            x_ratelimit_reset_requests="6m5s",
            x_ratelimit_reset_tokens="1s",
        ),
        RateLimitExceededError,
        "The Python client takes it for a burst limit without numbers.",
    ),
    refused(
        "error-429-unnamed",
        "11.3",
        CANCEL_ALL,
        refuses(429, "the action is still in progress"),
        RateLimitExceededError,
        "The cancel goes on; no header names a limit.",
    ),
    refused("error-500", "3.2", publishes(), says("<html><body>500</body></html>", 500, "text/html")),
    refused(
        "error-503",
        "3.2",
        publishes(),
        answers({"error": "the store is not available", "code": "store_unavailable"}, 503, retry_after="1"),
        note="As Postrider answers: docs/WIRE.md, section Errors.",
    ),
]
