"""Killed amid its handlers, a worker loses no job, and no transaction of a handler happens twice."""

import random

import pytest
import worker
from postgres import database_url


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_ten_kills_lose_nothing_and_repeat_nothing(database):
    seed = random.SystemRandom().randrange(1 << 32)
    with database_url(database) as url:
        figures = worker.run(kills=10, seed=seed, database_url=url)
    print(figures)
    assert figures["pending"] == [], figures
    assert figures["lost"] == [], figures
    assert figures["twice"] == [], figures
    assert figures["acknowledged"] > 0, figures
    assert figures["kills amid handlers"] > 0, figures


class LateRepetition:
    """A worker with a job whose row is there at once, and again when the broker delivers for the second time."""

    def __init__(self, deliveries):
        self.rounds = 0
        self.deliveries = deliveries

    def get(self, path):
        assert path == "/shipments"
        return ["order-1"] * (2 if self.rounds > self.deliveries else 1)

    def ended(self):
        self.rounds += 1
        return {"msg_1"} if self.rounds > self.deliveries else set()


def test_what_comes_twice_is_counted_after_the_last_delivery():
    late = LateRepetition(deliveries=3)
    figures = worker.settled(late, {"msg_1": "order-1"}, late.ended, pause=0)
    assert figures["twice"] == ["order-1"] and figures["lost"] == [] and figures["pending"] == []


def test_what_the_broker_still_holds_is_told():
    late = LateRepetition(deliveries=1_000)
    figures = worker.settled(late, {"msg_1": "order-1", "msg_2": "order-2"}, late.ended, pause=0, timeout=0)
    assert figures["pending"] == ["msg_1", "msg_2"] and figures["lost"] == ["order-2"]
