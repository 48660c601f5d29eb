"""Requests exactly as written, for what a well-behaved client cannot send."""

import dataclasses
import http.client
import json
import socket


@dataclasses.dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def send_bytes(broker, data, timeout=15, half_close=False):
    """Sends bytes over a fresh connection and reads one answer, or None when the server closed without one."""
    with socket.create_connection((broker.host, broker.port), timeout=timeout) as connection:
        try:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            # The server may answer and close before it has read everything: the answer still waits.
            pass
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
            body = response.read()
        except (http.client.HTTPException, ConnectionResetError):
            return None
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, body)


def request(broker, method, target, headers=(), body=b"", token=True):
    """One request whose target and headers go out verbatim. `token` is True for the broker's own, a string, or None."""
    lines = [f"{method} {target} HTTP/1.1".encode(), f"Host: {broker.host}:{broker.port}".encode()]
    if token:
        lines.append(b"Authorization: Bearer " + (broker.token if token is True else token).encode())
    fields = list(headers.items()) if isinstance(headers, dict) else list(headers)
    for name, value in fields:
        value = value if isinstance(value, bytes) else value.encode()
        lines.append(name.encode() + b": " + value)
    if isinstance(body, str):
        body = body.encode()
    given = {name.lower() for name, _ in fields}
    if not given & {"content-length", "transfer-encoding"} and (body or method in ("POST", "PUT", "PATCH")):
        lines.append(b"Content-Length: " + str(len(body)).encode())
    lines.append(b"Connection: close")
    return send_bytes(broker, b"\r\n".join(lines) + b"\r\n\r\n" + body)


def get(broker, target):
    """A GET that must be 200; returns the decoded JSON."""
    reply = request(broker, "GET", target)
    assert reply is not None and reply.status == 200, reply
    return reply.json


def events(broker, **query):
    """All events that match, newest first, over every page."""
    found, cursor = [], None
    while True:
        pairs = {"count": 1000, **query, **({"cursor": cursor} if cursor else {})}
        page = get(broker, "/v2/events?" + "&".join(f"{name}={value}" for name, value in pairs.items()))
        found += page["events"]
        cursor = page.get("cursor")
        if cursor is None:
            return found


def assert_refused(reply, statuses, code=None, text=None):
    """The answer is one of the statuses with our JSON error; `code` None asks only for some code."""
    assert reply is not None, "the connection was closed without an answer"
    assert reply.status in statuses, f"{reply.status} {reply.body[:500]!r}, expected {sorted(statuses)}"
    assert reply.headers.get("content-type", "").startswith("application/json"), reply.headers
    content = reply.json
    assert isinstance(content.get("error"), str) and content["error"], content
    assert isinstance(content.get("code"), str) and content["code"], content
    if code is not None:
        assert content["code"] == code, content
    if text is not None:
        assert text in content["error"], content
