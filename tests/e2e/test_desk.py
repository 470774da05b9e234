"""The operator's desk by hand: takeovers, skips, viewers, the live view."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

import pytest

import conftest
import fakeread
from conftest import wait_for
from test_asrun import left, rows
from test_stream import PICTURE, check_unbroken

CLOCK = "2026-01-15T14:30:06Z"
RATE = {1: 30000 / 1001, 2: 25}


@pytest.fixture
def alarm(fakes):
    path = fakes / "alarm.3s.mkv"
    path.write_bytes(b"x")
    return path


def look(watch, station, channel):
    return watch(station, channel, stream=fakeread.Stream())


def assets(viewer, channel):
    """What was shown, one after the other: (asset, pictures)."""
    found = []
    for s in fakeread.shown(viewer.stream, PICTURE[channel]):
        if not found or found[-1][0] != s.asset:
            found.append([s.asset, 0])
        found[-1][1] += 1
    return found


def positions(viewer, channel, asset):
    return [s.position for s in fakeread.shown(viewer.stream,
                                               PICTURE[channel])
            if s.asset == asset]


def schedule(station, channel):
    return station.ctl("--json", "schedule", "--date", CLOCK[:10],
                       channel).stdout


def override(station, channel):
    return station.status(channel)["override"]


def test_a_takeover_airs_its_file_until_it_is_released(fake, alarm, watch):
    station = fake().start("-T", CLOCK)
    viewer = look(watch, station, 2).watch(2)
    assert station.ctl("takeover", "2", str(alarm)).returncode == 0
    taken = fakeread.name_of(alarm)
    wait_for(lambda: len(positions(viewer, 2, taken)) > 100, "two turns")
    assert station.status(2)["content"]["kind"] == "takeover"
    assert override(station, 2)["file"] == str(alarm)
    assert override(station, 1) is None
    lines = station.ctl("status").stdout.splitlines()
    assert lines[-1].split()[2] == "takeover"
    # Neither the plan nor the other channel has anything of it.
    assert "alarm" not in wait_for(lambda: schedule(station, "2"), "a plan")
    assert station.ctl("release", "2").returncode == 0
    wait_for(lambda: override(station, 2) is None, "the release")
    viewer.watch(viewer.stream.span() + 3)
    viewer.close()
    check_unbroken(viewer.stream, 2)
    turns = positions(viewer, 2, taken)
    assert turns[:80] == [n % 75 for n in range(80)]
    assert fakeread.shown(viewer.stream, 3600)[-1].asset != taken
    assert 0 not in {s.asset for s in fakeread.shown(viewer.stream, 3600)}
    by = f"takeover by uid {os.getuid()}"
    got = wait_for(lambda: [r for r in rows(station, "two")
                            if "released" in (r["reason"] or "")],
                   "the end of it in the as-run")
    assert [(r["kind"], r["asset"]) for r in got] == [
        ("takeover", str(alarm))]
    assert got[0]["status"] in ("AIRED", "TRUNCATED")
    cut = wait_for(lambda: [r for r in rows(station, "two")
                            if r["reason"] == by and r["kind"] != "takeover"],
                   "what it took the place of")
    assert {r["status"] for r in cut} == {"SUBSTITUTED"}


def test_the_slate_takes_over_every_channel_at_once(fake, watch):
    station = fake().start("-T", CLOCK)
    viewers = {n: look(watch, station, n).watch(2) for n in (1, 2)}
    assert station.ctl("takeover", "--all", "--slate", "--for",
                       "4s").returncode == 0
    for n in (1, 2):
        wait_for(lambda n=n: override(station, n), "the takeover")
    for n in (1, 2):
        wait_for(lambda n=n: override(station, n) is None, "its end")
    for n, viewer in viewers.items():
        viewer.watch(viewer.stream.span() + 2)
        viewer.close()
        check_unbroken(viewer.stream, n)
        slate = [count for asset, count in assets(viewer, n) if not asset]
        assert slate == [round(4 * RATE[n])]
    done = station.ctl("release", "--all")
    assert (done.returncode, done.stderr.splitlines()[-1].split(": ")[-1]
            ) == (1, "nothing is taken over")


def test_a_takeover_outlives_a_reload_and_the_daemon(fake, alarm, watch):
    station = fake().start("-T", CLOCK)
    viewer = look(watch, station, 2).watch(2)
    assert station.ctl("takeover", "--for", "1h", "2",
                       str(alarm)).returncode == 0
    before = wait_for(lambda: override(station, 2), "the takeover")
    assert station.ctl("reload").returncode == 0
    assert override(station, 2) == before
    viewer.close()
    station.process.terminate()
    station.process.wait(30)
    station.start("-T", "2026-01-15T14:40:00Z")
    after = wait_for(lambda: (override(station, 2) or {}).get("file") and
                     override(station, 2), "the file again")
    assert {k: after[k] for k in ("file", "until", "why")} == {
        k: before[k] for k in ("file", "until", "why")}
    viewer = look(watch, station, 2).watch(2)
    viewer.close()
    assert {s.asset for s in fakeread.shown(viewer.stream, 3600)} == {
        fakeread.name_of(alarm)}
    assert station.ctl("release", "two").returncode == 0


def test_what_cannot_air_takes_nothing_over(fake, alarm):
    station = fake().start("-T", CLOCK)
    done = station.ctl("takeover", "2", str(alarm.parent / "none.mkv"))
    assert done.returncode == 1
    assert "none.mkv" in done.stderr and "No such file" in done.stderr
    for words in (["takeover", "2"], ["takeover", "--all", "2", str(alarm)],
                  ["takeover", "--slate", "2", str(alarm)],
                  ["takeover", "--for", "soon", "2", str(alarm)],
                  ["takeover", "--for", "745h", "2", str(alarm)],
                  ["release"], ["release", "--all", "2"]):
        assert station.ctl(*words).returncode == 2, words
    assert station.ctl("takeover", "7", str(alarm)).returncode == 1
    assert override(station, 2) is None
    assert not (station.dir / "state" / "takeovers.json").exists()


def test_a_skip_brings_on_the_next_segment_and_the_plan_goes_on(fake, watch):
    station = fake().start("-T", CLOCK)
    viewer = look(watch, station, 2).watch(3)
    plan = [json.loads(line)["event_id"] for line in wait_for(
        lambda: schedule(station, "two"), "the day's plan").splitlines()]
    skipped = wait_for(lambda: left(s := station.status(2)) > 3 and
                       s["content"], "a segment to skip")
    assert station.ctl("skip", "2").returncode == 0
    wait_for(lambda: (override(station, 2) or {}).get("kind") == "skip",
             "the skip")
    back = override(station, 2)["until"]
    got = wait_for(lambda: [r for r in rows(station, "two")
                            if r["event_id"] == skipped["event_id"]
                            and r["status"] != "SEG_START"], "its row")
    by = f"skip by uid {os.getuid()}"
    assert (got[-1]["status"], by in got[-1]["reason"]) == ("TRUNCATED", True)
    at = plan.index(skipped["event_id"])
    now = wait_for(lambda: (c := station.status(2)["content"])["event_id"] !=
                   skipped["event_id"] and c, "the next segment")
    assert now["event_id"] == plan[at + 1]
    # It is early by what was skipped.
    assert now["timestamp"] < skipped["ends"]
    # What follows it is early, too, and whole.
    early = wait_for(lambda: [r for r in rows(station, "two")
                              if r["status"] == "AIRED" and r["reason"] == by],
                     "a segment that aired early")
    assert early[0]["event_id"] == now["event_id"]
    assert early[0]["actual_start"] < early[0]["planned_start"]
    assert back == station.status(2)["override"]["until"]
    viewer.close()
    check_unbroken(viewer.stream, 2)
    assert 0 not in {s.asset for s in fakeread.shown(viewer.stream, 3600)}


def test_off_the_air_is_said_to_be_and_by_which_entry(fake):
    station = fake()
    path = station.dir / "channels" / "two.yaml"
    path.write_text(path.read_text() + "    - off_air: {start: 02:00, "
                    f"end: 06:00, asset: {station.media}/shows/a.8s.mkv}}\n")
    line = len(path.read_text().splitlines())
    station.start("-T", "2026-01-15T03:00:00Z")
    assert station.status(2)["content"]["off_air"] is True
    assert station.status(1)["content"]["off_air"] is False
    assert re.search(r"^2 +two .* off air ", station.ctl("status").stdout,
                     re.M)
    assert "off air" in station.ctl("now", "2").stdout
    assert re.search(r"^2 +two +o[nf]+ +off air ", station.ctl("top").stdout,
                     re.M)
    entry = f"off the air by the entry at {path}:{line}:16\n"
    for at, what in (("02:00:05", "02:00:04 sign_off "), ("04:00",
                                                         "02:00:08 pad: ")):
        done = station.ctl("explain", "--date", "2026-01-16", "--at", at, "2")
        assert done.stdout.startswith(what), done.stdout
        assert done.stdout.endswith(entry), done.stdout
    told = json.loads(station.ctl("--json", "explain", "--date", "2026-01-16",
                                  "--at", "04:00", "2").stdout)
    assert told["off_air"] is True


def test_explain_tells_what_is_in_the_plans_place_now(fake, alarm):
    station = fake().by_the_clock().start()

    def explain(*more):
        done = station.ctl("explain", "2", *more)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert len(explain()) == 1
    assert station.ctl("takeover", "2", str(alarm)).returncode == 0
    wait_for(lambda: override(station, 2), "the takeover")
    by = f"takeover by uid {os.getuid()}, of {alarm}"
    assert explain()[1:] == [f"in its place now: {by}"]
    told = json.loads(station.ctl("--json", "explain", "2").stdout)
    assert told["instead"] == by
    assert len(explain("--at", "12:00")) == 1
    assert station.ctl("release", "2").returncode == 0
    assert station.ctl("stop", "2").returncode == 0
    assert explain()[1:] == [
        "in its place now: nothing: stopped by the operator"]
    assert len(station.ctl("explain", "1").stdout.splitlines()) == 1


def test_viewers_are_listed_and_may_be_shown_out(fake, watch):
    station = fake().start("-T", CLOCK)
    watched = station.get("/channel/1/stream.ts", stream=True,
                          headers={"User-Agent": "Couch/1.0 (TV)"})
    viewer = watch(station, 2).watch(2)
    listed = json.loads(station.ctl("--json", "viewers").stdout)["viewers"]
    first, second = sorted(listed, key=lambda v: v["id"])
    assert (first["channel"], first["id"]) == ("one", "one-1")
    assert first["user_agent"] == "Couch/1.0 (TV)"
    assert second["user_agent"] is None
    assert second["peer"] == "127.0.0.1:%d" % viewer.sock.getsockname()[1]
    assert second["bytes"] > 10000 and second["behind_ms"] <= 2000
    assert "Couch/1.0 (TV)" in station.ctl("viewers").stdout
    assert station.ctl("kick", "two-1").returncode == 0
    viewer.join(30)
    assert not viewer.is_alive()
    for name in ("two-1", "two-2", "one", "three-1", "one@1"):
        done = station.ctl("kick", name)
        assert (done.returncode, done.stderr) == (
            1, f"retrovuectl: no viewer '{name}'; see 'retrovuectl "
            "viewers'\n")
    wait_for(lambda: station.status(2)["viewers"] == 0, "nobody")
    assert station.status(1)["viewers"] == 1
    watched.close()


class Terminal:
    """A program on a terminal of its own, and what it has drawn."""

    def __init__(self, argv, env, rows=24, columns=80):
        master, self.slave = pty.openpty()
        self.fd, self.text = master, b""
        self.resize(rows, columns)
        self.was = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(argv, stdin=self.slave,
                                        stdout=self.slave, stderr=self.slave,
                                        env=env, start_new_session=True)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def read(self):
        try:
            while got := os.read(self.fd, 65536):
                self.text += got
        except OSError:
            pass

    def frame(self):
        """The lines of the last picture that is whole."""
        frames = self.text.split(b"\x1b[H")
        whole = [f for f in frames if f.endswith(b"\x1b[J")]
        if not whole:
            return []
        text = whole[-1].decode().replace("\x1b[J", "").replace("\r\r", "\r")
        return [re.sub(r"\x1b\[[0-9;]*[mK]", "", line)
                for line in text.split("\r\n")]

    def ends(self):
        self.process.wait(30)
        wait_for(lambda: b"\x1b[?1049l" in self.text, "the screen back")
        assert termios.tcgetattr(self.slave) == self.was
        return self.process.returncode


def test_top_shows_the_station_live_and_gives_the_terminal_back(fake, watch):
    station = fake().start("-T", CLOCK)
    viewer = watch(station, 2).watch(1)
    argv = [str(conftest.CTL), "-c", str(station.config), "top"]
    env = {**os.environ, "TERM": "xterm"}
    t = Terminal(argv, {**env, "NO_COLOR": "1"})
    wait_for(lambda: len(t.frame()) == 24, "a whole screen")
    assert {len(line) for line in t.frame()} <= {0, 80}
    assert "1 viewer," in t.frame()[0]
    wait_for(lambda: re.match(r"2 +two +on .* 1 +[1-9]", t.frame()[4]),
             "channel 2 on the air")
    assert not re.search(rb"\x1b\[[0-9]*m", t.text)
    t.resize(10, 120)
    os.kill(t.process.pid, signal.SIGWINCH)
    wait_for(lambda: len(t.frame()) == 10, "the new size")
    t.resize(5, 80)
    os.kill(t.process.pid, signal.SIGWINCH)
    wait_for(lambda: t.frame()[3].startswith("1 "), "the first channel")
    os.write(t.fd, b"\x1b[B")
    wait_for(lambda: t.frame()[3].startswith("2 "), "the second one")
    os.write(t.fd, b"q")
    assert t.ends() == 0
    t = Terminal(argv, {k: v for k, v in env.items() if k != "NO_COLOR"})
    wait_for(lambda: b"\x1b[7m" in t.text, "colour")
    t.process.terminate()
    assert t.ends() == -signal.SIGTERM
    viewer.close()
    sample = json.loads(station.ctl("--json", "top").stdout)
    assert [c["number"] for c in sample["channels"]] == ["1", "2"]
    assert sample["resident"] > 1 << 20
    assert len(station.ctl("top").stdout.splitlines()) == 5
