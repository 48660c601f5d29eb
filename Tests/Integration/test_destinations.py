"""Destinations travel in the path, raw, and arrive as they were written."""

import pytest

import wire

TARGETS = {
    "double slash": "{path}//a//b",
    "final slash": "{path}/a/",
    "final double slash": "{path}/a//",
    "query": "{path}/a?x=1&y=a+b&x=2&e=",
    "empty query": "{path}/a?",
    "encoded slash": "{path}/a%2Fb%2fc",
    "encoded percent": "{path}/a%25b",
    "dots": "{path}/a/../b/./c",
    "url in the query": "{path}/a?next=https://x.test/y?z=1",
    "plus and semicolon": "{path}/a+b;c=1",
    "words of the interface": "{path}/v2/messages/",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_a_destination_arrives_verbatim(broker, receiver, path, target):
    target = target.format(path=path)
    reply = wire.request(broker, "POST", "/v2/publish/" + receiver.url(target), body="b")
    assert reply.status == 200, reply.body
    # The last question mark of an empty query carries nothing, and may be lost on the way.
    expected = {target, target.removesuffix("?")}
    (got,) = receiver.wait_for(target.split("?")[0])
    assert got.target in expected


def test_a_collapsed_scheme_is_restored(broker, receiver, path):
    collapsed = receiver.url(path).replace("http://", "http:/")
    assert wire.request(broker, "POST", "/v2/publish/" + collapsed).status == 200
    receiver.wait_for(path)


def test_an_encoded_destination_is_decoded_once(broker, receiver, path):
    encoded = receiver.url(path + "/a%2Fb").replace("%", "%25").replace(":", "%3A").replace("/", "%2F")
    assert wire.request(broker, "POST", "/v2/publish/" + encoded).status == 200
    receiver.wait_for(path + "/a%2Fb")
