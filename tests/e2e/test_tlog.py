"""The transmission log: planned ahead, stored, gone on from; and what the
operator may ask of the plan."""

import json
import shutil

import pytest

from conftest import wait_for
from test_asrun import end, fake, fakes, rows  # noqa: F401

DAY, NEXT, CLOCK = "2026-01-15", "2026-01-16", "2026-01-15T14:30:06Z"


def path(station, channel="one", day=DAY, suffix=""):
    return station.dir / "state" / "tlog" / channel / f"{day}.tlog{suffix}"


def log(station, channel="one", day=DAY):
    """A day's segments, and what its last line says."""
    lines = [json.loads(line) for line in
             path(station, channel, day, ".jsonl").read_text().splitlines()]
    return lines[:-1], lines[-1]


def stored(station, channel="one", day=NEXT):
    wait_for(path(station, channel, day, ".jsonl").exists,
             f"the log of {day} is there")
    return station


@pytest.fixture
def planned(fake):  # noqa: F811
    def new():
        station = stored(fake().start("-T", CLOCK))
        wait_for(lambda: len(station.log("tlog")) == 2, "both are told of")
        return station
    return new


def edit(station, old, new, channel="one"):
    file = station.dir / "channels" / f"{channel}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_today_and_tomorrow_are_stored_for_people_and_for_programs(planned):
    station = stored(planned(), "two")
    for channel in ("one", "two"):
        for day in (DAY, NEXT):
            segments, last = log(station, channel, day)
            assert last["version"] == 1 and last["channel"] == channel
            assert last["segments"] == len(segments) > 1000
            assert last["cursors"]
            for a, b in zip(segments, segments[1:]):
                assert a["start_frame"] + a["frames"] == b["start_frame"]
            text = path(station, channel, day).read_text().splitlines()
            assert text[0].startswith("# channel ")
            assert [line.split()[3] for line in text[2:]] == [
                s["event_id"] for s in segments]
    assert not list(path(station).parent.glob("*.tlog*.*??????"))


def test_what_airs_has_the_names_that_were_planned(planned, watch):
    station = planned()
    watch(station, 1).watch(8).close()
    end(station)
    names = {s["event_id"]: s for s in log(station)[0]}
    aired = rows(station, "one", DAY)
    assert aired
    for row in aired:
        plan = names[row["event_id"]]
        assert (row["kind"], row["asset"], row["planned_frames"]) == (
            plan["kind"], plan["asset"], plan["frames"])


def test_a_whole_day_ahead_is_planned_as_time_goes_on(fake):  # noqa: F811
    station = stored(fake().start("-T", "2026-01-15T23:49:56Z"))
    assert not path(station, day="2026-01-17").exists()
    stored(station, day="2026-01-17")
    wait_for(lambda: [e["days"] for e in station.log("tlog")] ==
             ["2", "2", "3", "3"], "both channels are told of")


def test_what_is_locked_stands_over_a_restart_with_changed_files(planned):
    station = planned()
    before, _ = log(station)
    end(station)
    edit(station, "title: All day", "title: Changed")
    stored(station.start("-T", "2026-01-15T14:31:00Z"))
    wait_for(lambda: "Changed" in path(station, suffix=".jsonl").read_text(),
             "the rest is planned anew")
    after, _ = log(station)
    changed = [s["start"] for s in after if s["programme"]
               and s["programme"]["title"] == "Changed"]
    assert f"{DAY}T14:41" <= min(changed) <= f"{DAY}T14:43"
    locked = [s for s in before if s["start"] < min(changed)]
    assert after[:len(locked)] == locked
    # The guide and the air say the same.
    assert station.status("one")["content"]["title"] == "All day"


def test_a_restart_without_a_change_changes_nothing(planned):
    station = planned()
    files = sorted(path(station).parent.iterdir())
    before = [(f.stat().st_ino, f.read_bytes()) for f in files]
    end(station)
    station.start("-T", "2026-01-15T15:00:00Z")
    wait_for(lambda: len(station.log("tlog")) >= 4, "it is planned again")
    assert before == [(f.stat().st_ino, f.read_bytes()) for f in files]


def test_a_damaged_log_is_told_of_and_made_anew(planned):
    station = planned()
    before = log(station)
    end(station)
    path(station, suffix=".jsonl").write_text("{}\n")
    stored(station.start("-T", "2026-01-15T15:00:00Z"))
    wait_for(lambda: path(station, suffix=".jsonl").stat().st_size > 100,
             "it is made anew")
    assert log(station) == before
    text = (station.dir / "log" / "playout.log").read_text()
    assert "the day is planned anew" in text


def test_a_reload_stores_what_it_changes_and_keeps_what_it_may_not(planned):
    station = planned()
    before, _ = log(station)
    edit(station, "title: All day", "title: Changed")
    assert station.ctl("reload").returncode == 0
    wait_for(lambda: "Changed" in path(station, suffix=".jsonl").read_text(),
             "the rest is planned anew")
    after, _ = log(station)
    changed = [s["start"] for s in after if s["programme"]
               and s["programme"]["title"] == "Changed"]
    assert f"{DAY}T14:40" <= min(changed) <= f"{DAY}T14:42"
    assert before[0] == after[0]


def test_no_log_can_be_stored_and_everything_airs(fake, watch):  # noqa: F811
    station = fake()
    (station.dir / "state").mkdir()
    (station.dir / "state" / "tlog").write_text("in the way")
    station.start("-T", CLOCK)
    wait_for(lambda: station.log("tlog_failed"), "it is told of")
    watch(station, 1).watch(3).close()
