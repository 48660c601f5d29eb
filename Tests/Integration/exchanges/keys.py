"""Signing keys."""

from qstash.signing_key import SigningKey

from .recorder import answers, does, recorded

KEYS = [
    recorded(
        "keys-get", "19", does("signing_key.get"), SigningKey, answers({"current": "sig_current", "next": "sig_next"})
    ),
    recorded(
        "keys-rotate", "19", does("signing_key.rotate"), SigningKey, answers({"current": "sig_next", "next": "sig_new"})
    ),
]
