"""Publishing, and what other catalogues share with it."""

from qstash.chat import custom, openai
from qstash.message import PublishResponse

from .recorder import answers, asks, composed, does, recorded

HOOK = "https://api.example.com/hook"
SECOND = "https://two.example.com/b"
DONE = "https://api.example.com/done"
FAILED = "https://api.example.com/failed"
JSON = {"content-type": "application/json"}
POSTED = {**JSON, "upstash-method": "POST"}
OPENAI = openai("provider-token")
CHAT = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
EMAIL = {"from": "a@example.com", "to": ["b@example.com"], "subject": "s", "text": "t"}

# What publish, enqueue and schedules have in common, as the official client names it.
OPTIONS = dict(
    method="PUT",
    headers={"X-Tenant": "7", "Authorization": "Bearer destination"},
    retries=2,
    retry_delay="1000 * (1 + retried)",
    timeout=30,
    callback=DONE,
    callback_headers={
        **{"Method": "PATCH", "Retries": "1", "Retry-Delay": "pow(2, retried) * 1000", "Timeout": "10s"},
        "Forward-X-Team": "ops",
    },
    failure_callback=FAILED,
    failure_callback_headers={
        **{"Method": "PUT", "Retries": "5", "Retry-Delay": "5000", "Timeout": "20s"},
        "Forward-X-Team": "night",
    },
    label="billing,eu",
)

SENT = {"messageId": "msg_7Yx2kQ", "url": HOOK}
FANNED_OUT = [
    {"messageId": "msg_a1", "url": "https://one.example.com"},
    {"messageId": "msg_b2", "url": "https://two.example.com", "deduplicated": True},
]


def sent(url):
    return answers({"messageId": "msg_7Yx2kQ", "url": url})


def publishes(**options):
    return does("message.publish_json", **{"url": HOOK, "body": {"n": 1}, "method": "POST", **options})


def chats(provider):
    """A request to a language model through the official client."""
    return publishes(url=None, api={"name": "llm", "provider": provider}, body=CHAT, callback=DONE)


def provided(name, url, content, callback=DONE, **forwarded):
    """A publish through a provider that the official Python client does not know."""
    headers = {f"upstash-forward-{header.replace('_', '-')}": value for header, value in forwarded.items()}
    request = asks(
        "POST",
        f"/v2/publish/{url}",
        headers={**POSTED, **headers, **({"upstash-callback": callback} if callback else {})},
        body=content,
    )
    note = "The Python client does not know this provider; JavaScript rewrites it like this before sending."
    return composed(name, "4.3", request, sent(url), note, chats(OPENAI), PublishResponse)


PUBLISH = [
    recorded(
        "publish-text",
        "4.1",
        does(
            "message.publish",
            url=HOOK + "?tenant=7",
            body="hello",
            content_type="text/plain; charset=utf-8",
            method="POST",
        ),
        PublishResponse,
        sent(HOOK + "?tenant=7"),
    ),
    recorded("publish-json", "4.1", publishes(body={"n": 1, "ü": [None, 1.5]}), PublishResponse, sent(HOOK)),
    recorded(
        "publish-empty",
        "4.1",
        does("message.publish", url=HOOK, method="POST"),
        PublishResponse,
        answers({"messageId": "msg_7Yx2kQ"}),
        "The answer has no `url`, which only the answer for a group must have.",
    ),
    recorded(
        "publish-destination-verbatim",
        "1.1",
        does(
            "message.publish",
            url="https://api.example.com/a%2Fb//c/?q=x%20y&q=%C3%BC&flag",
            method="DELETE",
        ),
        PublishResponse,
        sent("https://api.example.com/a%2Fb//c/?q=x%20y&q=%C3%BC&flag"),
        "`target` must be equal byte for byte: the destination is appended raw.",
    ),
    recorded(
        "publish-every-option",
        "5.1",
        publishes(
            **{
                **OPTIONS,
                "callback_headers": {**OPTIONS["callback_headers"], "Delay": "5s"},
                "failure_callback_headers": {**OPTIONS["failure_callback_headers"], "Delay": "60s"},
            },
            delay=90,
            deduplication_id="order-1",
            flow_control={"key": "tenant-7", "parallelism": 5, "rate": 10, "period": 60},
            redact={"body": True, "header": ["Authorization", "X-Tenant"]},
        ),
        PublishResponse,
        sent(HOOK),
    ),
    recorded("publish-not-before", "5.1", publishes(not_before=1760000000), PublishResponse, sent(HOOK)),
    recorded(
        "publish-not-before-and-delay",
        "5.1",
        publishes(not_before=1760000000, delay=90),
        PublishResponse,
        sent(HOOK),
        "A server goes by `Upstash-Not-Before`; a client may as well refuse to send both.",
    ),
    composed(
        "publish-content-based-deduplication",
        "5.1",
        asks(
            "POST",
            f"/v2/publish/{HOOK}",
            headers={**POSTED, "upstash-content-based-deduplication": "true"},
            body={"n": 1},
        ),
        sent(HOOK),
        "The Python client sends `True`.",
        publishes(content_based_deduplication=True),
        PublishResponse,
    ),
    recorded(
        "publish-deduplicated",
        "4.1",
        publishes(deduplication_id="order-1"),
        PublishResponse,
        answers({**SENT, "deduplicated": True}, 202),
    ),
    recorded("publish-url-group", "4.1", publishes(url=None, url_group="my-group"), list, answers(FANNED_OUT)),
    recorded(
        "publish-openai",
        "4.3",
        chats(OPENAI),
        PublishResponse,
        sent("https://api.openai.com/v1/chat/completions"),
    ),
    recorded(
        "publish-custom-provider",
        "4.3",
        chats(custom("https://llm.example.com/v1/chat/completions", "provider-token")),
        PublishResponse,
        sent("https://llm.example.com/v1/chat/completions"),
        "The client was given the whole URL, of which it cuts off the route and appends it again.",
    ),
    provided(
        "publish-openai-helicone",
        "https://gateway.helicone.ai/v1/chat/completions",
        CHAT,
        authorization="Bearer provider-token",
        openai_organization="org-1",
        helicone_auth="Bearer analytics-token",
        helicone_target_url="https://api.openai.com",
    ),
    provided(
        "publish-anthropic",
        "https://api.anthropic.com/v1/messages",
        CHAT,
        x_api_key="provider-token",
        anthropic_version="2023-06-01",
    ),
    provided(
        "publish-resend",
        "https://api.resend.com/emails",
        EMAIL,
        callback=None,
        authorization="Bearer provider-token",
    ),
    provided(
        "publish-resend-batch",
        "https://api.resend.com/emails/batch",
        [EMAIL, {**EMAIL, "to": ["c@example.com"]}],
        callback=None,
        authorization="Bearer provider-token",
    ),
]
