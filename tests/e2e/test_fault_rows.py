"""The rows of the table of faults that are quick and exact: each provokes its
fault and holds what viewers saw against what it may cost.  `make faults' has
all of them, with more repetitions and with the figures."""

import pathlib
import subprocess
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(pathlib.Path(ROOT) / "tests" / "bench"))
import faults  # noqa: E402

TRUE = {
    "killed": "a killed child is replaced out of the read ahead",
    "no_ffmpeg": "without ffmpeg slate airs until it is there again",
    "all_killed": "all children may die at once",
    "stays_dead": "a child that will not end holds nobody up",
    "daemon_killed": "a killed daemon goes on where the clock is",
    "no_descriptors": "viewers inside keep their stream when none is left",
    "stopped_daemon": "no child is blamed for our own sleep",
    "media": "a film may become anything",
    "clock_steps": "a step of the clock is one re-join",
    "clock_often": "a clock that is set takes nothing that was on its way",
    "clock_takeover": "a takeover is on until its end, whatever the clock does",
    "clock_years": "a clock that is set by years holds nobody up",
    "clock_lost": "what is no time is not followed",
    "uptimes": "the uptime may pass any power of two",
}


@pytest.fixture(scope="module", autouse=True)
def few():
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)
    was = faults.KILLS, faults.MANY, faults.TIMES
    faults.KILLS, faults.MANY, faults.TIMES = 12, 8, 1
    yield
    faults.KILLS, faults.MANY, faults.TIMES = was


@pytest.mark.parametrize("row", TRUE, ids=[t.replace(" ", "_")
                                           for t in TRUE.values()])
def test_it_holds_that(row, capsys):
    done = faults.run([row])
    assert done == 0, capsys.readouterr().out
