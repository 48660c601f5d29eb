"""The command line against a running server."""

import json
import os
import pty
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

import wire
from broker import BIN, clean_environment, free_port
from probe import eventually
from receiver import Answer


class Cli:
    """Runs the program's commands with the credentials of one server."""

    def __init__(self, folder, url, token, **environment):
        self.folder = folder
        self.environment = clean_environment(QSTASH_URL=url, QSTASH_TOKEN=token, **environment)

    def run(self, *arguments, status=0, stdin=None):
        """Runs a command to its end, which must have that status."""
        ended = subprocess.run(
            [BIN, *arguments], cwd=self.folder, env=self.environment, input=stdin, capture_output=True, timeout=120
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert ended.returncode == status, f"status {ended.returncode}, expected {status}\n{out}\n{err}"
        assert "Fatal error" not in err
        return out, err

    def json(self, *arguments):
        """The objects that a command writes, a line each."""
        out, _ = self.run(*arguments, "--json")
        return [json.loads(line) for line in out.splitlines()]

    def start(self, *arguments):
        return Running([BIN, *arguments], self.folder, self.environment)


class Running:
    """A command that goes on; its lines are kept as they come."""

    def __init__(self, arguments, folder, environment):
        self.lines = []
        self.errors = []
        self.process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        pipes = ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        self._readers = [threading.Thread(target=self._read, args=pipe, daemon=True) for pipe in pipes]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe, lines):
        for line in pipe:
            lines.append(line.decode().rstrip("\n"))

    def objects(self):
        return [json.loads(line) for line in list(self.lines)]

    def wait(self, timeout=60):
        """The status, once everything was read."""
        status = self.process.wait(timeout)
        for reader in self._readers:
            reader.join(timeout)
        return status

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.wait()


@pytest.fixture
def cli(broker, tmp_path):
    return Cli(tmp_path, broker.url, broker.token)


@pytest.fixture
def start(cli):
    """Starts commands that are killed at the end of the test."""
    started = []

    def start(*arguments, by=cli):
        running = by.start(*arguments)
        started.append(running)
        return running

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.wait()


@pytest.fixture
def bury(cli, receiver):
    """Publishes a message that fails once and for all; returns its entry."""

    def bury(path, *options):
        receiver.script(path, Answer(418, {"Set-Cookie": "s3cret"}, b"tea\x1bpot"))
        (published,) = cli.json("publish", receiver.url(path), "--retries", "0", *options)
        return eventually(lambda: cli.json("dlq", "list", "--message", published["messageId"]))[0]

    return bury


def test_a_message_goes_from_publish_to_the_log(cli, broker, receiver, path):
    out, err = cli.run(
        "publish", receiver.url(path), "--body", '{"n":1}', "--json-body", "--header", "X-A=1", "--header",
        "Authorization=Bearer s3cret", "--label", "first", "--retries", "2", "--timeout", "30s",
    )
    message = out.strip()
    assert message.startswith("msg_") and err == ""
    (got,) = receiver.wait_for(path)
    assert (got.message_id, got.body, got.header("X-A")) == (message, b'{"n":1}', "1")
    assert got.header("Content-Type") == "application/json" and got.header("Authorization") == "Bearer s3cret"

    eventually(lambda: len(cli.json("events", "--message", message)) == 3)
    events = cli.json("events", "--message", message)
    assert [event["state"] for event in events] == ["CREATED", "ACTIVE", "DELIVERED"]
    assert [event["labels"] for event in events] == [["first"]] * 3
    table, _ = cli.run("events", "--message", message, "--state", "delivered")
    assert message in table and "DELIVERED" in table and "CREATED" not in table
    assert "\x1b" not in table

    (shown,) = cli.json("messages", "show", message)
    assert (shown["url"], shown["body"], shown["maxRetries"]) == (receiver.url(path), '{"n":1}', 2)
    text, _ = cli.run("messages", "show", message)
    assert "Authorization: (hidden)" in text and "s3cret" not in text


def test_a_body_comes_from_a_file_or_from_standard_input(cli, receiver, path, tmp_path):
    (tmp_path / "body").write_bytes(b"\xff\x00\n")
    cli.run("publish", receiver.url(path), "--body-file", "body", "--content-type", "image/x", "--method", "PUT")
    cli.run("publish", receiver.url(path), "--body-file", "-", stdin=b"from a pipe")
    first, second = sorted(receiver.wait_for(path, 2), key=lambda got: got.body, reverse=True)
    assert (first.method, first.body, first.header("Content-Type")) == ("PUT", b"\xff\x00\n", "image/x")
    assert (second.method, second.body) == ("POST", b"from a pipe")


def test_a_delayed_message_is_cancelled(cli, receiver, path):
    message = cli.run("publish", receiver.url(path), "--delay", "1h30m")[0].strip()
    (shown,) = cli.json("messages", "show", message)
    assert shown["notBefore"] - shown["createdAt"] == 5_400_000
    assert cli.json("messages", "cancel", message) == [{"cancelled": 1}]
    _, err = cli.run("messages", "cancel", message, status=66)
    assert "message_not_found" in err or "not_found" in err
    assert [event["state"] for event in cli.json("events", "--message", message)][-1] == "CANCELED"
    assert receiver.received(path) == []


def test_a_duplicate_is_told(cli, receiver, path):
    first, _ = cli.run("publish", receiver.url(path), "--dedup-id", path)
    second, err = cli.run("publish", receiver.url(path), "--dedup-id", path)
    assert first == second and "duplicate" in err


def test_a_dead_letter_is_listed_shown_retried_and_deleted(cli, receiver, bury, path):
    entry = bury(path, "--body", "b")
    assert entry["responseStatus"] == 418
    text, _ = cli.run("dlq", "show", entry["dlqId"])
    assert "418" in text and r"tea\epot" in text and "s3cret" not in text
    table, _ = cli.run("dlq", "list")
    assert entry["dlqId"] in table and "\x1b" not in table

    receiver.script(path, Answer(200))
    (retried,) = cli.json("dlq", "retry", entry["dlqId"])
    assert retried["dlqId"] == entry["dlqId"] and retried["messageId"] != entry["messageId"]
    assert receiver.wait_for(path, 2)[1].message_id == retried["messageId"]
    cli.run("dlq", "retry", entry["dlqId"], status=66)

    other = bury(f"{path}/other")
    assert cli.json("dlq", "delete", other["dlqId"]) == [{"deleted": 1}]
    cli.run("dlq", "show", other["dlqId"], status=66)
    cli.run("dlq", "delete", other["dlqId"], status=66)


def test_all_dead_letters_are_retried_and_deleted(make_broker, receiver, path, tmp_path):
    broker = make_broker()
    broker.start()
    cli = Cli(tmp_path, broker.url, broker.token)
    receiver.script(path, Answer(500))
    for _ in range(120):
        wire.request(broker, "POST", f"/v2/publish/{receiver.url(path)}", {"Upstash-Retries": "0"})
    listed = lambda: cli.json("dlq", "list", "--count", "500")  # noqa: E731
    eventually(lambda: len(listed()) == 120)
    cli.run("dlq", "retry", "--all", status=64)
    # What was retried fails again, and is not retried a second time.
    assert len(cli.json("dlq", "retry", "--all", "--yes")) == 120
    receiver.wait_for(path, 240)
    eventually(lambda: len(listed()) == 120)
    assert cli.json("dlq", "delete", "--all", "--yes") == [{"deleted": 120}]
    assert listed() == [] and len(receiver.received(path)) == 240


def test_following_shows_each_entry_once_through_a_restart(make_broker, receiver, path, tmp_path, start):
    broker = make_broker()
    broker.start()
    cli = Cli(tmp_path, broker.url, broker.token)
    hold = threading.Event()
    receiver.script(f"{path}/slow", Answer(200, hold=hold))
    cli.run("publish", receiver.url(path))
    following = start("events", "--follow", "--every", "100ms", "--count", "1", "--json", by=cli)
    eventually(lambda: following.lines)

    slow = cli.run("publish", receiver.url(f"{path}/slow"))[0].strip()
    messages = [cli.run("publish", receiver.url(path))[0].strip() for _ in range(5)]
    seen = lambda id: [entry["state"] for entry in following.objects() if entry["messageId"] == id]  # noqa: E731
    for message in messages:
        eventually(lambda: "DELIVERED" in seen(message))
    assert seen(slow) == ["CREATED", "ACTIVE"]
    hold.set()
    eventually(lambda: "DELIVERED" in seen(slow))

    broker.kill()
    eventually(lambda: following.errors)
    broker.start()
    messages.append(cli.run("publish", receiver.url(path))[0].strip())
    eventually(lambda: "DELIVERED" in seen(messages[-1]), timeout=60)
    assert following.stop() == 0
    assert len(following.errors) == 1 and "does not answer" in following.errors[0]
    for message in [slow, *messages]:
        assert seen(message) == ["CREATED", "ACTIVE", "DELIVERED"], following.lines
    # Everything that is in the log from the first line on was shown, in its order.
    log = [(event["messageId"], event["state"]) for event in reversed(wire.events(broker))]
    shown = [(entry["messageId"], entry["state"]) for entry in following.objects()]
    assert sorted(shown) == sorted(log[log.index(shown[0]) :])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_following_well(cli, receiver, path, start, number):
    cli.run("publish", receiver.url(path))
    following = start("events", "--follow", "--json", by=cli)
    eventually(lambda: following.lines)
    assert following.stop(number) == 0 and following.errors == []


def test_keys_are_shown_to_terminals_alone(cli, broker):
    keys = wire.get(broker, "/v2/keys")
    out, err = cli.run("keys", status=64)
    assert out == "" and "--reveal" in err and keys["current"] not in err
    assert cli.json("keys", "show", "--reveal") == [keys]
    out, _ = cli.run("keys", "--export", "--reveal")
    shell = subprocess.run(["bash", "-c", out + 'printf "%s %s" "$QSTASH_CURRENT_SIGNING_KEY" "$QSTASH_NEXT_SIGNING_KEY"'],
                           capture_output=True, text=True, env=clean_environment())  # fmt: skip
    assert shell.stdout == f"{keys['current']} {keys['next']}"

    main, terminal = pty.openpty()
    process = subprocess.Popen([BIN, "keys"], cwd=cli.folder, env=cli.environment, stdout=terminal, stderr=terminal)
    os.close(terminal)
    text = b""
    try:
        while part := os.read(main, 4096):
            text += part
    except OSError:
        pass  # The other end was closed.
    os.close(main)
    assert process.wait(30) == 0
    assert keys["current"].encode() in text and keys["next"].encode() in text


def test_a_rotation_is_confirmed(make_broker, tmp_path):
    broker = make_broker()
    broker.start()
    cli = Cli(tmp_path, broker.url, broker.token)
    before = wire.get(broker, "/v2/keys")
    cli.run("keys", "rotate", status=64)
    cli.run("keys", "rotate", "--yes", status=64)
    assert wire.get(broker, "/v2/keys") == before
    (after,) = cli.json("keys", "rotate", "--yes", "--reveal")
    assert after == wire.get(broker, "/v2/keys") and after["current"] == before["next"]


def test_listen_receives_and_verifies(cli, start):
    listening = start("listen", "--port", "0", "--json", "--count", "1", by=cli)
    eventually(lambda: listening.lines or listening.process.poll() is not None)
    begun = listening.objects()[0]
    assert begun["type"] == "listening" and begun["port"] > 0
    message = cli.run("publish", f"{begun['url']}/hook?a=1", "--body", "hello")[0].strip()
    assert listening.wait() == 0, listening.errors
    (delivery,) = listening.objects()[1:]
    assert (delivery["verified"], delivery["messageId"], delivery["body"]) == (True, message, "hello")
    assert (delivery["status"], delivery["path"]) == (200, "/hook?a=1")
    eventually(lambda: cli.json("events", "--message", message, "--state", "delivered"))


def test_listen_refuses_what_is_not_signed(cli, start):
    listening = start("listen", "--port", "0", "--json", "--count", "1", by=cli)
    eventually(lambda: listening.lines or listening.process.poll() is not None)
    url = listening.objects()[0]["url"]
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(url, b"evil", timeout=15)
    eventually(lambda: len(listening.lines) == 2)
    assert listening.objects()[1]["verified"] is False
    assert listening.process.poll() is None, "a refused delivery does not count"
    assert listening.stop() == 0


def test_doctor_finds_a_running_server_well(broker, tmp_path):
    cli = Cli(tmp_path, broker.url, broker.token, POSTRIDER_DATA=str(broker.data))
    out, _ = cli.run("doctor", "--json")
    report = json.loads(out)
    outcomes = {check["name"]: check["outcome"] for check in report["checks"]}
    assert report["failed"] == 0, report
    assert outcomes["server"] == outcomes["credentials"] == outcomes["round_trip"] == "passed", report


def test_doctor_says_what_to_do_when_nothing_answers(tmp_path):
    cli = Cli(tmp_path, f"http://127.0.0.1:{free_port()}", "tok_x")
    out, err = cli.run("doctor", status=1)
    assert "postrider serve" in out + err
    out, _ = cli.run("doctor", "--json", status=1)
    report = json.loads(out)
    assert [check["advice"] for check in report["checks"] if check["outcome"] == "failed"]


def test_the_status_says_what_went_wrong(cli, broker, tmp_path):
    _, err = cli.run("messages", "show", "msg_0000000000000000000000", status=66)
    assert "404" in err and "what to do" in err
    nobody = Cli(tmp_path, f"http://127.0.0.1:{free_port()}", broker.token)
    nobody.run("publish", "http://127.0.0.1:1/", status=69)
    stranger = Cli(tmp_path, broker.url, "tok_wrong")
    _, err = stranger.run("events", "--json", status=77)
    told = json.loads(err)["error"]
    assert (told["exitStatus"], told["status"]) == (77, 401)
    cli.run("publish", "ftp://a.test/", status=65)
    cli.run("publish", status=64)
    _, err = cli.run("events", "--label", "a", status=65)
    assert "label" in err
    bare = Cli(tmp_path, "", "")
    bare.run("events", status=78)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_scripts(cli, shell):
    script, _ = cli.run("completions", shell)
    assert "postrider" in script and "publish" in script and "# To install:" in script
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize("words, expected", [(["dlq", ""], "retry"), (["events", "--state", ""], "delivered")])
def test_bash_completes_commands_and_values(cli, words, expected):
    script, _ = cli.run("completions", "bash")
    line = " ".join(["postrider", *words])
    array = " ".join(f"'{word}'" for word in ["postrider", *words])
    call = f"""
COMP_WORDS=({array}); COMP_CWORD={len(words)}; COMP_LINE='{line}'; COMP_POINT={len(line)}; COMP_TYPE=9
_postrider postrider '' '{words[-2]}'
printf '%s\n' "${{COMPREPLY[@]}}"
"""
    shell = subprocess.run(["bash", "-c", script + call], capture_output=True, text=True, env=clean_environment())
    assert expected in [word.strip() for word in shell.stdout.splitlines()], shell.stdout + shell.stderr
