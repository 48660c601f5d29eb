"""The demo's jobs from end to end: published through the broker, delivered by HTTP, signed and verified."""

import json
import os
import subprocess
import threading
import time
import urllib.request

import pytest

import wire
from broker import BIN, clean_environment
from jobs import SECRET, User, user_token
from probe import eventually


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A server with the demo that the tests of this file share; its only user is whoever works on the machine."""
    from broker import Broker

    broker = Broker(tmp_path_factory.mktemp("app"), "--apps", "demo")
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def user(app):
    return User(app)


def test_a_countdown_is_watched_to_its_end(user):
    started = user.start(steps=10, pauseMilliseconds=60)
    assert started["status"] == "queued" and started["progress"] == 0
    assert started["messageId"].startswith("msg_")
    assert started["checkStatusUrl"] == f"/api/jobs/{started['requestId']}"
    assert started["eventsUrl"] == f"/api/jobs/{started['requestId']}/events"
    events = list(user.events(started["requestId"]))
    assert {event["event"] for event in events[:-1]} <= {"progress"} and events[-1]["event"] == "done"
    progress = [event["data"]["progress"] for event in events]
    assert progress == sorted(progress) and progress[-1] == 100 and len(events) > 2
    versions = [int(event["id"]) for event in events]
    assert versions == sorted(set(versions))
    last = events[-1]["data"]
    assert last["status"] == "completed" and last["resultData"] == {"steps": 10, "attempts": 1}
    assert last["messageId"] == started["messageId"]
    # Whoever was away takes up what it missed, and the end is told to everyone who asks.
    resumed = list(user.events(started["requestId"], after=events[0]["id"]))
    assert all(int(event["id"]) > versions[0] for event in resumed) and resumed[-1]["event"] == "done"


def test_a_state_that_is_known_is_not_sent_again(user):
    request_id = user.start(steps=1, pauseMilliseconds=0)["requestId"]
    user.wait_for(request_id, lambda job: job["status"] == "completed")
    status, headers, _ = user.call("GET", f"/api/jobs/{request_id}")
    assert status == 200 and headers["cache-control"] == "private, no-cache"
    status, again, body = user.call("GET", f"/api/jobs/{request_id}", If_None_Match=headers["etag"])
    assert status == 304 and not body and again["etag"] == headers["etag"]
    status, _, _ = user.call("GET", f"/api/jobs/{request_id}", If_None_Match='"other"')
    assert status == 200


def test_retries_go_on_until_an_attempt_ends_well(user):
    request_id = user.start(steps=4, pauseMilliseconds=10, failAtAttempt=[1])["requestId"]
    job = user.wait_for(request_id, lambda job: job["status"] == "completed")
    assert job["attempt"] == 2 and job["errorMessage"] is None


def test_a_job_is_cancelled_in_the_middle(user):
    request_id = user.start(steps=100, pauseMilliseconds=100)["requestId"]
    user.wait_for(request_id, lambda job: job["progress"] >= 2)
    status, _, answer = user.call("DELETE", f"/api/jobs/{request_id}")
    assert status == 200 and answer["newStatus"] == "cancelled" and answer["previousStatus"] == "processing"
    events = list(user.events(request_id))
    assert events[-1]["event"] == "done" and events[-1]["data"]["status"] == "cancelled"
    reached = events[-1]["data"]["progress"]
    time.sleep(0.5)
    assert user.job(request_id)["progress"] == reached < 100
    status, _, answer = user.call("DELETE", f"/api/jobs/{request_id}")
    assert status == 400 and answer["error"] == "already_finished" and answer["status"] == "cancelled"


@pytest.mark.parametrize(
    "body, path",
    [
        ({"steps": 0}, ["steps"]),
        ({"steps": 101}, ["steps"]),
        ({"steps": 5, "pauseMilliseconds": 10_001}, ["pauseMilliseconds"]),
        ({"steps": "five"}, ["steps"]),
        ({}, ["steps"]),
        ({"steps": 5, "pace": 1}, ["pace"]),
    ],
)
def test_what_is_wrong_is_named(user, body, path):
    status, _, answer = user.call("POST", "/api/demo/countdown", body)
    assert status == 400 and answer["error"] == "invalid_request"
    assert path in [issue["path"] for issue in answer["issues"]]


def test_an_unsigned_call_of_a_job_is_refused(user):
    for headers in ({}, {"Upstash_Signature": "a.b.c"}, {"Upstash_Signature": "", "X_Development": "true"}):
        status, _, answer = user.call(
            "POST", "/api/jobs/countdown", {"steps": 1}, Upstash_Message_Id="msg_forged", **headers
        )
        assert status == 401 and answer["error"] == "unauthorized"


def test_paths_and_methods_are_told_apart(user):
    status, headers, answer = user.call("GET", "/api/demo/countdown")
    assert status == 405 and headers["allow"] == "POST" and answer["error"] == "method_not_allowed"
    assert user.call("GET", "/api/nothing")[0] == 404
    assert user.call("POST", "/api/demo/countdown/", {"steps": 1})[0] == 404
    assert user.call("GET", "/api/jobs/unknown-job")[0] == 404
    assert user.call("GET", "/healthz")[0] == 200
    assert user.call("GET", "/v2/keys")[0] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": "203.0.113.9"},
        {"Host": "app.example.com"},
        {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    ],
)
def test_the_local_user_is_nobody_elsewhere(user, headers):
    status, _, answer = user.call("POST", "/api/demo/countdown", {"steps": 1}, **headers)
    assert status == 401 and answer["error"] == "unauthorized"


def test_keys_rotate_while_jobs_run(app, user, client):
    started = [user.start(steps=10, pauseMilliseconds=50)["requestId"] for _ in range(10)]
    for _ in range(3):
        request = urllib.request.Request(
            f"{app.url}/v2/keys/rotate", method="POST", headers={"Authorization": f"Bearer {app.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 200
        started += [user.start(steps=3, pauseMilliseconds=10)["requestId"] for _ in range(5)]
    for request_id in started:
        assert user.wait_for(request_id, lambda job: job["status"] in ("completed", "failed"))["status"] == "completed"


def test_a_stop_ends_streams_and_leaves_jobs_for_the_next_start(make_broker):
    broker = make_broker("--apps", "demo", "--set", "drain=1s")
    broker.start()
    user = User(broker)
    request_id = user.start(steps=30, pauseMilliseconds=100)["requestId"]
    user.wait_for(request_id, lambda job: job["progress"] > 5)
    seen = []
    watching = threading.Thread(target=lambda: seen.extend(user.events(request_id)))
    watching.start()
    eventually(lambda: len(seen) > 0)
    assert broker.stop() == 0
    watching.join(10)
    assert not watching.is_alive() and seen[-1]["event"] == "progress"
    broker.start()
    job = user.wait_for(request_id, lambda job: job["status"] == "completed")
    assert job["progress"] == 100


def test_a_job_survives_the_kill_of_the_server(make_broker):
    broker = make_broker("--apps", "demo")
    broker.start()
    user = User(broker)
    request_id = user.start(steps=20, pauseMilliseconds=100)["requestId"]
    before = user.wait_for(request_id, lambda job: job["progress"] >= 10)
    broker.kill()
    broker.start()
    # The record is where it was, the lock of the life before is freed, and no retry is spent.
    assert user.job(request_id)["progress"] >= before["progress"]
    job = user.wait_for(request_id, lambda job: job["status"] == "completed", timeout=30)
    assert job["attempt"] == 1 and job["resultData"]["attempts"] == 1
    version = list(user.events(request_id))
    assert [event["event"] for event in version] == ["done"]


def test_users_see_their_own_jobs_alone(make_broker):
    broker = make_broker("--apps", "demo", SUPABASE_JWT_SECRET=SECRET)
    broker.start()
    ada, eve, nobody = User(broker, user_token("ada")), User(broker, user_token("eve")), User(broker)
    request_id = ada.start(steps=1, pauseMilliseconds=0)["requestId"]
    ada.wait_for(request_id, lambda job: job["status"] == "completed")
    for path in (f"/api/jobs/{request_id}", f"/api/jobs/{request_id}/events"):
        assert eve.call("GET", path)[0] == 404
        assert nobody.call("GET", path)[0] == 401
    assert eve.call("DELETE", f"/api/jobs/{request_id}")[0] == 404
    assert eve.call("GET", f"/api/jobs/{request_id}")[2] == eve.call("GET", "/api/jobs/unknown")[2]
    for forged in (
        user_token("ada", secret="another secret of thirty-two bytes or more"),
        user_token("ada", exp=int(time.time()) - 600),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.",
    ):
        assert User(broker, forged).call("GET", f"/api/jobs/{request_id}")[0] == 401


def test_beyond_loopback_nobody_is_a_user_without_a_token(make_broker):
    broker = make_broker("--apps", "demo", "--behind-proxy", host="0.0.0.0")
    broker.start()
    assert User(broker).call("POST", "/api/demo/countdown", {"steps": 1})[0] == 401
    assert "identity-jwt-secret" in broker.output()[1]


def test_own_jobs_run_where_private_destinations_are_refused(make_broker):
    broker = make_broker("--apps", "demo", "--set", "private-destinations=refuse")
    broker.start()
    user = User(broker)
    request_id = user.start(steps=1, pauseMilliseconds=0)["requestId"]
    user.wait_for(request_id, lambda job: job["status"] == "completed")
    # Nothing else at the own origin is open, and nothing private elsewhere.
    for path in ("/v2/keys/rotate", "/healthz", "/metrics", "/api/../metrics"):
        request = urllib.request.Request(
            f"{broker.url}/v2/publish/{broker.url}{path}",
            method="POST",
            headers={"Authorization": f"Bearer {broker.token}"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 400 and "private-destinations" in refused.value.read().decode()


@pytest.mark.parametrize("settings", [(), ("--set", "private-destinations=refuse")])
@pytest.mark.parametrize("proxy", [{}, {"X-Forwarded-For": "203.0.113.9"}])
def test_who_publishes_to_a_users_endpoint_is_not_the_local_user(make_broker, settings, proxy):
    broker = make_broker("--apps", "demo", *settings)
    broker.start()
    user = User(broker)
    request_id = user.start(steps=100, pauseMilliseconds=200)["requestId"]
    for method, path in (
        ("POST", "/api/demo/countdown"),
        ("GET", f"/api/jobs/{request_id}"),
        ("DELETE", f"/api/jobs/{request_id}"),
    ):
        reply = wire.request(
            broker,
            "POST",
            f"/v2/publish/{broker.url}{path}",
            [("Upstash-Method", method), ("Upstash-Retries", "0"), ("Content-Type", "application/json"), *proxy.items()],
            b'{"steps":1}',
        )
        assert reply.status == 200, reply
        message = reply.json["messageId"]
        failed = eventually(lambda: wire.events(broker, messageId=message, state="ERROR"))
        assert failed[0]["responseStatus"] == 401, failed
    assert user.job(request_id)["status"] == "processing"


def test_settings_that_contradict_are_refused(make_broker):
    broker = make_broker("--apps", "demo,shop")
    broker.spawn()
    assert broker.process.wait(30) == 78
    assert "shop" in broker.output()[1]


def test_variables_of_other_programs_leave_the_demo_alone(make_broker):
    # QSTASH_URL is the clients': with the cloud's token and keys, which are then this server's own, nothing is published there.
    broker = make_broker("--apps", "demo", QSTASH_URL="https://qstash.upstash.io")
    broker.start()
    user = User(broker)
    request_id = user.start(steps=1, pauseMilliseconds=0)["requestId"]
    user.wait_for(request_id, lambda job: job["status"] == "completed")


def test_a_broker_alone_does_without_the_applications_database(make_broker):
    broker = make_broker(DATABASE_URL="postgres://u:hidden@127.0.0.1:1/none", NEXTAUTH_URL="https://app.example.com/api/auth")
    broker.start()
    assert User(broker).call("GET", "/api/jobs/unknown-job")[0] == 404
    assert (broker.data / "application.sqlite").exists()
    out, err = broker.output()
    assert "DATABASE_URL" in err and "hidden" not in out + err


def test_a_database_that_is_not_there_yet_is_no_setting_to_change(make_broker):
    broker = make_broker("--apps", "demo", DATABASE_URL="postgres://u:hidden@127.0.0.1:1/none")
    broker.spawn()
    assert broker.process.wait(60) == 75
    out, err = broker.output()
    assert "database" in err and "hidden" not in out + err


class Cli:
    def __init__(self, broker, **environment):
        self.broker = broker
        self.environment = clean_environment(QSTASH_URL=broker.url, **environment)

    def run(self, *arguments, status=0):
        ended = subprocess.run(
            [BIN, "jobs", *arguments], cwd=self.broker.folder, env=self.environment, capture_output=True, timeout=120
        )
        assert ended.returncode == status, (ended.returncode, ended.stdout, ended.stderr)
        return ended.stdout.decode()


def test_the_command_line_watches_shows_and_cancels(app, user):
    cli = Cli(app)
    request_id = user.start(steps=10, pauseMilliseconds=50)["requestId"]
    lines = [json.loads(line) for line in cli.run("watch", request_id, "--json").splitlines()]
    assert lines[-1]["status"] == "completed" and lines[-1]["progress"] == 100
    assert "completed" in cli.run("show", request_id)
    request_id = user.start(steps=100, pauseMilliseconds=100)["requestId"]
    user.wait_for(request_id, lambda job: job["progress"] > 0)
    assert "cancelled" in cli.run("cancel", request_id)
    assert "cancelled" in cli.run("watch", request_id, status=1)
    cli.run("show", "unknown-job", status=66)


def test_the_command_line_watches_through_a_restart(make_broker):
    broker = make_broker("--apps", "demo")
    broker.start()
    request_id = User(broker).start(steps=30, pauseMilliseconds=100)["requestId"]
    watching = subprocess.Popen(
        [BIN, "jobs", "watch", request_id, "--json"],
        env=clean_environment(QSTASH_URL=broker.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    first = watching.stdout.readline()
    assert json.loads(first)["requestId"] == request_id
    broker.kill()
    broker.start()
    out, _ = watching.communicate(timeout=60)
    lines = [json.loads(line) for line in out.splitlines()]
    assert watching.returncode == 0 and lines[-1]["status"] == "completed"
    progress = [line["progress"] for line in lines]
    assert progress == sorted(progress)


def test_the_command_line_makes_users_tokens(make_broker):
    broker = make_broker("--apps", "demo", SUPABASE_JWT_SECRET=SECRET)
    broker.start()
    cli = Cli(broker, SUPABASE_JWT_SECRET=SECRET)
    cli.run("token", "--user", "ada", "--output", "ada.token")
    path = broker.folder / "ada.token"
    assert os.stat(path).st_mode & 0o777 == 0o600
    request_id = User(broker, path.read_text().strip()).start(steps=1, pauseMilliseconds=0)["requestId"]
    assert "completed" in cli.run("watch", request_id, "--user-token-file", "ada.token")
    cli.run("show", request_id, status=77)
    # Elsewhere than on a terminal a token is not printed.
    cli.run("token", "--user", "ada", status=64)
