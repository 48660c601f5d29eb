"""URL groups."""

from qstash.url_group import UrlGroup

from .publish import JSON
from .recorder import EMPTY, acts, answers, asks, composed, does, recorded

GROUP = {
    "name": "my-group",
    "createdAt": 1760000000000,
    "updatedAt": 1760000000500,
    "endpoints": [{"name": "billing", "url": "https://one.example.com"}, {"url": "https://two.example.com"}],
}
URL_GROUPS = [
    acts("url-group-add-endpoints", "17", "url_group.upsert_endpoints", "my-group", GROUP["endpoints"]),
    acts(
        "url-group-remove-endpoints",
        "17",
        "url_group.remove_endpoints",
        "my-group",
        [{"name": "billing"}, {"url": "https://two.example.com"}],
    ),
    recorded("url-group-get", "17", does("url_group.get", "my-group"), UrlGroup, answers(GROUP)),
    recorded(
        "url-group-list",
        "17",
        does("url_group.list"),
        list,
        answers([GROUP, {**GROUP, "name": "other", "endpoints": []}]),
    ),
    acts("url-group-delete", "17", "url_group.delete", "my-group"),
    composed(
        "url-group-default-headers",
        "17",
        asks(
            "PATCH",
            "/v2/topics/my-group",
            headers=JSON,
            body={"headers": {"Upstash-Retries": ["3"], "Upstash-Header-Forward": ["true"]}},
        ),
        EMPTY,
        "No official client has this call. A value may be text instead of a list.",
    ),
]
