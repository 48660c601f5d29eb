"""What the tests of jobs have in common: calls of a user, and server-sent events."""

import base64
import hashlib
import hmac
import http.client
import json
import time

SECRET = "integration secret of thirty-two bytes and more"


def user_token(user, secret=SECRET, **claims):
    """A user's token (HS256), made without our own code."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    payload = {"sub": user, "exp": int(time.time()) + 600, **claims}
    content = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(payload)
    code = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    return (content + b"." + base64.urlsafe_b64encode(code).rstrip(b"=")).decode()


class User:
    """Someone who starts and follows jobs; without a token the local user."""

    def __init__(self, broker, token=None):
        self.broker = broker
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method, path, body=None, **headers):
        """Status, headers in lower case, and body of an answer; JSON is read."""
        connection = http.client.HTTPConnection(self.broker.host, self.broker.port, timeout=30)
        try:
            content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, content, {**self.headers, **named})
            response = connection.getresponse()
            text = response.read()
            answer = {name.lower(): value for name, value in response.getheaders()}
            is_json = answer.get("content-type", "").startswith("application/json")
            return response.status, answer, json.loads(text) if is_json and text else text
        finally:
            connection.close()

    def start(self, **parameters):
        """Starts a countdown and returns the answer."""
        status, _, answer = self.call("POST", "/api/demo/countdown", parameters, Content_Type="application/json")
        assert status == 202, (status, answer, self.broker.tail())
        return answer

    def job(self, request_id):
        status, _, answer = self.call("GET", f"/api/jobs/{request_id}")
        assert status == 200, (status, answer)
        return answer

    def wait_for(self, request_id, condition, timeout=60):
        """The job, once the condition holds."""
        deadline = time.monotonic() + timeout
        while True:
            job = self.job(request_id)
            if condition(job):
                return job
            assert time.monotonic() < deadline, (job, self.broker.tail())
            time.sleep(0.02)

    def events(self, request_id, after=None, timeout=30):
        """The events of a job as they come, each a dictionary with `id`, `event` and `data`; comments are `{"comment": …}`."""
        connection = http.client.HTTPConnection(self.broker.host, self.broker.port, timeout=timeout)
        headers = {**self.headers, "Accept": "text/event-stream"}
        if after is not None:
            headers["Last-Event-ID"] = after
        try:
            connection.request("GET", f"/api/jobs/{request_id}/events", headers=headers)
            response = connection.getresponse()
            assert response.status == 200, (response.status, response.read())
            assert response.getheader("Content-Type").startswith("text/event-stream")
            event = {}
            while line := response.readline():
                line = line.decode().rstrip("\r\n")
                if not line:
                    if "data" in event:
                        yield {**event, "data": json.loads(event["data"])}
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(":")
                    value = value.removeprefix(" ")
                    event[name] = event[name] + "\n" + value if name == "data" and name in event else value
        finally:
            connection.close()
