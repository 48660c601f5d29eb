"""Waiting for what the server does in its own time."""

import time


def eventually(question, timeout=15, pause=0.02):
    """Asks until the answer is true, and returns it; fails with the last answer."""
    deadline = time.monotonic() + timeout
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"still {answer!r} after {timeout} s"
        time.sleep(pause)
