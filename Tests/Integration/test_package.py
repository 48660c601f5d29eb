"""A package that uses the SDK alone fetches neither GRDB nor Hummingbird, and no system C library but zlib.

The package is made in a temporary folder and resolved for real; nothing is built.
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
        .executableTarget(name: "user", dependencies: [.product(name: "QStash", package: "postrider")])
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


def resolved(folder: Path, traits: str) -> list[Path]:
    """The checkouts of a package that depends on the product QStash."""
    (folder / "Sources" / "user").mkdir(parents=True)
    (folder / "Sources" / "user" / "main.swift").write_text("import QStash\n")
    (folder / "Package.swift").write_text(MANIFEST.format(root=ROOT, traits=traits))
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
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return resolved(tmp_path_factory.mktemp("sdk-alone"), ", traits: []")


def test_the_sdk_alone_fetches_exactly_the_known_packages(checkouts: list[Path]) -> None:
    assert {path.name for path in checkouts} == ASKED_FOR | BROUGHT_ALONG


def test_no_package_of_the_sdk_asks_for_a_system_library(checkouts: list[Path]) -> None:
    manifests = "".join(
        manifest.read_text() for path in checkouts for manifest in sorted(path.glob("Package*.swift"))
    )
    # A module map without a library, for the tests of swift-async-algorithms; the SDK does not reach it.
    assert set(re.findall(r"\.systemLibrary\(\s*name: \"([^\"]+)\"", manifests)) == {"_CAsyncSequenceValidationSupport"}
    # zlib ("zlib" on Windows) comes by way of async-http-client, which unpacks answers with it; "m" is the C library's own.
    assert set(re.findall(r"\.linkedLibrary\(\s*\"([^\"]+)\"", manifests)) <= {"z", "zlib", "m"}


def test_the_product_reaches_only_the_wire_and_packages_that_it_asks_for() -> None:
    dumped = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    targets = {target["name"]: target for target in json.loads(dumped.stdout)["targets"]}
    packages: set[str] = set()
    ours: set[str] = set()
    waiting = ["QStash"]
    while waiting:
        name = waiting.pop()
        ours.add(name)
        for dependency in targets[name]["dependencies"]:
            if "product" in dependency:
                packages.add(dependency["product"][1])
            else:
                waiting.append(dependency["byName"][0])
    assert ours == {"QStash", "QStashWire"}
    assert packages == ASKED_FOR
