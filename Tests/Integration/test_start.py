"""Starting and stopping: what is refused, what is printed, and how it ends."""

import http.client
import os
import pathlib
import pty
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time

import pytest
from qstash import QStash

import wire
from broker import BIN, clean_environment
from probe import eventually
from receiver import Answer

SECRETS = re.compile(r"tok_[0-9a-f]{32}|sig_integration\w+")


def _refused(broker, timeout=20):
    """Starts a server that must not start; returns what it printed."""
    broker.spawn()
    status = broker.process.wait(timeout)
    out, err = broker.output()
    assert status not in (0, -signal.SIGSEGV, -signal.SIGILL, -signal.SIGTRAP), broker.tail()
    assert err.strip(), "nothing was said"
    assert "Fatal error" not in err
    assert not SECRETS.search(out + err)
    return out + err


def test_a_second_process_on_the_same_folder_is_refused(make_broker):
    first, second = make_broker(), make_broker()
    first.start()
    second.data = first.data
    said = _refused(second)
    assert str(first.data) in said
    assert first.status_of("/readyz") == 200


def test_a_port_in_use_is_refused(make_broker):
    first, second = make_broker(), make_broker()
    first.start()
    second.port = first.port
    said = _refused(second)
    assert str(first.port) in said and "--port" in said


def test_a_folder_that_cannot_be_written_is_refused(make_broker, tmp_path):
    broker = make_broker()
    locked = broker.folder / "locked"
    locked.mkdir()
    broker.data = locked / "data"
    if os.geteuid() == 0:
        # Root may write anywhere, so the server runs as somebody else, who must reach the program.
        broker.binary = _reachable_copy(tmp_path)
        broker.wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*broker.wrapper, broker.binary, "version"], capture_output=True).returncode != 0:
            pytest.skip("the program cannot be run as another user on this machine")
        broker.folder.chmod(0o755)
        locked.chmod(0o755)
    else:
        locked.chmod(0o500)
    said = _refused(broker)
    assert str(locked) in said


def _reachable_copy(tmp_path):
    """A copy of the program in a folder that every user can enter."""
    folder = pathlib.Path("/tmp") / f"postrider-{os.getpid()}-{tmp_path.name}"
    folder.mkdir(mode=0o755, exist_ok=True)
    copy = folder / "postrider"
    if not copy.exists():
        shutil.copy(BIN, copy)
    copy.chmod(0o755)
    for parent in tmp_path.parents:
        # The folders of pytest are closed to others; without this even a writable folder could not be reached.
        if parent.stat().st_uid == os.geteuid() and str(parent) not in ("/", "/tmp"):
            parent.chmod(parent.stat().st_mode | 0o011)
    return str(copy)


@pytest.mark.parametrize(
    "flags, environment, names",
    [
        (["--port", "70000"], {}, "port"),
        (["--port", "eighty"], {}, "port"),
        (["--log-level", "loud"], {}, "log-level"),
        (["--log-format", "xml"], {}, "log-format"),
        (["--no-such-flag"], {}, "no-such-flag"),
        ([], {"POSTRIDER_PORT": "eighty"}, "port"),
        ([], {"POSTRIDER_BODY_BYTES_MAX": "-1"}, "body-bytes-max"),
        ([], {"POSTRIDER_TIMEOUT_DEFAULT": "soon"}, "timeout-default"),
        ([], {"POSTRIDER_NO_SUCH_KEY": "1"}, "no-such-key"),
        ([], {"POSTRIDER_PRIVATE_DESTINATIONS": "maybe"}, "private-destinations"),
        (["--host", "not an address"], {}, "host"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_setting_is_refused_by_name(make_broker, flags, environment, names):
    broker = make_broker(*flags, **environment)
    if "POSTRIDER_PORT" in environment:
        # A flag would win over the environment.
        broker.port = None
    said = _refused(broker).lower().replace("_", "-")
    assert names in said
    assert not broker.data.exists() or not any(broker.data.iterdir())


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_listening_beyond_loopback_needs_tls_or_a_proxy(make_broker, host):
    said = _refused(make_broker("--host", host))
    assert "--tls-cert" in said and "--behind-proxy" in said


def test_behind_a_proxy_it_listens_beyond_loopback(make_broker):
    broker = make_broker("--host", "0.0.0.0", "--behind-proxy")
    broker.start()
    assert broker.status_of("/healthz") == 200


def test_the_development_mode_stays_on_loopback(make_broker):
    said = _refused(make_broker("--dev", "--host", "0.0.0.0", "--behind-proxy"))
    assert "--dev" in said


def test_the_development_mode_has_the_public_user(make_broker, receiver, path):
    broker = make_broker("--dev")
    broker.environment = {}
    broker.start()
    broker.token = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0="
    keys = wire.get(broker, "/v2/keys")
    assert keys == {"current": "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "next": "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"}
    QStash(broker.token, base_url=broker.url, retry=False).message.publish(url=receiver.url(path))
    receiver.wait_for(path)


def test_it_listens_on_ipv6(make_broker):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    broker = make_broker("--host", "::1")
    broker.host = "::1"
    broker.start()
    assert broker.status_of("/healthz") == 200


def test_the_data_folder_is_private(make_broker):
    broker = make_broker()
    broker.start()
    assert stat.S_IMODE(broker.data.stat().st_mode) == 0o700
    for file in broker.data.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_health_readiness_and_metrics_need_no_token(broker):
    assert broker.status_of("/healthz") == 200
    assert broker.status_of("/readyz") == 200
    reply = wire.request(broker, "GET", "/metrics", token=None)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"# TYPE" in reply.body


def test_the_version_is_printed():
    done = subprocess.run([BIN, "version"], capture_output=True, text=True, timeout=20, env=clean_environment())
    assert done.returncode == 0
    assert re.search(r"\d+\.\d+\.\d+", done.stdout)


def _generated(make_broker):
    """A server that makes its own credentials, and what it printed."""
    broker = make_broker()
    broker.environment = {}
    broker.start()
    return broker, "".join(broker.output())


def _curl_line(said):
    """The printed command, whether alone, in a sentence or within a JSON log line."""
    match = re.search(r"\bcurl [^\n]*", said.replace("\\\n", " "))
    assert match, said
    return match.group(0)


def test_secrets_are_not_printed_where_there_is_no_terminal(make_broker):
    broker, said = _generated(make_broker)
    assert str(broker.data) in said and str(broker.port) in said
    secrets = _stored_token(broker, said)
    assert secrets not in said
    assert "sig_" not in said


def _stored_token(broker, said):
    """The token from the file that the curl line names, which only its owner may read."""
    line = _curl_line(said)
    files = [pathlib.Path(word) for word in re.findall(r"[^\s'\"()$<`]+", line) if word.startswith(("/", "."))]
    (file,) = [
        file if file.is_absolute() else broker.folder / file for file in files if (broker.folder / file).is_file()
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = file.read_text().strip()
    assert len(token) >= 16
    return token


def test_the_printed_curl_line_works(make_broker):
    broker, said = _generated(make_broker)
    done = subprocess.run(
        ["sh", "-c", _curl_line(said)],
        cwd=broker.folder,
        capture_output=True,
        text=True,
        timeout=30,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stderr
    assert '"messageId"' in done.stdout, done.stdout


def test_on_a_terminal_the_token_is_printed(make_broker):
    broker = make_broker()
    broker.environment = {}
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        broker.arguments,
        cwd=broker.folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=secondary,
        stderr=secondary,
    )
    os.close(secondary)
    broker.process = process
    said = bytearray()

    def read():
        try:
            while chunk := os.read(primary, 4_096):
                said.extend(chunk)
        except OSError:
            pass

    threading.Thread(target=read, daemon=True).start()
    broker.wait_ready()
    token = eventually(lambda: re.search(r"curl [^\n]*", said.decode(errors="replace"))) and said.decode(
        errors="replace"
    )
    assert _stored_token(broker, re.sub(r"\x1b\[[0-9;]*m|\r", "", token)) in token
    broker.kill()
    os.close(primary)


def test_sigterm_finishes_what_runs_and_ends_with_zero(make_broker, receiver, path):
    broker = make_broker()
    broker.start()
    receiver.script(path, Answer(200, delay=1.5))
    client = QStash(broker.token, base_url=broker.url, retry=False)
    published = client.message.publish(url=receiver.url(path))
    client.message.publish(url=receiver.url(path + "/later"), delay="1d")
    receiver.wait_for(path)
    started = time.monotonic()
    assert broker.stop() == 0
    assert 1.0 < time.monotonic() - started < 14
    broker.start()
    assert len(wire.events(broker, messageId=published.message_id, state="DELIVERED")) == 1
    assert len(receiver.received(path)) == 1


def test_while_it_drains_it_is_not_ready_and_takes_nothing_new(make_broker, receiver, path):
    broker = make_broker()
    broker.start()
    release = threading.Event()
    receiver.script(path, Answer(200, hold=release))
    QStash(broker.token, base_url=broker.url, retry=False).message.publish(url=receiver.url(path))
    receiver.wait_for(path)
    # A connection that is open already, because the listening socket may be closed at once.
    kept = http.client.HTTPConnection(broker.host, broker.port, timeout=5)
    kept.request("GET", "/readyz")
    assert kept.getresponse().read() is not None
    os.kill(broker.pid, signal.SIGTERM)
    eventually(lambda: broker.status_of("/readyz") != 200)
    release.set()
    assert broker.process.wait(20) == 0


def test_what_is_still_under_way_after_the_drain_comes_again(make_broker, receiver, path):
    broker = make_broker(POSTRIDER_DRAIN="1s")
    broker.start()
    release = threading.Event()
    receiver.script(path, Answer(200, hold=release), Answer(200))
    QStash(broker.token, base_url=broker.url, retry=False).message.publish(url=receiver.url(path), body="b")
    receiver.wait_for(path)
    assert broker.stop() == 0
    broker.start()
    first, second = receiver.wait_for(path, 2)
    assert (first.message_id, first.retried) == (second.message_id, second.retried)
    release.set()
