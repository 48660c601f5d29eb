"""Rewrites Tests/QStashTests/Exchanges: `python -m exchanges` in Tests/Integration."""

from . import CATALOGUE
from .recorder import FOLDER, Stage, fixture, rendered


def main():
    stage = Stage()
    # Everything is recorded before anything is removed: a call that fails leaves the files as they are.
    files = {exchange.name: rendered(fixture(exchange, stage.play(exchange)[0])) for exchange in CATALOGUE}
    stage.close()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, text in files.items():
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"{len(files)} exchanges in {FOLDER}")


if __name__ == "__main__":
    main()
