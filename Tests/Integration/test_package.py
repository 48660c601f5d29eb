"""A package that uses the SDK alone fetches neither GRDB nor Hummingbird, one that uses the handler framework no GRDB.

Neither needs a system C library but zlib. The packages are made in temporary folders and resolved for real; nothing is built.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "user",
    dependencies: [.package(name: "postrider", path: "{root}"{traits})],
    targets: [
        .executableTarget(name: "user", dependencies: [.product(name: "{product}", package: "postrider")])
    ]
)
"""

# What the SDK asks for itself, and what those packages bring along.
ASKED_FOR = {"async-http-client", "swift-crypto", "swift-http-types", "swift-log", "swift-nio"}
BROUGHT_ALONG = {
    "swift-algorithms",
    "swift-asn1",
    "swift-async-algorithms",
    "swift-atomics",
    "swift-certificates",
    "swift-collections",
    "swift-configuration",
    "swift-distributed-tracing",
    "swift-http-structured-headers",
    "swift-nio-extras",
    "swift-nio-http2",
    "swift-nio-ssl",
    "swift-nio-transport-services",
    "swift-numerics",
    "swift-service-context",
    "swift-service-lifecycle",
    "swift-system",
}


# What the handler framework asks for beside the SDK, and what that brings along.
JOBS_ASK_FOR = {"swift-distributed-tracing", "swift-service-lifecycle"}
JOBS_BRING_ALONG = {"hummingbird", "swift-metrics"}


def resolved(folder: Path, product: str, traits: str) -> list[Path]:
    """The checkouts of a package that depends on one of our products."""
    (folder / "Sources" / "user").mkdir(parents=True)
    (folder / "Sources" / "user" / "main.swift").write_text(f"import {product}\n")
    (folder / "Package.swift").write_text(MANIFEST.format(root=ROOT, product=product, traits=traits))
    subprocess.run(
        ["swift", "package", "resolve"], cwd=folder, check=True, capture_output=True, text=True, timeout=600
    )
    state = json.loads((folder / ".build" / "workspace-state.json").read_text())
    names = [
        entry["subpath"]
        for entry in state["object"]["dependencies"]
        if entry["packageRef"]["kind"] != "fileSystem"
    ]
    return [folder / ".build" / "checkouts" / name for name in names]


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return resolved(tmp_path_factory.mktemp("sdk-alone"), "QStash", ", traits: []")


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return resolved(tmp_path_factory.mktemp("jobs-alone"), "PostriderJobs", ', traits: ["Jobs"]')


def test_the_sdk_alone_fetches_exactly_the_known_packages(sdk: list[Path]) -> None:
    assert {path.name for path in sdk} == ASKED_FOR | BROUGHT_ALONG


def test_the_framework_alone_fetches_exactly_the_known_packages(jobs: list[Path]) -> None:
    assert {path.name for path in jobs} == ASKED_FOR | BROUGHT_ALONG | JOBS_ASK_FOR | JOBS_BRING_ALONG


@pytest.mark.parametrize("product", ["sdk", "jobs"])
def test_no_package_asks_for_a_system_library(product: str, request: pytest.FixtureRequest) -> None:
    checkouts = request.getfixturevalue(product)
    manifests = "".join(
        manifest.read_text() for path in checkouts for manifest in sorted(path.glob("Package*.swift"))
    )
    # A module map without a library, for the tests of swift-async-algorithms; the SDK does not reach it.
    assert set(re.findall(r"\.systemLibrary\(\s*name: \"([^\"]+)\"", manifests)) == {"_CAsyncSequenceValidationSupport"}
    # zlib ("zlib" on Windows) comes by way of async-http-client, which unpacks answers with it; "m" is the C library's own.
    assert set(re.findall(r"\.linkedLibrary\(\s*\"([^\"]+)\"", manifests)) <= {"z", "zlib", "m"}


@pytest.mark.parametrize(
    ("product", "reached", "asked_for"),
    [
        ("QStash", {"QStash", "QStashWire"}, ASKED_FOR),
        ("PostriderJobs", {"PostriderJobs", "QStash", "QStashWire"}, ASKED_FOR | JOBS_ASK_FOR),
    ],
)
def test_a_product_reaches_only_what_it_asks_for(product: str, reached: set[str], asked_for: set[str]) -> None:
    dumped = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    targets = {target["name"]: target for target in json.loads(dumped.stdout)["targets"]}
    packages: set[str] = set()
    ours: set[str] = set()
    waiting = [product]
    while waiting:
        name = waiting.pop()
        ours.add(name)
        for dependency in targets[name]["dependencies"]:
            if "product" in dependency:
                packages.add(dependency["product"][1])
            else:
                waiting.append(dependency["byName"][0])
    assert ours == reached
    assert packages == asked_for
