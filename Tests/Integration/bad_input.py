"""Every kind of bad input with the answer it must get: the one table of statuses and codes.

`{to}` stands for the URL of a destination that works. A code of None asks only that there is one.
"""

import dataclasses
import json

BODY_BYTES_MAX = 10 * 1024 * 1024
BATCH_BYTES_MAX = 16 * 1024 * 1024
BATCH_ITEMS_MAX = 1_000

NO_SCHEME = "invalid destination url: endpoint has invalid scheme, add http:// or https://"


@dataclasses.dataclass
class Case:
    name: str
    target: str = "/v2/publish/{to}"
    method: str = "POST"
    headers: tuple = ()
    body: object = b""
    status: tuple = (400,)
    code: str | None = None
    text: str | None = None
    token: object = True

    def __str__(self):
        return self.name


def _header(name, value, status=(400,), text=None, shown=None, code=None):
    shown = repr(value if shown is None else shown)
    return Case(f"{name} {shown}", headers=((name, value),), status=status, text=text, code=code)


CREDENTIALS = [
    Case("publish without a token", token=None, status=(401,), text="unable to authenticate: invalid token"),
    Case("publish with a wrong token", token="wrong", status=(401,), text="unable to authenticate: invalid token"),
    Case("publish with an empty token", headers=(("Authorization", "Bearer "),), token=None, status=(401,)),
    Case("publish with another scheme", headers=(("Authorization", "Basic dG9rOg=="),), token=None, status=(401,)),
    Case("a wrong token in the query", "/v2/publish/{to}?qstash_token=wrong", token=None, status=(401,)),
    *(
        Case(f"{method} {target} without a token", target, method, token=None, status=(401,))
        for method, target in [
            ("GET", "/v2/messages/msg_x"),
            ("DELETE", "/v2/messages/msg_x"),
            ("DELETE", "/v2/messages"),
            ("GET", "/v2/events"),
            ("GET", "/v2/logs"),
            ("GET", "/v2/dlq"),
            ("DELETE", "/v2/dlq"),
            ("POST", "/v2/dlq/retry"),
            ("GET", "/v2/keys"),
            ("POST", "/v2/keys/rotate"),
            ("POST", "/v2/batch"),
        ]
    ),
]

DESTINATIONS = [
    Case("no scheme", "/v2/publish/example.com/hook", text=NO_SCHEME),
    Case("no scheme, with a port", "/v2/publish/127.0.0.1:9/hook", text=NO_SCHEME),
    Case("another scheme", "/v2/publish/ftp://example.com/x", text=NO_SCHEME),
    Case("a file", "/v2/publish/file:///etc/passwd", text=NO_SCHEME),
    Case("a script", "/v2/publish/javascript:alert(1)", text=NO_SCHEME),
    Case("no destination", "/v2/publish/"),
    Case("no host", "/v2/publish/http:///path"),
    Case("a port that is no number", "/v2/publish/http://127.0.0.1:http/"),
    Case("a port out of range", "/v2/publish/http://127.0.0.1:65536/"),
    Case("a host with a blank", "/v2/publish/http://exa%20mple.com/", status=(400,)),
    Case("a host that is too long", "/v2/publish/http://" + "a" * 300 + ".test/"),
    Case("a language model proxy", "/v2/publish/api/llm"),
    Case("a group", "/v2/publish/my-group"),
    Case("a queue", "/v2/enqueue/orders/{to}"),
    Case("a queue with a bad name", "/v2/enqueue/or%20ders/{to}"),
]

# Refused in every mode, however it is written: link-local, metadata, multicast, reserved.
NEVER_ADDRESSES = [
    "169.254.169.254",
    "169.254.0.1",
    "2852039166",
    "0xA9FEA9FE",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.16689662",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "[::169.254.169.254]",
    "169.254.169.254.",
    "user@169.254.169.254",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "[ff02::1]",
    "%31%36%39.254.169.254",
]

# Refused where private destinations are: loopback and private, however it is written.
PRIVATE_ADDRESSES = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "017700000001",
    "0177.0.0.01",
    "127.0.0.1.",
    "127.255.255.254",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "user:pass@127.0.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "167772161",
    "100.64.0.1",
    "[fc00::1]",
    "[fd12::1]",
    "[2002:7f00:1::1]",
]

DELAYS = (
    [
        _header("Upstash-Delay", value, status=(400, 412), shown=value[:24])
        for value in [
            "-5s",
            "-1",
            "5x",
            "s",
            "5 s",
            "1.5s",
            "1h-1m",
            "1e3s",
            "five",
            "0x10s",
            "+5s",
            "٥s",
            "9" * 30 + "s",
            "9223372036854775807d",
            "366d",
            "100000h",
            "s5",
            "5ss",
            "1d" * 5_000,
        ]
    ]
    + [
        _header("Upstash-Not-Before", value, status=(400, 412))
        for value in ["abc", "-1", "1.5", "99999999999999", "9" * 30, "2030-01-01"]
    ]
    + [_header("Upstash-Timeout", value, status=(400, 412)) for value in ["-1s", "0s", "abc", "9" * 30 + "s"]]
    + [_header("Upstash-Retries", value, status=(400, 412)) for value in ["-1", "abc", "1.5", "1000000", "9" * 30]]
)

EXPRESSIONS = [
    _header("Upstash-Retry-Delay", value, shown=value[:24])
    for value in [
        "pow(2,",
        "1000 *",
        "* 1000",
        "foo(1)",
        "2^3",
        "5 % 2",
        "retried retried",
        "1..5",
        "pow(1)",
        "pow(1,2,3)",
        "sqrt()",
        "x",
        "1000;",
        "1/0",
        "0/0",
        "1/retried",
        "exp(99999)",
        "sqrt(-1)",
        "(1",
        "1)",
        "((((1)))",
        ",",
        "(" * 5_000 + "1" + ")" * 5_000,
        "-" * 5_000 + "1",
        "1+" * 5_000 + "1",
        "max(" * 60 + "1" + ")" * 60,
        "1e999",
        "system('id')",
        "retried.__class__",
    ]
]

HEADERS = [
    # A bare CR or NUL within a line, and a line that ends the header with LF alone and begins another one.
    Case("a forwarded value with CR", headers=(("Upstash-Forward-X", b"a\rEvil: 1"),)),
    Case("a forwarded value with NUL", headers=(("Upstash-Forward-X", b"a\x00b"),)),
    Case("a forwarded value that is folded", headers=(("Upstash-Forward-X", b"a\r\n b"),)),
    Case("a header name with a blank", headers=(("Upstash-Forward-X Y", "a"),)),
    Case("a forwarded header without a name", headers=(("Upstash-Forward-", "a"),)),
    *(
        _header(f"Upstash-Forward-{name}", "1")
        for name in [
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "TE",
            "Upgrade",
            "Upstash-Signature",
            "Upstash-Message-Id",
            "Upstash-Retried",
            "Postrider-Max-Retries",
            "upstash-signature",
        ]
    ),
    _header("Upstash-Callback-Forward-Host", "1"),
    _header("Upstash-Failure-Callback-Forward-Connection", "1"),
    _header("Upstash-Method", "BREW"),
    _header("Upstash-Method", "TRACE"),
    _header("Upstash-Content-Based-Deduplication", "perhaps"),
    _header("Upstash-Callback", "example.com/no-scheme"),
    _header("Upstash-Failure-Callback", "ftp://example.com/"),
    _header("Upstash-Callback", "http://169.254.169.254/"),
    _header("Upstash-Callback-Callback", "http://127.0.0.1:9/"),
    _header("Upstash-Failure-Callback-Failure-Callback", "http://127.0.0.1:9/"),
    _header("Upstash-Deduplication-Id", "a:b", text="DeduplicationId cannot contain ':'"),
    _header("Upstash-Flow-Control-Key", "k"),
    *(
        Case(
            f"Upstash-Flow-Control-Value {value!r}",
            headers=(("Upstash-Flow-Control-Key", "k"), ("Upstash-Flow-Control-Value", value)),
        )
        for value in [
            "rate=0",
            "rate=-1",
            "parallelism=x",
            "period=1m",
            "speed=3",
            "rate=1, rate=2",
            "rate=1, period=8d",
        ]
    ),
    Case("headers beyond 64 KiB", headers=(("Upstash-Forward-X", "a" * 70_000),), status=(400, 413, 431)),
    Case(
        "very many headers",
        headers=tuple((f"Upstash-Forward-X{n}", "a" * 20) for n in range(5_000)),
        status=(400, 413, 431),
    ),
    Case("a target beyond 64 KiB", "/v2/publish/{to}/" + "a" * 70_000, status=(400, 413, 414, 431)),
]

BODIES = [
    Case("a body of one byte too many", body=b"x" * (BODY_BYTES_MAX + 1), status=(413,)),
    Case("a length that only claims too much", headers=(("Content-Length", str(BODY_BYTES_MAX + 1)),), status=(413,)),
    Case("a length beyond all numbers", headers=(("Content-Length", "9" * 30),), status=(400, 413)),
    Case("a length that is none", headers=(("Content-Length", "-1"),)),
    Case(
        "a chunked body that is too large",
        headers=(("Transfer-Encoding", "chunked"),),
        body=b"%x\r\n" % (BODY_BYTES_MAX + 1) + b"x" * (BODY_BYTES_MAX + 1) + b"\r\n0\r\n\r\n",
        status=(413,),
    ),
    Case("chunks that are none", headers=(("Transfer-Encoding", "chunked"),), body=b"zz\r\nhello\r\n0\r\n\r\n"),
]

BATCHES = [
    Case(f"a batch that is {name}", "/v2/batch", body=body)
    for name, body in [
        ("an object", "{}"),
        ("a string", '"x"'),
        ("null", "null"),
        ("a number", "1"),
        ("nothing", ""),
        ("cut off", '[{"destination":"http://127.0.0.1/"}'),
        ("no JSON", "hello"),
        ("not UTF-8", b'["\xff"]'),
        ("nested without end", "[" * 100_000),
    ]
] + [
    Case(
        "a batch of too many items",
        "/v2/batch",
        status=(400, 413),
        body=json.dumps([{"destination": "http://127.0.0.1:9/"}] * (BATCH_ITEMS_MAX + 1)),
    ),
    Case("a batch of too many bytes", "/v2/batch", body=b"[" + b" " * BATCH_BYTES_MAX + b"]", status=(413,)),
]

DELETES = [
    Case("delete messages with a final slash", "/v2/messages/", "DELETE"),
    Case("delete messages with two final slashes", "/v2/messages//", "DELETE", status=(400, 404)),
    Case("delete dlq with a final slash", "/v2/dlq/", "DELETE"),
    Case("retry dlq with a final slash", "/v2/dlq/retry/"),
    Case("delete messages by no ids", "/v2/messages", "DELETE", body='{"messageIds":[]}'),
    Case("delete messages by an empty id", "/v2/messages?messageIds=", "DELETE"),
    Case("delete messages by what is no list", "/v2/messages", "DELETE", body='{"messageIds":7}'),
    Case("delete messages by broken JSON", "/v2/messages", "DELETE", body='{"messageIds":'),
    Case("delete dlq by no ids", "/v2/dlq", "DELETE", body='{"dlqIds":[]}'),
    Case("delete dlq by an empty id", "/v2/dlq?dlqIds=", "DELETE"),
    Case("delete dlq by an unknown filter", "/v2/dlq?labeel=x", "DELETE"),
    Case("retry dlq by an unknown filter", "/v2/dlq/retry?labeel=x"),
]

FOREIGN = [
    Case(f"{method} {target}", target, method, status=(404,))
    for method, target in [
        ("GET", "/v2/messages/msg_7Yx2kQ"),
        ("DELETE", "/v2/messages/msg_7Yx2kQ"),
        ("GET", "/v2/messages/nonsense"),
        ("GET", "/v2/messages/" + "a" * 5_000),
        ("GET", "/v2/messages/msg_%00"),
        ("GET", "/v2/messages/msg_a%2F..%2Fb"),
        ("GET", "/v2/dlq/1725323658779-0"),
        ("DELETE", "/v2/dlq/1725323658779-0"),
        ("GET", "/v2/dlq/nonsense"),
        ("POST", "/v2/dlq/retry/1725323658779-0"),
        ("POST", "/v2/dlq/retry?dlqIds=1725323658779-0"),
        ("GET", "/v2/nothing"),
        ("GET", "/v2"),
        ("GET", "/"),
        ("POST", "/v1/publish/x"),
        ("POST", "/v2/trigger/x"),
    ]
]

CURSORS = [
    Case(f"GET {target}", target, "GET")
    for path in ["/v2/events", "/v2/logs", "/v2/dlq"]
    for target in [
        f"{path}?cursor=nonsense",
        f"{path}?cursor=1725323658779-0",
        f"{path}?cursor=%00",
        f"{path}?cursor=" + "A" * 200,
        f"{path}?count=0",
        f"{path}?count=-1",
        f"{path}?count=many",
        f"{path}?count=" + "9" * 30,
    ]
] + [
    Case("an unknown state", "/v2/events?state=LOST", "GET"),
    Case("an unknown order", "/v2/events?order=random", "GET"),
    Case("a date that is none", "/v2/events?fromDate=yesterday", "GET"),
]

METHODS = [
    Case(f"{method} {target}", target, method, status=(405,))
    for method, target in [
        ("GET", "/v2/publish/{to}"),
        ("PUT", "/v2/publish/{to}"),
        ("GET", "/v2/batch"),
        ("POST", "/v2/messages/msg_x"),
        ("POST", "/v2/events"),
        ("PUT", "/v2/dlq"),
        ("GET", "/v2/keys/rotate"),
        ("DELETE", "/v2/keys"),
        ("BREW", "/v2/keys"),
    ]
]

ALL = [
    *CREDENTIALS,
    *DESTINATIONS,
    *DELAYS,
    *EXPRESSIONS,
    *HEADERS,
    *BODIES,
    *BATCHES,
    *DELETES,
    *FOREIGN,
    *CURSORS,
    *METHODS,
]
