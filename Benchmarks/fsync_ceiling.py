"""How many 4 KiB writes, each followed by fdatasync, the disk under a folder takes in a second: no store can commit more often."""

import os
import sys
import tempfile
import time

BLOCK = b"x" * 4_096
BLOCKS = 1_024
SECONDS = 2.0


def main():
    with tempfile.NamedTemporaryFile(dir=sys.argv[1]) as file:
        descriptor = file.fileno()
        # Written once before, as a log file is that is used again: the measured writes change no size.
        os.write(descriptor, BLOCK * BLOCKS)
        os.fsync(descriptor)
        started, count = time.monotonic(), 0
        while (elapsed := time.monotonic() - started) < SECONDS:
            os.pwrite(descriptor, BLOCK, count % BLOCKS * len(BLOCK))
            os.fdatasync(descriptor)
            count += 1
    print(f"{count / elapsed:.0f}")


if __name__ == "__main__":
    main()
