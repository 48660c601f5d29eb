"""Measures how soon the server answers after a kill with many messages waiting."""

import argparse
import http.client
import json
import pathlib
import statistics
import sys
import tempfile
import time

from broker import Broker

BATCH = 1_000


def fill(broker, count):
    """Publishes messages that are due in a day, in batches."""
    connection = http.client.HTTPConnection(broker.host, broker.port, timeout=120)
    item = {"destination": "http://127.0.0.1:9/never", "headers": {"Upstash-Delay": "1d"}, "body": "x" * 100}
    left = count
    while left:
        size = min(BATCH, left)
        connection.request("POST", "/v2/batch", json.dumps([item] * size), {"Authorization": f"Bearer {broker.token}"})
        response = connection.getresponse()
        answers = json.loads(response.read())
        assert response.status == 200 and all("messageId" in answer for answer in answers), answers
        left -= size
    connection.close()
    return answers[-1]["messageId"]


def run(messages, kills):
    """The seconds from each start until `/readyz` answered 200."""
    with tempfile.TemporaryDirectory(prefix="postrider-restart-") as name:
        broker = Broker(pathlib.Path(name), "--log-level", "error")
        try:
            broker.start()
            started = time.monotonic()
            last = fill(broker, messages)
            print(f"published {messages} messages in {time.monotonic() - started:.1f} s", flush=True)
            seconds = []
            for _ in range(kills):
                broker.kill()
                seconds.append(broker.start(timeout=300))
                connection = http.client.HTTPConnection(broker.host, broker.port, timeout=30)
                connection.request("GET", f"/v2/messages/{last}", headers={"Authorization": f"Bearer {broker.token}"})
                assert connection.getresponse().status == 200, "the last message is gone"
                connection.close()
            return seconds
        finally:
            broker.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds; a slower restart is a failure")
    options = parser.parse_args()
    seconds = run(options.messages, options.kills)
    print(f"restart to first answer: median {statistics.median(seconds):.3f} s, max {max(seconds):.3f} s")
    return 1 if max(seconds) > options.limit else 0


if __name__ == "__main__":
    sys.exit(main())
