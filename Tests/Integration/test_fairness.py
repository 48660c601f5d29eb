"""One slow or dead destination starves nobody, whatever is sent to it."""

import socket
import time

import pytest

import wire

LARGE = b"x" * (10 * 1024 * 1024)


@pytest.fixture
def silent_destination():
    """Takes connections and never answers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/silent"
    listener.close()


def _publish(broker, url, body, *headers):
    reply = wire.request(broker, "POST", f"/v2/publish/{url}", headers=headers, body=body)
    assert reply.status == 200, reply
    return reply.json["messageId"]


def test_large_bodies_to_a_silent_destination_hold_up_no_others(make_broker, receiver, path, silent_destination):
    broker = make_broker()
    broker.start()
    for _ in range(30):
        _publish(broker, silent_destination, LARGE, ("Upstash-Timeout", "20s"), ("Upstash-Retries", "0"))
    started = time.monotonic()
    _publish(broker, receiver.url(path), b"small")
    _publish(broker, receiver.url(path), LARGE)
    receiver.wait_for(path, count=2, timeout=10)
    assert time.monotonic() - started < 10


def test_a_silent_destination_with_many_messages_holds_up_no_others(make_broker, receiver, path, silent_destination):
    broker = make_broker()
    broker.start()
    for _ in range(600):
        _publish(broker, silent_destination, b"n", ("Upstash-Timeout", "20s"), ("Upstash-Retries", "0"))
    started = time.monotonic()
    _publish(broker, receiver.url(path), b"small")
    receiver.wait_for(path, timeout=5)
    assert time.monotonic() - started < 5


def test_a_stop_cuts_what_hangs_and_the_next_start_delivers_it(make_broker, receiver, path):
    broker = make_broker(POSTRIDER_DRAIN="1s")
    broker.start()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    message = _publish(broker, f"http://127.0.0.1:{port}{path}", b"again", ("Upstash-Timeout", "60s"))
    hanging, _ = listener.accept()
    listener.close()
    started = time.monotonic()
    assert broker.stop() == 0
    assert time.monotonic() - started < 8
    hanging.close()
    # The next life finds the message due, with nothing counted against it.
    broker.start()
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(30)
    again, _ = listener.accept()
    request = again.recv(65_536)
    again.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    again.close()
    listener.close()
    assert message.encode() in request
