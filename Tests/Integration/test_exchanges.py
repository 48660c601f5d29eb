"""The recorded exchanges are what the official client sends today, and their answers are what it can read."""

import importlib.metadata
import json
import re

import pytest

from exchanges import BATCH, CATALOGUE, ENQUEUE, PUBLISH
from exchanges.recorder import CLIENT, FOLDER, NOTHING, Stage, fixture, rendered

BY_NAME = {exchange.name: exchange for exchange in CATALOGUE}
CALLED = [exchange for exchange in CATALOGUE if exchange.call]
PUBLISHING = re.compile(r"/v2/(publish|enqueue/[^/]+|schedules)/(https?://.+|[A-Za-z0-9._-]+)")

# The surface of the JavaScript client and what the Swift one has beyond it, each with an exchange that shows it.
SURFACE = {
    "publish": "publish-text",
    "publishJSON": "publish-json",
    "publish to a group": "publish-url-group",
    "publish through a provider": "publish-openai",
    "batch": "batch-mixed",
    "batchJSON": "batch-queued",
    "queue.upsert": "queue-upsert",
    "queue.get": "queue-get",
    "queue.list": "queue-list",
    "queue.delete": "queue-delete",
    "queue.enqueue": "enqueue-url-group",
    "queue.enqueueJSON": "enqueue-json",
    "queue.pause": "queue-pause",
    "queue.resume": "queue-resume",
    "schedules.create": "schedule-create",
    "schedules.get": "schedule-get",
    "schedules.list": "schedule-list",
    "schedules.delete": "schedule-delete",
    "schedules.pause": "schedule-pause",
    "schedules.resume": "schedule-resume",
    "urlGroups.addEndpoints": "url-group-add-endpoints",
    "urlGroups.removeEndpoints": "url-group-remove-endpoints",
    "urlGroups.list": "url-group-list",
    "urlGroups.get": "url-group-get",
    "urlGroups.delete": "url-group-delete",
    "urlGroups.setDefaultHeaders": "url-group-default-headers",
    "messages.get": "messages-get",
    "messages.cancel one": "messages-cancel",
    "messages.cancel many": "messages-cancel-many",
    "messages.cancel by filter": "messages-cancel-filter",
    "messages.cancel all": "messages-cancel-all",
    "dlq.listMessages": "dlq-list",
    "dlq.get": "dlq-get",
    "dlq.delete one": "dlq-delete",
    "dlq.delete many": "dlq-delete-many",
    "dlq.delete by filter": "dlq-delete-filter",
    "dlq.delete all": "dlq-delete-all",
    "dlq.retry one": "dlq-retry-one",
    "dlq.retry many": "dlq-retry-many",
    "dlq.retry by filter": "dlq-retry-filter",
    "dlq.retry all": "dlq-retry-all",
    "logs": "events-page",
    "logs by filter": "events-filter-every",
    "flowControl.list": "flow-control-list",
    "flowControl.get": "flow-control-get",
    "flowControl.getGlobalParallelism": "flow-control-global-parallelism",
    "flowControl.pause": "flow-control-pause",
    "flowControl.resume": "flow-control-resume",
    "flowControl.pin": "flow-control-pin",
    "flowControl.unpin": "flow-control-unpin",
    "flowControl.resetRate": "flow-control-reset-rate",
    "keys.get": "keys-get",
    "keys.rotate": "keys-rotate",
}

# What the broker makes of an option, as far as a pattern can say it.
SHAPES = {
    "upstash-method": r"GET|POST|PUT|PATCH|DELETE",
    "upstash-retries": r"\d+",
    "upstash-timeout": r"\d+s",
    "upstash-delay": r"\d+s",
    "upstash-not-before": r"\d{10}",
    "upstash-callback": r"https://\S+",
    "upstash-failure-callback": r"https://\S+",
    "upstash-flow-control-value": r"(parallelism|rate|period)=\w+(, (rate|period)=\w+)*",
    "upstash-label": r"[a-z]+(,[a-z]+)*",
    "upstash-redact-fields": r"(body|header(\[[\w-]+\])?)(,header(\[[\w-]+\])?)*",
    "upstash-content-based-deduplication": r"true",
}


@pytest.fixture(scope="module")
def stage():
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def read(stage):
    """What the official client makes of the answer of an exchange."""
    return lambda name: stage.play(BY_NAME[name])[1]


def kept(exchange):
    return json.loads((FOLDER / f"{exchange.name}.json").read_text(encoding="utf-8"))


def request_options(exchange):
    """The options of each message in the request, with names in lower case."""
    request = kept(exchange)["request"]
    if request["path"] != "/v2/batch":
        return [request["headers"]]
    return [{name.lower(): value for name, value in item["headers"].items()} for item in request["body"]["json"]]


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_the_file_is_what_the_official_client_sends_today(stage, exchange):
    asked, _ = stage.play(exchange)
    text = (FOLDER / f"{exchange.name}.json").read_text(encoding="utf-8")
    assert text == rendered(fixture(exchange, asked)), "run `python -m exchanges` and see what changed"


def test_every_file_is_in_the_catalogue():
    assert len(BY_NAME) == len(CATALOGUE)
    assert {path.stem for path in FOLDER.glob("*.json")} == BY_NAME.keys()


def test_the_client_is_the_one_that_is_named():
    assert CLIENT == f"qstash {importlib.metadata.version('qstash')}"


@pytest.mark.parametrize("exchange", CALLED, ids=str)
def test_the_official_client_reads_the_answer(stage, exchange):
    _, outcome = stage.play(exchange)
    assert type(outcome) is exchange.reads
    assert exchange.reads is NOTHING or outcome is not None and outcome != []


@pytest.mark.parametrize("exchange", [exchange for exchange in CALLED if exchange.request], ids=str)
def test_a_request_is_composed_only_where_the_official_client_sends_another(stage, exchange):
    asked, _ = stage.play(exchange)
    asked.pop("target", None)
    assert asked != exchange.request
    assert exchange.note


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_a_file_says_where_it_comes_from(exchange):
    content = kept(exchange)
    assert content["name"] == exchange.name
    assert content["source"] in (CLIENT, f"wire reference, section {content['section']}")
    assert re.fullmatch(r"([1-9]|1\d|2\d|30)(\.\d)?", content["section"])
    assert content.keys() - {"note"} == {"name", "source", "section", "request", "response"}
    assert content["source"] == CLIENT or content["note"]


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_a_request_holds_what_matters_and_no_token(exchange):
    request = kept(exchange)["request"]
    assert request.keys() - {"target"} == {"method", "path", "query", "headers", "authorization", "body"}
    assert request["authorization"] is not exchange.name.startswith("callback-")
    assert all(name == "content-type" or re.fullmatch("upstash-[a-z-]+", name) for name in request["headers"])
    assert not any("telemetry" in name for name in request["headers"])
    assert "?" not in request["path"] and "exchange-token" not in json.dumps(request)
    if request["body"] is not None:
        is_json = request["headers"]["content-type"] == "application/json"
        assert request["body"].keys() == ({"json"} if is_json else {"text"})


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_no_management_call_has_an_empty_segment(exchange):
    # A slash at the end, or an id that is missing, means everything to some servers.
    path = kept(exchange)["request"]["path"]
    assert PUBLISHING.fullmatch(path) or re.fullmatch(r"(/[A-Za-z0-9._-]+)+", path), path


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_options_have_the_shape_that_the_broker_reads(exchange):
    for options in request_options(exchange):
        for name, value in options.items():
            plain = re.sub("^upstash-(failure-)?callback-(?!forward-)", "upstash-", name)
            if plain in SHAPES:
                assert re.fullmatch(SHAPES[plain], value), f"{name}: {value}"
        assert ("upstash-flow-control-key" in options) == ("upstash-flow-control-value" in options)


@pytest.mark.parametrize("exchange", [*PUBLISH, *ENQUEUE, *BATCH], ids=str)
def test_every_message_names_its_method(exchange):
    assert all("upstash-method" in options for options in request_options(exchange))


@pytest.mark.parametrize("exchange", BATCH, ids=str)
def test_a_batch_is_a_list_of_items_with_text_for_bodies(exchange):
    items = kept(exchange)["request"]["body"]["json"]
    assert len(items) == len(kept(exchange)["response"]["body"]["json"]) > 0
    for item in items:
        assert {"destination", "headers"} <= item.keys() <= {"destination", "headers", "body", "queue"}
        assert item["destination"] and all(isinstance(value, str) for value in item["headers"].values())
        if "body" in item:
            json.loads(item["body"])


@pytest.mark.parametrize("exchange", CATALOGUE, ids=str)
def test_numbers_in_a_query_are_whole(exchange):
    for name, value in kept(exchange)["request"]["query"]:
        assert name and (value or name == "flag")
        if name in ("count", "fromDate", "toDate", "responseStatus", "parallelism", "rate", "period"):
            assert value.isdecimal() or value == "true" and "unpin" in exchange.name


@pytest.mark.parametrize("method, name", SURFACE.items())
def test_every_method_has_an_exchange_that_succeeds(method, name):
    assert kept(BY_NAME[name])["response"]["status"] in (200, 201, 202), method


def test_the_raw_target_of_a_destination_is_kept():
    target = kept(BY_NAME["publish-destination-verbatim"])["request"]["target"]
    assert target == "/v2/publish/https://api.example.com/a%2Fb//c/?q=x%20y&q=%C3%BC&flag"


def test_what_is_missing_from_a_message_is_none(read):
    message = read("messages-get-minimal")
    assert (message.body, message.headers, message.flow_control, message.label) == (None, None, None, None)
    variant = read("messages-get-variant")
    assert (variant.body, variant.body_base64) == (None, "/wABgA==")
    assert (variant.flow_control.parallelism, variant.flow_control.rate, variant.flow_control.period) == (None, 10, 1)
    # The Python client knows `callerIP` only.
    assert variant.caller_ip is None and read("messages-get").caller_ip == "203.0.113.9"


def test_a_duplicate_is_marked_as_one(read):
    assert read("publish-deduplicated").deduplicated and not read("publish-json").deduplicated
    assert [part.deduplicated for part in read("publish-url-group")] == [False, True]
    first, group, third = read("batch-mixed")
    assert [part.deduplicated for part in [first, *group, third]] == [False, False, True, True]


def test_a_page_is_the_last_when_it_has_no_cursor(read):
    assert read("events-page").cursor == "1760000001234-0" and read("events-last-page").cursor is None
    assert read("dlq-list").cursor == "1725323658780-0" and read("dlq-list-filter").cursor is None


def test_log_entries_of_every_state_are_read(read):
    states = [entry.state.name for entry in read("events-last-page").logs]
    assert sorted(states) == sorted(
        ["CREATED", "ACTIVE", "ERROR", "RETRY", "DELIVERED", "FAILED", "CANCEL_REQUESTED", "CANCELED"]
    )
    newest = read("events-page").logs[0]
    assert (newest.response_headers, newest.retry_delay_expression) == ({"Content-Type": ["text/plain"]}, "1000")
    documented = read("events-as-documented").logs[0]
    assert (documented.response_headers, documented.retry_delay_expression) == (None, None)


def test_the_states_of_a_schedule_are_read(read):
    schedule = read("schedule-get")
    assert {state.name for state in schedule.last_schedule_states.values()} == {"SUCCESS", "IN_PROGRESS", "FAIL"}
    assert schedule.caller_ip == "203.0.113.9" and schedule.flow_control.rate is None
    assert [schedule.paused for schedule in read("schedule-list")] == [False, True, False]


def test_limits_are_told_apart_by_their_headers(read):
    daily, burst, chat = read("error-429-daily"), read("error-429-burst"), read("error-429-chat")
    assert (daily.limit, daily.remaining, daily.reset) == ("1000", "0", "1760054400")
    assert (burst.limit, burst.remaining, burst.reset) == ("100", "0", "1760000001")
    assert (chat.limit, chat.remaining, chat.reset) == (None, None, None)


def test_other_errors_carry_status_and_text(read):
    assert "status: 401, body: " in str(read("error-401")) and "invalid token" in str(read("error-401"))
    assert str(read("error-404-empty")).endswith("status: 404, body: ")
    assert "<html>" in str(read("error-500"))
