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
    assert figures["lost"] == [], figures
    assert figures["twice"] == [], figures
    assert figures["acknowledged"] > 0, figures
    assert figures["kills amid handlers"] > 0, figures
