"""One `postrider serve` process on a free port and a data folder of its own."""

import http.client
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time

BIN = os.environ.get("POSTRIDER_BIN", str(pathlib.Path(__file__).resolve().parents[2] / ".build/debug/postrider"))

CURRENT_KEY = "sig_integrationCurrent0000000001"
NEXT_KEY = "sig_integrationNext000000000000002"


def free_port(host="127.0.0.1"):
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def clean_environment(**extra):
    """The environment without settings of the developer's own that would reach the server."""
    prefixes = ("QSTASH_", "POSTRIDER_", "UPSTASH_", "DATABASE_", "SUPABASE_", "NEXT_PUBLIC_", "NEXTAUTH_", "VERCEL_")
    names = {"PUBLIC_BASE_URL", "WEBHOOK_BASE_URL", "TELEMETRY_HASH_SECRET"}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(prefixes) and name not in names
    }
    kept.update(extra)
    return kept


class Broker:
    """Starts, kills and restarts the server on one data folder, whose port and token stay the same."""

    def __init__(self, folder, *flags, host="127.0.0.1", wrapper=(), binary=None, **environment):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.token = "tok_" + secrets.token_hex(16)
        self.host = host
        self.port = free_port()
        self.flags = flags
        self.wrapper = list(wrapper)
        self.binary = binary or BIN
        self.environment = {
            "QSTASH_TOKEN": self.token,
            "QSTASH_CURRENT_SIGNING_KEY": CURRENT_KEY,
            "QSTASH_NEXT_SIGNING_KEY": NEXT_KEY,
            **environment,
        }
        self.process = None

    @property
    def url(self):
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def arguments(self):
        # A flag given by the test replaces ours; a port of None is left to the environment.
        own = {"--host": self.host, "--port": self.port, "--data": self.data, "--log-format": "json"}
        pairs = [(flag, str(value)) for flag, value in own.items() if value is not None and flag not in self.flags]
        return [self.binary, "serve", *(word for pair in pairs for word in pair), *self.flags]

    def spawn(self):
        """Starts the process without waiting until it answers."""
        assert os.access(self.binary, os.X_OK), f"{self.binary} is missing: build it, or set POSTRIDER_BIN"
        # Files, not pipes: nobody reads while the test runs, and a full pipe would stop the server.
        with open(self.folder / "stdout", "ab") as out, open(self.folder / "stderr", "ab") as err:
            self.process = subprocess.Popen(
                [*self.wrapper, *self.arguments],
                cwd=self.folder,
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return self

    def start(self, timeout=30):
        """Starts the process and returns the seconds from then until `/readyz` answered 200."""
        started = time.monotonic()
        self.spawn()
        self.wait_ready(timeout)
        return time.monotonic() - started

    def wait_ready(self, timeout=30, pause=0.01):
        """Asks `/readyz` until it answers 200; fails with the server's own words when it ends or takes too long."""
        deadline = time.monotonic() + timeout
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with status {self.process.returncode}:\n{self.tail()}")
            if self.status_of("/readyz") == 200:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"the server was not ready after {timeout} s:\n{self.tail()}")
            time.sleep(pause)

    def status_of(self, path, timeout=2):
        """The status of a GET without a token, or None when nothing answers."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    @property
    def pid(self):
        """The server's own process id, also when a wrapper such as strace started it."""
        if not self.wrapper:
            return self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def kill(self):
        """SIGKILL, and waits until the process is gone."""
        if self.process and self.process.poll() is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except (ProcessLookupError, FileNotFoundError, IndexError):
                self.process.kill()
            self.process.wait(30)

    def stop(self, timeout=30):
        """SIGTERM, and returns the exit status."""
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        return self.process.wait(timeout)

    def output(self):
        return self._read("stdout"), self._read("stderr")

    def tail(self, characters=4_000):
        out, err = self.output()
        return f"--- stdout\n{out[-characters:]}\n--- stderr\n{err[-characters:]}"

    def _read(self, name):
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""
