"""Kills a worker at random moments in the middle of its handlers, and proves that every job's transaction happened once.

The worker is the example `order-worker`: its job writes a row in the transaction that ends the delivery. The server stays up and
sends again what got no answer. In the end each acknowledged job must have exactly one row: none lost, none twice.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

import wire
from broker import CURRENT_KEY, NEXT_KEY, Broker, clean_environment, free_port

BIN = os.environ.get(
    "POSTRIDER_WORKER_BIN",
    str(pathlib.Path(__file__).resolve().parents[2] / ".build/examples/debug/order-worker"),
)

# How long the jobs that are left may take once nobody is killed any more, seconds.
SETTLE_MAX = 120


class Worker:
    """One worker process, which comes back on the same port with the same database."""

    def __init__(self, folder, broker, database_url):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.environment = clean_environment(
            PORT=str(self.port),
            DATABASE_URL=database_url or str(self.folder / "worker.sqlite"),
            QSTASH_URL=broker.url,
            QSTASH_TOKEN=broker.token,
            QSTASH_CURRENT_SIGNING_KEY=CURRENT_KEY,
            QSTASH_NEXT_SIGNING_KEY=NEXT_KEY,
            HANDLER_MILLISECONDS="40",
        )
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        assert os.access(BIN, os.X_OK), f"{BIN} is missing: build the examples, or set POSTRIDER_WORKER_BIN"
        with open(self.folder / "worker.log", "ab") as log:
            self.process = subprocess.Popen(
                [BIN], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 30
        while self.get("/health") is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = (self.folder / "worker.log").read_text(errors="replace")[-4_000:]
                raise AssertionError(f"the worker did not start:\n{tail}")
            time.sleep(0.005)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def get(self, path):
        """The body of a GET as JSON, or None when nothing answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            return json.loads(body) if response.status == 200 else None
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


class Publisher(threading.Thread):
    """Publishes jobs until told to stop, and keeps the orders that were acknowledged, by the ids of their messages."""

    def __init__(self, broker, worker, pause):
        super().__init__(daemon=True)
        self.broker = broker
        self.worker = worker
        self.pause = pause
        self.stopping = threading.Event()
        self.acknowledged = {}
        self.failure = None

    def run(self):
        try:
            number = 0
            while not self.stopping.wait(self.pause):
                number += 1
                self._publish(f"order-{number}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must not count as good
            self.failure = error

    def _publish(self, order):
        connection = http.client.HTTPConnection(self.broker.host, self.broker.port, timeout=15)
        try:
            connection.request(
                "POST",
                f"/v2/publish/{self.worker.url}/api/jobs/ship-order",
                json.dumps({"orderID": order}),
                {
                    "Authorization": f"Bearer {self.broker.token}",
                    "Content-Type": "application/json",
                    "Upstash-Retries": "100",
                    "Upstash-Retry-Delay": "300",
                },
            )
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200, body
            self.acknowledged[json.loads(body)["messageId"]] = order
        finally:
            connection.close()


def run(kills, seed, database_url=None, pause=0.02):
    """Kills the worker so many times while jobs keep coming; returns what became of them."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "broker").mkdir()
        broker = Broker(folder / "broker")
        broker.start()
        worker = Worker(folder, broker, database_url)
        publisher = Publisher(broker, worker, pause)
        try:
            worker.start()
            publisher.start()
            hit = 0
            for _ in range(kills):
                time.sleep(chance.uniform(0.05, 0.4))
                running = worker.get("/running")
                hit += bool(running and running["handlers"])
                worker.kill()
                worker.start()
            publisher.stopping.set()
            publisher.join()
            if publisher.failure:
                raise publisher.failure
            counts = settled(worker, publisher.acknowledged, lambda: ended(broker))
            return {"kills": kills, "kills amid handlers": hit, "seed": seed, **counts}
        finally:
            publisher.stopping.set()
            if worker.process:
                worker.kill()
            broker.kill()


def ended(broker):
    """The ids of all messages that the broker will not deliver any more."""
    return {
        event["messageId"]
        for state in ("DELIVERED", "FAILED", "CANCELED")
        for event in wire.events(broker, state=state)
    }


def settled(worker, acknowledged, ended, pause=0.2, timeout=SETTLE_MAX):
    """Waits until the broker holds none of the acknowledged messages any more, or the time is up, and then counts.

    A job whose row is there may still come again, when its answer was lost: only the broker knows that it does not.
    `acknowledged` has the orders by their messages' ids; `ended` tells the ids that the broker is done with.
    """
    deadline = time.monotonic() + timeout
    while (pending := acknowledged.keys() - ended()) and time.monotonic() < deadline:
        time.sleep(pause)
    rows = collections.Counter(worker.get("/shipments") or [])
    return {
        "acknowledged": len(acknowledged),
        "pending": sorted(pending),
        "lost": [order for order in acknowledged.values() if rows[order] == 0],
        "twice": [order for order, count in rows.items() if count > 1],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--database-url", help="a PostgreSQL database, instead of a SQLite file")
    figures = run(**vars(parser.parse_args()))
    print(json.dumps(figures, indent=2))
    sys.exit(1 if figures["lost"] or figures["twice"] or figures["pending"] else 0)
