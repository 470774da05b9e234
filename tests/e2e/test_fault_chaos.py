"""Three quarters of a minute in which everything happens; see
tests/chaos/chaos.py.  `make chaos' goes on for longer."""

import subprocess
import sys

from conftest import ROOT


def test_whatever_happens_the_stream_goes_on():
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "chaos" / "chaos.py"),
         "--seed", "1979", "--minutes", "0.75"], capture_output=True,
        text=True, timeout=480)
    assert done.returncode == 0, done.stdout + done.stderr
