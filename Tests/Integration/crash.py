"""Kills the server at random moments under load, and proves that everything it acknowledged arrives.

Publishers keep a ledger of their own of what the server acknowledged; the destination keeps one of what it received.
After the last restart each acknowledged message must be in the ledger of the destination, or, where the script lets it
fail for ever, in the dead letter queue; none whose cancel was confirmed may have been sent. Needs nothing beside Python.
"""

import argparse
import collections
import contextlib
import dataclasses
import http.client
import json
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

from broker import Broker
from receiver import Answer, Receiver

# What a publisher may send: the path at the destination, headers, how many in one request, and how often it is chosen.
KINDS = {
    "plain": ("/plain", {}, 1, 50),
    "delayed": ("/delayed", {"Upstash-Delay": "1s"}, 1, 15),
    "batch": ("/batch", {}, 10, 10),
    "flaky": ("/flaky", {"Upstash-Retries": "5", "Upstash-Retry-Delay": "100"}, 1, 15),
    "cancelled": ("/cancelled", {"Upstash-Delay": "3s"}, 1, 10),
    "doomed": ("/doomed", {"Upstash-Retries": "1", "Upstash-Retry-Delay": "50"}, 1, 10),
}

# A little more than the delay of a message that is cancelled: by then it would have been sent.
CANCELLED_AFTER = 4

# How long a killed server may take to answer again before the run is given up, seconds.
RESTART_MAX = 60


@dataclasses.dataclass
class Arrival:
    """What the destination has seen of one message."""

    key: str
    attempts: int = 0
    delivered: int = 0


class Destination:
    """The receiver's ledger: each message by its id, and answers by the kind of its path."""

    def __init__(self):
        self._lock = threading.Lock()
        self.arrivals = {}
        self.receiver = Receiver(on_request=self._answer)

    def _answer(self, request):
        kind = request.target.strip("/")
        with self._lock:
            arrival = self.arrivals.setdefault(request.message_id, Arrival(request.body.decode()))
            arrival.attempts += 1
            fails = kind == "doomed" or (kind == "flaky" and request.retried == 0)
            arrival.delivered += not fails
        return Answer(500 if fails else 200)

    def snapshot(self):
        with self._lock:
            return {message: dataclasses.replace(arrival) for message, arrival in self.arrivals.items()}


class Publisher(threading.Thread):
    """Publishes until told to stop, and writes down each acknowledged id before it goes on."""

    def __init__(self, number, seed, broker, destination, folder, pause):
        super().__init__(daemon=True)
        self.number = number
        self.random = random.Random(f"{seed}/{number}")
        self.broker = broker
        self.destination = destination
        self.ledger = folder / f"ledger-{number}"
        self.pause = pause
        self.stopping = threading.Event()
        self.refused = collections.Counter()
        self.failure = None

    def run(self):
        try:
            with open(self.ledger, "a", encoding="ascii") as ledger:
                self._publish_all(ledger)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must not count as good
            self.failure = error

    def _publish_all(self, ledger):
        connection, sequence = None, 0
        names, weights = list(KINDS), [kind[3] for kind in KINDS.values()]
        while not self.stopping.is_set():
            name = self.random.choices(names, weights)[0]
            keys = [f"{self.number}-{sequence + offset}" for offset in range(KINDS[name][2])]
            sequence += len(keys)
            connection = connection or http.client.HTTPConnection(self.broker.host, self.broker.port, timeout=15)
            try:
                ids = self._publish(connection, name, keys)
                if name == "cancelled" and ids:
                    name = self._cancel(connection, ids[0])
            except (OSError, http.client.HTTPException):
                # Killed in the middle: nobody knows whether it was stored, and nobody was told that it was.
                connection.close()
                connection = None
                self.stopping.wait(0.02)
                continue
            for key, message in zip(keys if ids else [], ids, strict=True):
                ledger.write(f"{message} {name} {key}\n")
            ledger.flush()
            self.stopping.wait(self.random.uniform(0, 2 * self.pause))

    def _publish(self, connection, name, keys):
        path, headers, _, _ = KINDS[name]
        url = self.destination.receiver.url(path)
        authorization = {"Authorization": f"Bearer {self.broker.token}"}
        if name == "batch":
            body = json.dumps([{"destination": url, "headers": headers, "body": key} for key in keys])
            connection.request("POST", "/v2/batch", body, authorization)
        else:
            connection.request("POST", f"/v2/publish/{url}", keys[0], {**authorization, **headers})
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            self.refused[response.status] += 1
            # A refusal is a promise that nothing was stored: there is nothing to write down.
            self.stopping.wait(0.05)
            return []
        answers = json.loads(content)
        return [answer["messageId"] for answer in (answers if isinstance(answers, list) else [answers])]

    def _cancel(self, connection, message):
        """Cancels a message whose time is far; returns the kind that it then is."""
        authorization = {"Authorization": f"Bearer {self.broker.token}"}
        connection.request("DELETE", f"/v2/messages/{message}", headers=authorization)
        response = connection.getresponse()
        response.read()
        if response.status == 202:
            return "cancelled"
        # Too late: then it has been sent like any other.
        self.refused[f"cancel {response.status}"] += 1
        return "delayed"


def acknowledged(ledgers):
    """Every id in the ledgers with its kind and key; an id handed out twice is an error."""
    found = {}
    for ledger in ledgers:
        for line in ledger.read_text("ascii").splitlines():
            message, kind, key = line.split()
            assert message not in found, f"{message} was given to {found.get(message)} and to {(kind, key)}"
            found[message] = (kind, key)
    return found


def dead_letters(broker):
    """The ids of all messages in the dead letter queue."""
    found, cursor = set(), None
    while True:
        connection = http.client.HTTPConnection(broker.host, broker.port, timeout=15)
        with contextlib.closing(connection):
            target = "/v2/dlq?count=100" + (f"&cursor={cursor}" if cursor else "")
            connection.request("GET", target, headers={"Authorization": f"Bearer {broker.token}"})
            response = connection.getresponse()
            page = json.loads(response.read())
            assert response.status == 200, page
        found |= {entry["messageId"] for entry in page["messages"]}
        cursor = page.get("cursor")
        if cursor is None:
            return found


def missing(expected, destination, broker):
    """The acknowledged messages that have neither been delivered nor, where they must fail, been dead-lettered."""
    arrivals = destination.snapshot()
    lost = {
        message
        for message, (kind, _) in expected.items()
        if kind not in ("doomed", "cancelled") and (message not in arrivals or not arrivals[message].delivered)
    }
    doomed = {message for message, (kind, _) in expected.items() if kind == "doomed"}
    # The list is long and its pages cost the server something: asked for only once the rest is there.
    return lost or doomed - dead_letters(broker)


def run(kills, seed, publishers=4, pause=0.01, wait=120, flags=(), log=print):
    """Runs the test; returns the figures, of which `lost` must be empty."""
    chance = random.Random(seed)
    restarts = []
    with tempfile.TemporaryDirectory(prefix="postrider-crash-") as name:
        folder = pathlib.Path(name)
        destination = Destination()
        broker = Broker(folder, "--log-level", "error", *flags)
        broker.start(RESTART_MAX)
        threads = [Publisher(n, seed, broker, destination, folder, pause) for n in range(publishers)]
        for thread in threads:
            thread.start()
        try:
            for kill in range(kills):
                # One kill in eight comes while the server is still starting.
                if chance.random() < 0.125:
                    broker.kill()
                    broker.spawn()
                    time.sleep(chance.uniform(0, 0.3))
                else:
                    time.sleep(chance.uniform(0.02, 1.2))
                broker.kill()
                restarts.append(broker.start(RESTART_MAX))
                if (kill + 1) % 20 == 0:
                    log(f"{kill + 1} of {kills} kills, {len(destination.snapshot())} messages seen")
            time.sleep(0.5)
            for thread in threads:
                thread.stopping.set()
            for thread in threads:
                thread.join(30)
                if thread.failure:
                    raise thread.failure
            expected = acknowledged([thread.ledger for thread in threads])
            deadline = time.monotonic() + wait
            while (lost := missing(expected, destination, broker)) and time.monotonic() < deadline:
                time.sleep(0.2)
            time.sleep(CANCELLED_AFTER)
        finally:
            for thread in threads:
                thread.stopping.set()
            broker.kill()
            destination.receiver.close()
        arrivals = destination.snapshot()
        mixed_up = [
            message for message, (_, key) in expected.items() if message in arrivals and arrivals[message].key != key
        ]
        return {
            "seed": seed,
            "kills": kills,
            "acked": len(expected),
            "by kind": dict(collections.Counter(kind for kind, _ in expected.values())),
            "delivered": sum(1 for message in expected if message in arrivals and arrivals[message].delivered),
            "delivered though never acknowledged": len(arrivals.keys() - expected.keys()),
            "duplicates": sum(max(0, arrival.delivered - 1) for arrival in arrivals.values()),
            "refused": dict(sum((thread.refused for thread in threads), collections.Counter())),
            "mixed up": mixed_up,
            "sent though cancelled": sorted(
                message for message, (kind, _) in expected.items() if kind == "cancelled" and message in arrivals
            ),
            "lost": sorted(lost),
            "restart seconds, max": round(max(restarts, default=0), 3),
            "restart seconds, median": round(statistics.median(restarts), 3) if restarts else 0,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--publishers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.01, help="mean seconds between two requests of a publisher")
    parser.add_argument("--wait", type=float, default=120, help="seconds to wait for what is still missing at the end")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    figures = run(
        options.kills,
        options.seed,
        options.publishers,
        options.pause,
        options.wait,
        log=lambda line: print(line, flush=True),
    )
    for name, value in figures.items():
        shown = (
            f"{len(value)} {value[:5]}" if isinstance(value, list) and value else len(value) if value == [] else value
        )
        print(f"{name:38} {shown}")
    return 1 if figures["lost"] or figures["mixed up"] or figures["sent though cancelled"] or not figures["acked"] else 0


if __name__ == "__main__":
    sys.exit(main())
