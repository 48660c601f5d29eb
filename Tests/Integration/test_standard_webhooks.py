"""Standard Webhooks: what we sign and verify against the official package.

The fixtures are made by the official package and committed; the Swift tests verify each and sign each again, byte for byte. Here the
official package makes them again and verifies them, so that both sides are held to it. Write them anew with
`python test_standard_webhooks.py`.
"""

import base64
import datetime
import json
import pathlib

import pytest
import standardwebhooks.webhooks
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PATH = pathlib.Path(__file__).resolve().parents[1] / "PostriderJobsTests/Webhooks/standard-webhooks.json"

OLD = "whsec_" + base64.b64encode(bytes(range(24))).decode()
NEW = "whsec_" + base64.b64encode(bytes(range(100, 164))).decode()
UNPADDED = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode().rstrip("=")
BARE = base64.b64encode(bytes(range(7, 39))).decode()

CASES = [
    ("a small body", [OLD], "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1_674_087_231, '{"test": 2432232314}'),
    ("an empty body", [NEW], "msg_empty", 1_772_439_330, ""),
    ("a body of text beyond ASCII", [NEW], "msg_utf8", 1_772_439_330, '{"city":"Zürich","mark":"✈️"}'),
    ("a body with line ends", [OLD], "evt-1", 1_772_439_330, '{\r\n  "a": 1\n}\n'),
    ("a long body", [OLD], "evt-2", 1_772_439_330, json.dumps({"items": list(range(2_000))})),
    ("a secret without padding", [UNPADDED], "evt-3", 1_772_439_330, "{}"),
    ("a secret without its prefix", [BARE], "evt-4", 1_772_439_330, "{}"),
    ("two secrets while they are exchanged", [OLD, NEW], "evt-5", 1_772_439_330, '{"rotated":true}'),
    ("the end of 32-bit time", [NEW], "evt-6", 2_147_483_648, "{}"),
]


def moment(seconds):
    # The package takes the time without a zone, as UTC.
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)


def fixtures():
    """All cases, signed by the official package; with several secrets, by each."""
    made = []
    for name, secrets, id, timestamp, body in CASES:
        signatures = [Webhook(secret).sign(msg_id=id, timestamp=moment(timestamp), data=body) for secret in secrets]
        made.append(
            {
                "name": name,
                "secrets": secrets,
                "headers": {
                    "webhook-id": id,
                    "webhook-timestamp": str(timestamp),
                    "webhook-signature": " ".join(signatures),
                },
                "body": body,
            }
        )
    return made


def text(made):
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def committed():
    return json.loads(PATH.read_text(encoding="utf-8"))


@pytest.fixture
def at(monkeypatch):
    """Sets the clock by which the official package judges the age of a webhook."""

    def set_clock(seconds):
        class Clock(datetime.datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.datetime.fromtimestamp(seconds, tz)

        monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Clock)

    return set_clock


def test_the_fixtures_are_those_of_the_official_package():
    assert PATH.read_text(encoding="utf-8") == text(fixtures())


@pytest.mark.parametrize("case", fixtures(), ids=lambda case: case["name"])
def test_the_official_package_verifies_what_we_sign(case, at):
    # Our tests sign each fixture again and compare byte for byte: what is committed is what we send.
    case = next(one for one in committed() if one["name"] == case["name"])
    at(int(case["headers"]["webhook-timestamp"]) + 299)
    for secret in case["secrets"]:
        Webhook(secret).verify(case["body"], case["headers"], json_parse=False)


def test_the_official_package_refuses_what_is_too_old(at):
    case = committed()[0]
    at(int(case["headers"]["webhook-timestamp"]) + 301)
    with pytest.raises(WebhookVerificationError):
        Webhook(case["secrets"][0]).verify(case["body"], case["headers"])


if __name__ == "__main__":
    PATH.write_text(text(fixtures()), encoding="utf-8")
