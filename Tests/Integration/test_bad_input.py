"""Bad input gets a 4xx with a code, and changes nothing."""

import contextlib
import json
import socket

import pytest
from qstash import QStash

import bad_input
import wire
from probe import eventually
from receiver import Answer, Receiver


class Quiet:
    """A server that holds one waiting message and one dead letter, and on which nothing moves."""

    def __init__(self, broker, receiver):
        self.broker = broker
        self.receiver = receiver
        receiver.script("/dead", Answer(500))
        client = QStash(broker.token, base_url=broker.url, retry=False)
        client.message.publish(url=receiver.url("/waiting"), delay="1d")
        client.message.publish(url=receiver.url("/dead"), retries=0)
        eventually(lambda: client.dlq.list().messages)

    def state(self):
        """All that a request could change: events, dead letters, keys, and what the destination has received."""
        return (
            wire.events(self.broker),
            wire.get(self.broker, "/v2/dlq"),
            wire.get(self.broker, "/v2/keys"),
            self.receiver.count(),
        )

    @contextlib.contextmanager
    def unchanged(self):
        before = self.state()
        yield
        assert self.state() == before


@pytest.fixture(scope="module")
def quiet_receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def _quiet(tmp_path_factory, receiver, *flags, **environment):
    from broker import Broker

    broker = Broker(tmp_path_factory.mktemp("quiet"), *flags, **environment)
    broker.start()
    return Quiet(broker, receiver)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory, quiet_receiver):
    quiet = _quiet(tmp_path_factory, quiet_receiver)
    yield quiet
    quiet.broker.kill()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server that refuses private destinations."""
    from broker import Broker

    broker = Broker(tmp_path_factory.mktemp("guarded"), POSTRIDER_PRIVATE_DESTINATIONS="refuse")
    broker.start()
    yield broker
    broker.kill()


def _send(broker, case, to):
    return wire.request(broker, case.method, case.target.replace("{to}", to), case.headers, case.body, case.token)


@pytest.mark.parametrize("case", bad_input.ALL, ids=str)
def test_bad_input_is_refused_and_changes_nothing(quiet, quiet_receiver, case):
    with quiet.unchanged():
        reply = _send(quiet.broker, case, quiet_receiver.url("/never"))
        wire.assert_refused(reply, case.status, case.code, case.text)
        if reply.status == 405:
            assert reply.headers.get("allow")


@pytest.mark.parametrize("address", bad_input.NEVER_ADDRESSES)
def test_forbidden_addresses_are_refused_in_every_mode(quiet, address):
    with quiet.unchanged():
        wire.assert_refused(wire.request(quiet.broker, "POST", f"/v2/publish/http://{address}/latest/"), (400,))


@pytest.mark.parametrize("address", bad_input.PRIVATE_ADDRESSES + bad_input.NEVER_ADDRESSES)
def test_private_addresses_are_refused_when_the_setting_says_so(guarded, address):
    reply = wire.request(guarded, "POST", f"/v2/publish/http://{address}:8099/")
    wire.assert_refused(reply, (400,))
    assert wire.events(guarded) == []


def test_the_refusal_names_the_setting_that_would_allow_it(guarded):
    reply = wire.request(guarded, "POST", "/v2/publish/http://127.0.0.1:8099/")
    wire.assert_refused(reply, (400,), text="private-destinations")


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"])
def test_through_a_proxy_private_destinations_are_refused(quiet, quiet_receiver, header):
    value = {"Forwarded": "for=203.0.113.9", "Via": "1.1 proxy"}.get(header, "203.0.113.9")
    with quiet.unchanged():
        reply = wire.request(quiet.broker, "POST", "/v2/publish/" + quiet_receiver.url("/never"), {header: value})
        wire.assert_refused(reply, (400, 403), text="private-destinations")


def test_an_unknown_host_is_refused(quiet):
    name = "no-such-name.invalid"
    try:
        socket.getaddrinfo(name, 80)
        pytest.skip("this machine's resolver answers for names that do not exist")
    except socket.gaierror as error:
        if error.errno != socket.EAI_NONAME:
            pytest.skip(f"this machine's resolver gives no definite answer: {error}")
    with quiet.unchanged():
        reply = wire.request(quiet.broker, "POST", f"/v2/publish/http://{name}/")
        wire.assert_refused(reply, (400,), text="unable to resolve host")


def test_messages_of_another_broker_are_unknown(quiet, make_broker, quiet_receiver):
    other = make_broker()
    other.start()
    client = QStash(other.token, base_url=other.url, retry=False)
    foreign = client.message.publish(url=quiet_receiver.url("/other"), delay="1d").message_id
    with quiet.unchanged():
        for method in ("GET", "DELETE"):
            wire.assert_refused(wire.request(quiet.broker, method, f"/v2/messages/{foreign}"), (404,))
        reply = wire.request(quiet.broker, "DELETE", "/v2/messages", body=json.dumps({"messageIds": [foreign]}))
        assert reply.json == {"cancelled": 0}


def test_a_cursor_belongs_to_its_filter(quiet):
    cursor = wire.get(quiet.broker, "/v2/events?count=1")["cursor"]
    assert wire.get(quiet.broker, f"/v2/events?count=1&cursor={cursor}")["events"]
    with quiet.unchanged():
        reply = wire.request(quiet.broker, "GET", f"/v2/events?count=1&state=CREATED&cursor={cursor}")
        wire.assert_refused(reply, (400,))
        reply = wire.request(quiet.broker, "GET", f"/v2/dlq?cursor={cursor}")
        wire.assert_refused(reply, (400,))


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v2/keys HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"POST /v2/publish/http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /v2/publish/http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["words", "version", "line", "tls", "two lengths", "length and chunks"],
)
def test_what_is_no_request_gets_our_error_too(quiet, data):
    with quiet.unchanged():
        reply = wire.send_bytes(quiet.broker, data, half_close=True)
        # A second, unequal length may be caught by the parser or by authentication: never by accepting it.
        wire.assert_refused(reply, (400, 401, 405, 505))


def test_a_smuggled_second_request_is_not_run(quiet, quiet_receiver):
    token = quiet.broker.token.encode()
    inner = (
        b"POST /v2/publish/"
        + quiet_receiver.url("/smuggled").encode()
        + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + token
        + b"\r\nContent-Length: 0\r\n\r\n"
    )
    chunked = b"0\r\n\r\n" + inner
    outer = (
        b"POST /v2/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + token
        + b"\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(chunked)
    )
    with quiet.unchanged():
        wire.send_bytes(quiet.broker, outer + chunked, half_close=True)


def test_a_body_that_breaks_off_publishes_nothing(quiet, quiet_receiver):
    token = quiet.broker.token.encode()
    head = b"POST /v2/publish/" + quiet_receiver.url("/half").encode() + b" HTTP/1.1\r\nHost: x\r\n"
    with quiet.unchanged():
        wire.send_bytes(
            quiet.broker,
            head + b"Authorization: Bearer " + token + b"\r\nContent-Length: 100\r\n\r\nhalf",
            half_close=True,
        )


def test_expect_is_answered_before_the_body_is_sent(broker, receiver, path):
    head = (
        f"POST /v2/publish/{receiver.url(path)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {broker.token}\r\n"
        "Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((broker.host, broker.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(4_096).startswith(b"HTTP/1.1 100")
        connection.sendall(b"hello")
        assert b" 200 " in connection.recv(4_096).split(b"\r\n")[0]
    assert receiver.wait_for(path)[0].body == b"hello"


def test_expect_with_too_large_a_body_is_refused_without_it(quiet, quiet_receiver):
    head = (
        f"POST /v2/publish/{quiet_receiver.url('/never')} HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {quiet.broker.token}\r\nExpect: 100-continue\r\n"
        f"Content-Length: {bad_input.BODY_BYTES_MAX + 1}\r\n\r\n"
    )
    with quiet.unchanged():
        wire.assert_refused(wire.send_bytes(quiet.broker, head.encode()), (413, 417))


def test_the_largest_body_is_accepted(broker, receiver, path):
    body = b"x" * bad_input.BODY_BYTES_MAX
    assert wire.request(broker, "POST", "/v2/publish/" + receiver.url(path), body=body, token=True).status == 200
    assert len(receiver.wait_for(path)[0].body) == len(body)


def test_after_an_early_error_the_connection_closes(quiet, quiet_receiver):
    head = (
        f"POST /v2/publish/{quiet_receiver.url('/never')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n"
        f"Content-Length: {bad_input.BODY_BYTES_MAX}\r\n\r\n"
    )
    with quiet.unchanged(), socket.create_connection((quiet.broker.host, quiet.broker.port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65_536):
                answer += chunk
        assert answer.startswith(b"HTTP/1.1 401")
