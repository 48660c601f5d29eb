"""A destination that records what it gets and answers from a script."""

import collections
import dataclasses
import http.server
import threading
import time
import urllib.parse


@dataclasses.dataclass
class Answer:
    """One answer; `hold` keeps it back until the event is set, `delay` for so many seconds."""

    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = b"ok"
    delay: float = 0
    hold: threading.Event | None = None


@dataclasses.dataclass
class Received:
    """One request as it came in, its target verbatim."""

    method: str
    target: str
    headers: list
    body: bytes
    at: float

    def header(self, name):
        """The value of a header, None when it is absent; repeated ones joined with a comma."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def message_id(self):
        return self.header("Upstash-Message-Id")

    @property
    def retried(self):
        return int(self.header("Upstash-Retried"))


class Receiver:
    """An HTTP/1.1 server with kept-alive connections, each in a thread of its own."""

    def __init__(self, on_request=None):
        """`on_request` gets each `Received` and may return an `Answer`; None leaves it to the script."""
        self._changed = threading.Condition()
        self._received = collections.defaultdict(list)
        self._scripts = {}
        self._on_request = on_request
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            # One segment an answer: without it head and body leave in two, and the second waits for an acknowledgement.
            wbufsize = -1

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self._chunked() if self.headers.get("Transfer-Encoding") else self.rfile.read(length)
                request = Received(self.command, self.path, list(self.headers.items()), body, time.monotonic())
                answer = receiver._take(request)
                if answer.hold:
                    answer.hold.wait(60)
                if answer.delay:
                    time.sleep(answer.delay)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD" and answer.status not in (204, 304):
                    self.wfile.write(answer.body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def _chunked(self):
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *_):
                # The peer may be killed in the middle of a request.
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.port}{path}"

    def script(self, path, *answers):
        """What requests to a path get, one answer after the other; the last one repeats."""
        self._scripts[path] = list(answers)

    def received(self, path):
        with self._changed:
            return list(self._received[path])

    def count(self):
        """The number of all requests so far."""
        with self._changed:
            return sum(map(len, self._received.values()))

    def wait_for(self, path, count=1, timeout=15):
        """The requests to a path, once there are so many."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._received[path]) >= count, timeout)
            got = list(self._received[path])
        assert arrived, f"{len(got)} of {count} requests to {path} after {timeout} s"
        return got

    def _take(self, request):
        path = urllib.parse.urlsplit(request.target).path if "?" in request.target else request.target
        with self._changed:
            self._received[path].append(request)
            self._changed.notify_all()
            script = self._scripts.get(path)
            scripted = script.pop(0) if script and len(script) > 1 else script[0] if script else Answer()
        return (self._on_request and self._on_request(request)) or scripted
