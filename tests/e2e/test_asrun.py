"""The as-run log, and that no log can take anything off the air."""

import datetime
import json
import os
import signal
import subprocess

import pytest

from conftest import CTL, wait_for, whole_lines
from test_control import ask
from test_stream import check_unbroken

DAY, CLOCK = "2026-01-15", "2026-01-15T14:30:06Z"
STARTED, CUT = "SEG_START", "TRUNCATED"
ROTATIONS = 1000


def log(station, channel="one", day=DAY, suffix=""):
    return station.dir / "asrun" / channel / f"{day}.asrun{suffix}"


def rows(station, channel="one", day=DAY):
    """A day's rows, [] where there is none yet."""
    return [json.loads(line) for line in
            whole_lines(log(station, channel, day, ".jsonl"))]


def table(station, channel="one", day=DAY):
    """The same from the other file: status and event of each line."""
    return [(line.split()[2], line.split()[4])
            for line in whole_lines(log(station, channel, day))
            if not line.startswith(("#", "ACTUAL"))]


def left(status):
    """Seconds that what airs has left."""
    ends, now = (datetime.datetime.fromisoformat(t.rstrip("Z")) for t in
                 (status["content"]["ends"], status["time"]))
    return (ends - now).total_seconds()


def end(station):
    station.process.send_signal(signal.SIGTERM)
    assert station.ends(3) == 0


def check_pairs(got):
    """Each that was started was ended, before the next was started."""
    assert len(got) % 2 == 0
    for start, stop in zip(got[::2], got[1::2]):
        assert start["status"] == STARTED and stop["status"] != STARTED
        assert start["event_id"] == stop["event_id"]


def test_what_aired_is_told_to_the_picture(fake, watch):
    station = fake().start("-T", CLOCK)
    first = watch(station, 2).watch(1)
    second = watch(station, 2).watch(8)
    second.close()
    # Until a segment has begun for which only one was there.
    wait_for(lambda: station.status(2)["viewers"] == 1, "one has left")
    begun = len(rows(station, "two"))
    wait_for(lambda: len(rows(station, "two")) >= begun + 4,
             "two more segments", 60)
    first.close()
    wait_for(lambda: not station.status(2)["active"], "nobody watches")
    end(station)
    got = rows(station, "two")
    check_pairs(got)
    ends = got[1::2]
    assert len(ends) >= 4
    assert [r["status"] for r in ends[1:]] == (
        ["AIRED"] * (len(ends) - 2) + [CUT])
    joined = ends[0]["actual_start"] != ends[0]["planned_start"]
    assert (ends[0]["status"], ends[0]["reason"]) == (
        (CUT, "joined in progress") if joined else ("AIRED", None))
    assert ends[-1]["reason"] == "nobody watched any more"
    for row in ends[1:-1]:
        assert row["actual_frames"] == row["planned_frames"]
        assert row["actual_start"] == row["planned_start"]
        assert 0 <= row["late_ms"] < 9000
    assert max(r["viewers_max"] for r in ends) == 2
    assert ends[-1]["viewers_max"] == 1
    assert {r["kind"] for r in got} >= {"spot"}
    assert table(station, "two") == [(r["status"], r["event_id"])
                                     for r in got]
    # The names of what was put on air, and no more than what aired.
    assert [r["event_id"] for r in got[::2]] == [
        e["event_id"] for e in station.log("stream_created")]
    aired = sum(r["actual_frames"] for r in ends)
    assert aired >= 12 * 25
    assert not (station.dir / "asrun" / "one").exists()


@pytest.fixture
def spoilt(fakes):
    """Programmes that no child can play."""
    films = [fakes / "shows" / f"{n}.fake" for n in ("a.8s.mkv", "b.7s.mkv")]
    for film in films:
        film.write_text("exit=3")
    yield
    for film in films:
        film.unlink()


def await_status(station, status):
    """The first such row that knows why: the first of all may be over before
    its child has said it."""
    return wait_for(lambda: [r for r in rows(station)
                             if r["status"] == status
                             and "3" in (r["reason"] or "")], status, 60)[0]


def test_slate_is_an_error_and_says_why(fake, spoilt, watch):
    station = fake()
    path = station.dir / "channels" / "one.yaml"
    path.write_text("".join(line for line in path.open()
                            if not line.startswith("filler:")))
    station.start("-T", "2026-01-15T14:30:00Z")
    viewer = watch(station, 1)
    bad = await_status(station, "ERROR")
    viewer.close()
    assert bad["slate_frames"] > 0
    assert bad["actual_frames"] < bad["planned_frames"]


def test_filler_is_a_substitute_and_says_why(fake, spoilt, watch):
    station = fake().start("-T", "2026-01-15T14:30:00Z")
    viewer = watch(station, 1)
    content = wait_for(lambda: (c := station.status(1)["content"])[
        "kind"] == "filler" and c, "the status says so")
    assert content["path"] == str(station.media / "filler" / "still.mkv")
    row = await_status(station, "SUBSTITUTED")
    assert "filler" in {e["airs"] for e in station.log("stream_created")}
    viewer.close()
    assert row["slate_frames"] == 0
    assert row["filler_frames"] > 0
    assert row["actual_frames"] + row["filler_frames"] == (
        row["planned_frames"])


def newest(station):
    """What is on the air, once its beginning is all that is left to write,
    and its end is not near."""
    got, told, status = rows(station), table(station), station.status(1)
    on = STARTED, status["content"]["event_id"]
    return (got and (got[-1]["status"], got[-1]["event_id"]) == on and
            told[-1:] == [on] and left(status) > 1 and got)


def test_a_killed_daemon_leaves_an_error_and_whole_lines(fake, watch):
    station = fake().start("-T", CLOCK)
    watch(station, 1).watch(1)
    before = wait_for(lambda: newest(station), "a beginning")
    station.kill()
    assert rows(station) == before
    for suffix, part in (("", "14:30:1"), (".jsonl", '{"event_id":"one-')):
        with open(log(station, suffix=suffix), "a") as f:
            f.write(part)
    station.start("-T", CLOCK)
    lines = wait_for(lambda: whole_lines(log(station, suffix=".jsonl"))[
        len(before) + 1:], "another row")
    closed = json.loads(lines[0])
    assert closed["event_id"] == before[-1]["event_id"]
    assert (closed["status"], closed["reason"]) == (
        "ERROR", "the daemon ended without closing it")
    assert closed["actual_frames"] is None
    told = wait_for(lambda: station.log("asrun_closed"), "a word about it")
    assert [e["rows"] for e in told] == ["1"]
    watch(station, 1).watch(1)
    end(station)
    after = [json.loads(line) for line in log(station, suffix=".jsonl")
             .read_text().splitlines() if line != '{"event_id":"one-']
    check_pairs(after)
    text = log(station).read_text()
    assert "\n14:30:1\n" in text
    assert text.count("  ERROR ") == 1
    assert text.count("# channel") == 1
    assert text.endswith("\n")


def test_a_thousand_rotations_lose_no_line_and_no_picture(fake, watch):
    station = fake().start("-T", CLOCK)
    viewer = watch(station, 2).watch(1)
    path = station.dir / "log" / "playout.log"
    for i in range(ROTATIONS):
        assert ask(station, "POST", f"/channel/none/{i}")[0] == 404
        path.rename(station.dir / "log" / f"playout.log.{i:04}")
        station.process.send_signal(signal.SIGUSR1)
        wait_for(path.exists, "a new log")
    viewer.watch(8)
    check_unbroken(viewer.close(), 2)
    assert station.status()["log_lost"] == 0
    end(station)
    text = "".join(p.read_text() for p in sorted(
        (station.dir / "log").glob("playout.log.*"))) + path.read_text()
    seen = [int(word.rpartition("/")[2]) for line in text.splitlines()
            for word in line.split() if word.startswith("path=")]
    assert seen == list(range(ROTATIONS))
    assert text.count(" logs_reopened ") == ROTATIONS


def test_as_run_logs_may_be_rotated_too(fake, watch):
    station = fake().start("-T", CLOCK)
    viewer = watch(station, 2).watch(1)
    wait_for(lambda: rows(station, "two"), "a row")
    old = log(station, "two", suffix=".jsonl.1")
    log(station, "two", suffix=".jsonl").rename(old)
    station.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: rows(station, "two"), "a row in a new file", 30)
    viewer.close()
    end(station)
    check_pairs([json.loads(line) for line in old.read_text().splitlines()] +
                rows(station, "two"))


def test_a_full_disk_costs_lines_and_not_a_picture(fake, watch):
    station = fake()
    playout = station.dir / "log" / "playout.log"
    for path in (playout, log(station, "two")):
        path.parent.mkdir(parents=True)
        path.symlink_to("/dev/full")
    station.start("-T", CLOCK)
    viewer = watch(station, 2).watch(12)
    wait_for(lambda: station.status()["log_lost"] > 8, "lines are lost")
    assert json.loads(station.ctl("--json", "status").stdout)["log_lost"] > 8
    assert "log lines lost" in station.ctl("status").stdout
    # The rows that programs read are on another disk.
    wait_for(lambda: len(rows(station, "two")) >= 4, "rows")
    playout.unlink()
    told = wait_for(lambda: station.log("log_lost"), "what was lost is told")
    assert told[0]["file"] == str(playout)
    assert int(told[0]["lines"]) > 4
    log(station, "two").unlink()
    told = wait_for(lambda: [e for e in station.log("log_lost")
                             if e["file"] == str(log(station, "two"))],
                    "what was lost of the other is told", 30)
    check_unbroken(viewer.watch(14).close(), 2)
    assert int(told[0]["lines"]) >= 4
    assert sum(int(e["lines"]) for e in station.log("log_lost")) == (
        station.status()["log_lost"])


def test_who_does_not_read_the_log_holds_nobody(fake, watch):
    station = fake()
    reader, writer = os.pipe()
    station.process = subprocess.Popen(
        station.argv("-v", "-T", CLOCK), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=writer, env=station.env)
    os.close(writer)
    station.await_ready()
    viewer = watch(station, 2).watch(1)
    for i in range(1000):		# of about 100 bytes: 64 KiB are full
        ask(station, "POST", f"/channel/none/{i}")
    wait_for(lambda: station.status()["log_lost"] > 0, "lines are lost")
    failed = wait_for(lambda: station.log("log_failed"), "a word about it")
    assert failed[0]["file"] == "stderr"
    os.close(reader)			# and now it is gone
    lost = station.status()["log_lost"]
    ask(station, "POST", "/channel/none/gone")
    wait_for(lambda: station.status()["log_lost"] > lost, "one more")
    check_unbroken(viewer.watch(6).close(), 2)
    end(station)
    assert len(station.log("control")) == 1001


class Follower:
    """retrovuectl asrun --follow, and the lines it has printed."""

    def __init__(self, station, *args):
        self.path = station.dir / "followed"
        with open(self.path, "wb") as out:
            self.process = subprocess.Popen(
                [str(CTL), "-c", str(station.config), "asrun", "--follow",
                 *args], stdout=out, stderr=out, env=station.env)

    def lines(self):
        return whole_lines(self.path)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


@pytest.fixture
def follow():
    """Followers, which end when the test does."""
    made = []

    def new(*args):
        made.append(Follower(*args))
        return made[-1]

    yield new
    for follower in made:
        follower.process.kill()
        follower.process.wait()


def test_follow_goes_on_over_rotation_and_midnight(fake, follow, watch):
    station = fake().start("-T", "2026-01-15T23:59:48Z")
    follower = follow(station, "--json", "2")
    viewer = watch(station, 2)
    wait_for(lambda: len(follower.lines()) >= 2, "rows as they come", 20)
    old = log(station, "two", suffix=".jsonl.1")
    log(station, "two", suffix=".jsonl").rename(old)
    station.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: len(rows(station, "two", "2026-01-16")) >= 4,
             "the next day", 40)
    viewer.close()
    wait_for(lambda: not station.status(2)["active"], "nobody watches")
    end(station)
    written = [line for path in (
        old, log(station, "two", suffix=".jsonl"),
        log(station, "two", "2026-01-16", ".jsonl"))
        for line in path.read_text().splitlines()]
    wait_for(lambda: len(follower.lines()) >= len(written), "all rows")
    assert follower.lines() == written
    assert follower.process.poll() is None
    follower.interrupt()
    check_pairs([json.loads(line) for line in written])


def test_follow_waits_for_the_second_file_of_a_day(fake, follow):
    station = fake()
    for name in ("one", "two"):
        log(station, name).parent.mkdir(parents=True)
        log(station, name).write_text(f"# {DAY}\n")
    log(station, "two", suffix=".jsonl").write_text('{"asset":"b"}\n')
    follower = follow(station, "--json")	# channel one's is not there yet
    wait_for(lambda: follower.lines(), "what there is")
    log(station, "one", suffix=".jsonl").write_text('{"asset":"a"}\n')
    wait_for(lambda: len(follower.lines()) > 1, "what comes")
    assert follower.lines() == ['{"asset":"b"}', '{"asset":"a"}']
    follower.interrupt()


def test_days_that_never_came_hide_nothing_from_the_operator(fake, follow):
    """A clock that was ahead for a while has left them."""
    station = fake()
    never = [f"2999-01-0{n}" for n in range(1, 5)]
    for day in [*never, DAY]:
        path = log(station, "two", day)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {day}\n")
    assert station.ctl("asrun", "two").stdout == f"# {DAY}\n"
    done = station.ctl("asrun", "--date", never[0], "two")
    assert done.stdout == f"# {never[0]}\n"
    follower = follow(station, "two")
    wait_for(lambda: follower.lines() == [f"# {DAY}"], "the day")
    with open(log(station, "two"), "a") as file:
        file.write("row\n")
    wait_for(lambda: follower.lines() == [f"# {DAY}", "row"], "what comes")
    follower.interrupt()
    log(station, "two").unlink()
    assert station.ctl("asrun", "two").stdout == f"# {never[-1]}\n"


def test_the_operator_sees_a_day_and_what_there_is(fake):
    station = fake()
    for day in ("2026-01-14", DAY):
        path = log(station, "two", day)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {day}\nrow\x1b[2J\nhalf")
    log(station, "two", suffix=".jsonl").write_text('{"asset":"\x7f"}\n{')
    # No daemon is needed.
    done = station.ctl("asrun", "2")
    assert (done.returncode, done.stdout) == (0, f"# {DAY}\nrow\\x1b[2J\n")
    assert station.ctl("asrun").stdout == done.stdout
    done = station.ctl("--json", "asrun", "two")
    assert json.loads(done.stdout) == {"asset": "\x7f"}
    done = station.ctl("asrun", "--date", "2026-01-14", "two")
    assert done.stdout.startswith("# 2026-01-14\n")
    done = station.ctl("asrun", "--date", "2026-01-13", "two")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("retrovuectl: no as-run log of channel two for "
                           "2026-01-13; there are 2026-01-14, 2026-01-15\n")
    done = station.ctl("asrun", "one")
    assert done.returncode == 1
    assert "nothing of channel one has aired yet" in done.stderr
    done = station.ctl("asrun", "three")
    assert done.returncode == 1
    assert "no channel 'three'; there are: 1 (one), 2 (two)" in done.stderr
    assert station.ctl("asrun", "--date", "yestreday").returncode == 2
    assert station.ctl("asrun", "--date", "2026-02-30").returncode == 2
    assert station.ctl("asrun", "../one").returncode == 1
    # A channel that is no more has a log all the same.
    (station.dir / "channels" / "two.yaml").unlink()
    assert station.ctl("asrun", "two").returncode == 0
    assert station.ctl("asrun").returncode == 1


def test_repeated_lines_are_counted(fake):
    station = fake().start()
    for _ in range(7):
        assert ask(station, "POST", "/channel/none/x")[0] == 404
    assert ask(station, "POST", "/channel/none/y")[0] == 404
    end(station)
    got = [(e["path"][-1], e.get("times")) for e in station.log("control")]
    assert got == [("x", None), ("x", "2"), ("x", "4"), ("x", "7"),
                   ("y", None)]


def test_a_new_log_is_there_at_once_however_often(fake):
    station = fake().start()
    path = station.dir / "log" / "playout.log"
    for i in range(5):
        path.rename(f"{path}.{i}")
        station.process.send_signal(signal.SIGUSR1)
        wait_for(lambda: station.log("logs_reopened"), "its first line", 10)
