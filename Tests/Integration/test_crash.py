"""Killed at random moments, the server loses nothing that it has acknowledged."""

import random

import crash


def test_twenty_kills_lose_nothing():
    seed = random.SystemRandom().randrange(1 << 32)
    figures = crash.run(kills=20, seed=seed)
    print(figures)
    assert figures["lost"] == [], figures
    assert figures["mixed up"] == [], figures
    assert figures["sent though cancelled"] == [], figures
    assert figures["acked"] > 0, figures
    assert figures["by kind"].get("cancelled", 0) > 0, figures
