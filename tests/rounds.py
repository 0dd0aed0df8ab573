"""
Run two rounds of tests side by side: python -m tests.rounds 'make test-sqlite' 'make test-postgres'

What the first prints is seen as it comes, what the second prints once both are done. Ends with a fault
when one of them does, and ends both when it is ended.
"""

import shlex
import signal
import subprocess
import sys
import tempfile

PATIENCE = 60  # seconds for a round that is ended to stop its servers


def main(first, second):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryFile("w+") as output:
        rounds = [
            subprocess.Popen(shlex.split(first)),
            subprocess.Popen(shlex.split(second), stdout=output, stderr=subprocess.STDOUT),
        ]
        try:
            codes = [each.wait() for each in rounds]
        finally:
            for each in rounds:
                each.terminate()
            for each in rounds:
                each.wait(PATIENCE)
            output.seek(0)
            print(output.read(), end="")
    return max(map(abs, codes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
