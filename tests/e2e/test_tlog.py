"""The transmission log: planned ahead, stored, gone on from; and what the
operator may ask of the plan."""

import json

import pytest

from conftest import wait_for
from test_asrun import end, rows

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
             f"the log of {day} is there", 60)
    return station


@pytest.fixture
def planned(fake):
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


def test_a_whole_day_ahead_is_planned_as_time_goes_on(fake):
    # At ten to twelve it is; until then it has to have started.
    station = stored(fake().start("-T", "2026-01-15T23:49:51Z"))
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
    told = wait_for(lambda: station.log("tlog_damaged"), "a word about it")
    assert {e["file"] for e in told} == {str(path(station, suffix=".jsonl"))}
    assert station.log("library") == []


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


def test_a_block_of_empty_pools_is_refused_but_at_a_start(fake):
    station = fake()
    edit(station, f"path: {station.media}/shows", "path: nowhere", "two")
    first = station.ctl("validate")
    assert (first.returncode, "not checked" in first.stdout) == (0, True)
    station.start()
    assert station.status(2)["number"] == "2"
    fault = "two.yaml:17:9: this block has only empty pools"
    for verb in ("validate", "reload"):
        done = station.ctl(verb)
        assert (done.returncode, fault in done.stdout) == (1, True), done
    told = wait_for(lambda: station.log("reload_refused"), "a word about it")
    assert [e["faults"] for e in told] == ["1"]


def test_no_log_can_be_stored_and_everything_airs(fake, watch):
    station = fake()
    (station.dir / "state").mkdir()
    (station.dir / "state" / "tlog").write_text("in the way")
    station.start("-T", CLOCK)
    wait_for(lambda: station.log("tlog_failed"), "it is told of")
    watch(station, 1).watch(3).close()


def ask(station, *words, rc=0, channel=True):
    """What retrovuectl says of that day, as JSON and as text."""
    more = ["--date", DAY] if channel else []
    got = station.ctl(*words, *more)
    assert got.returncode == rc, got.stdout + got.stderr
    return got.stdout


def test_the_stored_plan_can_be_asked_for_without_a_daemon(planned):
    station = planned()
    end(station)
    assert ask(station, "schedule", "1") == path(station).read_text()
    lines = ask(station, "--json", "schedule", "one").splitlines()
    assert [json.loads(line) for line in lines] == log(station)[0]
    got = station.ctl("schedule", "one", "--date", "2026-02-01")
    assert got.returncode == 1 and "preview" in got.stderr
    got = station.ctl("schedule", "nine")
    assert got.returncode == 1 and "1 (one), 2 (two)" in got.stderr
    assert station.ctl("schedule", "one", "--date", "x").returncode == 2
    assert station.ctl("schedule").returncode == 2


def test_a_preview_is_what_will_be_stored(planned):
    station = planned()
    end(station)
    assert ask(station, "preview", "one") == path(station).read_text()
    edit(station, "title: All day", "title: Changed")
    text = ask(station, "preview", "one")
    assert "Changed" in text and "All day" not in text
    part = ask(station, "preview", "one", "--at", "14:30").splitlines()
    assert part[2:] and set(part) < set(text.splitlines())
    assert part[2].startswith(("14:29:", "14:30:"))


def test_a_week_is_a_programme_a_line(planned):
    station = planned()
    end(station)
    lines = ask(station, "guide", "one", "--days", "7").splitlines()
    heads = [line for line in lines if line and line[0] != " "]
    assert len(heads) == 7
    assert heads[0] == f"Thursday {DAY}"
    assert lines[1].startswith("  00:00      ")
    told = [json.loads(line) for line in ask(
        station, "--json", "guide", "one", "--days", "2").splitlines()]
    assert all(a["end"] == b["start"] for a, b in zip(told, told[1:]))
    assert told[0]["start"].startswith(f"{DAY}T00:00:00.0")
    assert {e["title"] for e in told} == {"All day"}
    assert {e["subtitle"] for e in told} == {"a 8s", "b 7s"}
    for wrong in ("0", "32", "x", "1x"):
        got = station.ctl("guide", "one", "--days", wrong)
        assert got.returncode == 2 and "from 1 to 31" in got.stderr


def test_a_break_and_a_part_are_explained(planned):
    station = planned()
    segments, _ = log(station)
    at = next(i for i, s in enumerate(segments) if s["kind"] == "spot" and
              segments[i - 1]["in_frame"] == 0 and
              segments[i - 1]["kind"] == "programme" and
              s["start"] > f"{DAY}T12")
    spot, part = segments[at], segments[at - 1]
    text = ask(station, "explain", "one", "--at", spot["event_id"])
    assert text.startswith(f"{spot['start'][11:19]} commercial '")
    assert ": break 1 of " in text and "in 'All day: " in text and (
        "' (avail at 0:02.000, marker from sidecar), chosen: least recently "
        "aired of 2" in text)
    text = ask(station, "explain", "one", "--at", part["event_id"])
    assert text.startswith(f"{part['start'][11:19]} programme 'All day: ")
    assert "': part 1 of " in text and "chosen: next in order, " in text and "in pool 'shows'" in text
    got = json.loads(ask(station, "--json", "explain", "1", "--at",
                         spot["start"][:19] + "Z"))
    assert got["programme"].items() >= spot["programme"].items()
    got = json.loads(ask(station, "--json", "explain", "1", "--at",
                         spot["event_id"]))
    assert (got["event_id"], got["break"], got["avail_us"],
            got["marker"]) == (spot["event_id"], 1, 2000000, "sidecar")
    got = station.ctl("explain", "one", "--at", "noon")
    assert got.returncode == 2 and "20:14:30" in got.stderr


def test_what_a_changed_file_would_do_is_told_by_day(planned):
    station = planned()
    file = station.dir / "channels" / "one.yaml"
    new = station.dir / "new.yaml"
    new.write_text(file.read_text())
    assert "stay the same" in ask(station, "diff", str(new), channel=False)
    new.write_text(file.read_text().replace("All day", "All night"))
    text = ask(station, "diff", str(new), rc=1, channel=False)
    assert sum(line.startswith("20") for line in text.splitlines()) == 7
    got = json.loads(ask(station, "--json", "diff", str(new), rc=1,
                         channel=False))
    assert got["same"] is False and len(got["days"]) == 7
    assert all(d["added"] and d["removed"] for d in got["days"])
    new.write_text(file.read_text().replace('"00:00"\n        duration: 24h',
                                            '"00:00"\n        duration: 12h'))
    got = json.loads(ask(station, "--json", "diff", str(new), rc=1,
                         channel=False))
    assert all(len(d["removed"]) > 500 for d in got["days"][1:])
    new.write_text("channel: one\n")
    got = station.ctl("diff", str(new))
    assert got.returncode == 1 and "new.yaml:1" in got.stderr


def test_the_plan_and_what_aired_are_held_against_each_other(
        planned, watch):
    station = planned()
    watch(station, 1).watch(8).close()
    wait_for(lambda: not station.status(1)["active"], "nobody watches")
    end(station)
    text = ask(station, "reconcile", "one")
    assert " 0 differences, " in text
    done = station.ctl("reconcile", "--date", NEXT, "one")
    assert (done.returncode, done.stderr) == (
        1, f"retrovuectl: no as-run log of channel one for {NEXT}: nothing "
        "of that day has aired\n")
    got = json.loads(ask(station, "--json", "reconcile", "one"))
    assert got["agreed"] >= 2 and got["differences"] == []
    aired = station.dir / "asrun" / "one" / f"{DAY}.asrun.jsonl"
    lines = aired.read_text().splitlines()
    row = json.loads(lines[1])
    row["status"], row["reason"] = "ERROR", "boom"
    aired.write_text("\n".join([json.dumps(row)] + lines[2:]) + "\n")
    got = json.loads(ask(station, "--json", "reconcile", "one", rc=1))
    assert got["differences"] == [{"event_id": row["event_id"],
                                   "difference": "ERROR",
                                   "reason": "boom"}]
    row["planned_frames"] += 1
    aired.write_text(json.dumps(row) + "\n")
    text = ask(station, "reconcile", "one", rc=1)
    assert "another length than planned" in text


def test_an_always_channel_owes_every_segment(planned):
    station = planned()
    end(station)
    edit(station, "linger: 1", "mode: always")
    day = station.dir / "asrun" / "one"
    day.mkdir(parents=True, exist_ok=True)
    (day / f"{DAY}.asrun.jsonl").write_text("")
    got = json.loads(ask(station, "--json", "reconcile", "one", rc=1))
    assert len(got["differences"]) == log(station)[1]["segments"]
