"""An exchange, how it is recorded with the official client, and what catalogues write it with."""

import contextlib
import dataclasses
import io
import json
import operator
import pathlib
import urllib.parse

from qstash import QStash
from qstash.errors import QStashError

from receiver import Answer, Receiver

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "QStashTests" / "Exchanges"
CLIENT = "qstash 3.4.0"
NOTHING = type(None)


@dataclasses.dataclass(frozen=True)
class Exchange:
    """One request and its answer: composed when there is a `request`, otherwise recorded from `call`.

    `call` is what the official client does to get the answer, None where it has no such call; `reads` is the type of
    what it makes of the answer, or of what it raises.
    """

    name: str
    section: str
    call: object
    reads: type | None
    answer: dict
    request: dict | None = None
    note: str | None = None

    @property
    def source(self):
        return f"wire reference, section {self.section}" if self.request else CLIENT

    def __str__(self):
        return self.name


class Stage:
    """The official client, and a server on loopback that answers it from a script."""

    def __init__(self):
        self._answer = None
        self._asked = []
        self._server = Receiver(on_request=self._serve)
        self._client = QStash("exchange-token", base_url=self._server.url(""), retry=False)

    def close(self):
        self._server.close()

    def play(self, exchange):
        """The request as the client made it, and what it returned or raised; two times None without a call."""
        if exchange.call is None:
            return None, None
        self._answer, self._asked = exchange.answer, []
        # The client prints what it gets when it lists logs.
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                outcome = exchange.call(self._client)
            except (QStashError, KeyError, ValueError) as error:
                outcome = error
        (asked,) = self._asked
        return _described(asked), outcome

    def _serve(self, request):
        self._asked.append(request)
        body = self._answer["body"]
        text = "" if body is None else body["text"] if "text" in body else json.dumps(body["json"])
        return Answer(self._answer["status"], self._answer["headers"], text.encode())


def _described(request):
    """The parts of a request that a server decides on."""
    path, _, query = request.target.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    fields = {name.lower(): value for name, value in request.headers}
    described = {
        "method": request.method,
        "path": path,
        "query": [[urllib.parse.unquote(name), urllib.parse.unquote(value)] for name, _, value in pairs],
        "headers": {name: fields[name] for name in fields if name == "content-type" or name.startswith("upstash-")},
        "authorization": "authorization" in fields,
        "body": _content(request.body.decode(), fields.get("content-type")),
    }
    # Only the target shows that a destination was not encoded anew.
    return {**described, "target": request.target} if query else described


def _content(text, content_type):
    if not text:
        return None
    return {"json": json.loads(text)} if content_type == "application/json" else {"text": text}


def fixture(exchange, asked):
    """What the file holds, from the exchange and what the client asked."""
    kept = {
        "name": exchange.name,
        "source": exchange.source,
        "section": exchange.section,
        "request": exchange.request or asked,
        "response": exchange.answer,
    }
    return {**kept, "note": exchange.note} if exchange.note else kept


def rendered(content):
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def answers(content, status=200, **headers):
    """JSON. Names of further headers are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "headers": {"content-type": "application/json", **named}, "body": {"json": content}}


def says(text, status, content_type="text/plain"):
    return {"status": status, "headers": {"content-type": content_type}, "body": {"text": text}}


def refuses(status, text, **headers):
    return answers({"error": text}, status, **headers)


EMPTY = {"status": 200, "headers": {}, "body": None}


def does(method, /, *arguments, **options):
    """A call of the official client by the name of its method, such as `queue.get`."""
    return lambda client: operator.attrgetter(method)(client)(*arguments, **options)


def recorded(name, section, call, reads, answer, note=None):
    return Exchange(name, section, call, reads, answer, note=note)


def acts(name, section, method, *arguments):
    """A recorded call that is answered without a body."""
    return recorded(name, section, does(method, *arguments), NOTHING, EMPTY)


def composed(name, section, request, answer, note, call=None, reads=None):
    return Exchange(name, section, call, reads, answer, request, note)


def asks(method, path, query=(), headers=None, body=None, authorization=True):
    """A composed request; `body` is JSON."""
    return {
        "method": method,
        "path": path,
        "query": [list(pair) for pair in query],
        "headers": headers or {},
        "authorization": authorization,
        "body": None if body is None else {"json": body},
    }
