"""Children that fail to order: what viewers get is judged picture by picture.
The fake ffmpeg (tests/support/fakeffmpeg.c) says in every picture which one
it is."""

import ctypes
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import pytest

import fakeread
import proc
from conftest import CHANNEL, FAKE, ROOT, Station, Viewer, wait_for

PICTURE = 3600		# 25 pictures a second
START = "2026-01-15T15:59:52Z"	# every second hour a film ends
SECOND = 25
CROWD = 32
FILLER_S = 10		# as the fake ffprobe has it
KILLS = 10

# Each has a channel of its own; where there is an "at", a film of two hours
# ends eight seconds after the start, else one of three goes on.
FAULTS = {
    "dead": "exit=1",
    "empty": "empty",
    "mute": "mute=120000 ignore_term once",
    "garbage": "garbage=120000 once",
    "cut": "cut=119999 once",
    "whole": "cut=120320 once",
    "counter": "cc=200 once",
    "killed": "die=119999 once",
    "clock": "pcr=200 once",
    "slow": "speed=60 once",
    "early": "early=200 once",
    "grandchild": "fork early=200 once",
    "closed": "close=120000 ignore_term once",
    "flood": "stderr=20000000",
    # What stands in a pipe, or was read at once, outlives the child.
    "often": "pipe=4096 speed=500",
    "away": "pipe=4096 speed=500",
    "at-late": "late",
    "at-twice": "speed=200",
    "at-early": "early=30 exit=1",
}


@pytest.fixture(scope="module", autouse=True)
def fake_ffmpeg():
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)


class FakeStation(Station):
    """A station of fake children: a channel and a film for each name."""

    def __init__(self, faults):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rvf", dir="/tmp"))
        super().__init__(self.top)
        # A fake forks and removes files where it is told to.
        self.extend("ffmpeg: {sandbox: off}")
        self.env["PATH"] = f"{FAKE}:{self.env['PATH']}"
        self.films = {}
        for path in self.dir.glob("channels/*"):
            path.unlink()
        for name in ("shows", "spots", "filler"):
            (self.top / name).mkdir()
        (self.top / "filler" / "still.mkv").write_bytes(b"x")
        for number, (name, words) in enumerate(faults.items(), 1):
            self.add(number, name)
            self.film(name, words)

    def add(self, number, name):
        seconds = 7200 if name.startswith("at-") else 10800
        self.films[name] = self.top / "shows" / name / f"f.{seconds}s.mkv"
        text = CHANNEL.format(name=name, number=number, rate=25,
                              media=self.top)
        for old, new in (("grid_minutes: 1", "grid_minutes: 60"),
                         ("/shows}", f"/shows/{name}}}")):
            text = text.replace(old, new)
        (self.dir / "channels" / f"{name}.yaml").write_text(text)

    def film(self, name, words):
        """The channel's film, and what its children do wrong."""
        path = self.films[name]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        fault = pathlib.Path(f"{path}.fake")
        if words:
            fault.write_text(words)
        else:
            fault.unlink(missing_ok=True)

    def children_of(self, name):
        film = str(self.films[name]).encode()
        return [p for p in self.children() if film in proc.command(p)]

    def child(self, name):
        """The pid of the channel's only child, or None."""
        found = self.children_of(name)
        return found[0] if len(found) == 1 else None

    def asset(self, name):
        return fakeread.name_of(self.films[name])

    def events(self, name, event):
        number = list(self.films).index(name) + 1
        return [e for e in self.log("mpegts_stream")
                if e["event"] == event and e["channel"] == str(number)]

    def failures(self, name):
        return self.status(name)["child_failures"]

    def cause(self, name):
        return wait_for(lambda: re.findall(
            rf"event=child_failed event_id={name}-\S+ .*"
            r"cause=\"?(.*?)\"? times=\d+$", "\n".join(self.lines()), re.M),
            f"why a child of {name} failed")[-1]

    def close(self):
        super().close()
        shutil.rmtree(self.top)


@pytest.fixture
def fakes():
    """A maker of such stations, all of which end with the test."""
    made = []

    def new(*args):
        made.append(FakeStation(*args))
        return made[-1]
    yield new
    for station in made:
        station.close()


def wait_pictures(viewer, n, seconds=60):
    wait_for(lambda: len(viewer.stream.video) >= n, f"{n} pictures", seconds)


def capture(viewer):
    """The pictures as shown, after a check that no packet, no picture and no
    sound is missing, late or out of place."""
    viewer.close()
    s = fakeread.Stream().feed(viewer.data)
    assert (s.sync_errors, s.cc_errors, s.discontinuities) == (0, 0, 0)
    assert s.dts_deltas() == {PICTURE}
    assert s.audio_deltas() == {1920}
    assert max(s.pcr_gaps_ms()) <= 40
    assert min(s.delays_ms()) >= 100 and max(s.delays_ms()) <= 1000
    assert all(u.asset is not None for u in s.video)
    return fakeread.shown(s, PICTURE)


def state(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(
        ") ")[2][0]


def written(pid):
    """How many bytes it has written."""
    text = pathlib.Path(f"/proc/{pid}/io").read_text()
    return int(re.search(r"^wchar: (\d+)", text, re.M)[1])


def kill_often(station, viewer):
    """Each child once it has been of use for a second of pictures: those
    that are not are put off, and so they should be."""
    wait_pictures(viewer, 10 * SECOND)
    second = len(viewer.data) * SECOND // len(viewer.stream.video)
    for _ in range(KILLS):
        pid = wait_for(lambda: station.child("often"), "a child")
        wait_for(lambda: written(pid) > 4 * second // 3, "enough of it")
        wait_pictures(viewer, len(viewer.stream.video) + 6)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: station.child("often") not in (None, pid),
                 "another child")


def take_away(station, name):
    """The film, as a share that is unmounted for a moment: the child that
    reads it fails, and so does the next."""
    film = station.films[name]
    away = film.with_suffix(".away")
    pid = wait_for(lambda: station.child(name), "a child")
    film.rename(away)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: station.events(name, "bad_asset"), "it is given up")
    away.rename(film)


@pytest.fixture(scope="module")
def aired():
    """Half a minute of all channels with a fault: the station, and what each
    showed."""
    station = FakeStation(FAULTS)
    try:
        station.start("-T", START)
        # A few at a time, those that are on time first: the station starts
        # no more than ten children a second.
        viewers = {}
        for i, name in sorted(enumerate(FAULTS, 1),
                              key=lambda x: not x[1].startswith("at-")):
            viewers[name] = Viewer(station, i)
            if len(viewers) % 3 == 0:
                wait_pictures(viewers[name], SECOND)
        take_away(station, "away")
        kill_often(station, viewers["often"])
        wait_for(lambda: station.events("away", "programme"), "it is back",
                 60)
        for viewer in viewers.values():
            wait_pictures(viewer, 600)
        yield station, {n: capture(v) for n, v in viewers.items()}
        assert station.process.poll() is None
    finally:
        station.close()


def pads(pictures, asset):
    """What is not pad is the picture that belongs there; how many are pad."""
    origin = {p.position - p.n for p in pictures if p.asset != 0}
    assert {p.asset for p in pictures} <= {0, asset}
    assert len(origin) == 1
    return sum(p.asset == 0 for p in pictures)


def test_killed_children_are_not_noticed(aired):
    station, shown = aired
    assert pads(shown["often"], station.asset("often")) == 0
    assert station.failures("often") == KILLS
    assert len({p.process for p in shown["often"]}) > KILLS // 2


@pytest.mark.parametrize("name", ["garbage", "cut", "whole", "counter",
                                  "killed", "clock", "early", "flood"])
def test_what_is_broken_is_replaced_out_of_the_read_ahead(aired, name):
    station, shown = aired
    assert pads(shown[name], station.asset(name)) == 0
    assert station.failures(name) == (name not in ("clock", "flood"))


def test_a_child_that_ends_early_is_followed_at_its_last_picture(aired):
    station, shown = aired
    runs = fakeread.stretches(shown["early"])
    assert [len(run) for run in runs][0] == 200
    assert len(runs) == 2
    assert station.cause("early") == "ended before its last picture"


@pytest.mark.parametrize("name, tried", [("dead", 2), ("empty", 1)])
def test_filler_stands_in_for_what_no_child_can_begin(aired, name, tried):
    station, shown = aired
    still = fakeread.name_of(station.top / "filler" / "still.mkv")
    # And once more after 20 s, and a minute after that.
    assert 0 <= station.failures(name) - tried <= 2
    # Nothing else, and none of it is out of its place by the clock.
    assert {p.asset for p in shown[name]} == {still}
    length = FILLER_S * SECOND
    assert {p.position for p in shown[name]} == {
        p.n % length for p in shown[name]}
    assert len(station.events(name, "filler")) == 1
    assert len(station.events(name, "bad_asset")) == 1


def test_a_film_that_is_back_takes_the_air_from_filler(aired):
    station, shown = aired
    film = station.asset("away")
    still = fakeread.name_of(station.top / "filler" / "still.mkv")
    runs = fakeread.stretches(shown["away"])
    assert [run[0].asset for run in runs][-1] == film
    assert {p.asset for p in shown["away"]} == {film, still}
    assert len({p.position - p.n for p in shown["away"]
                if p.asset == film}) == 1
    assert len(station.events("away", "filler")) == 1


def test_what_could_not_be_played_is_left_out_of_the_next_edition(fakes):
    station = fakes({"empty": "empty"}).start("-T", START)
    viewer = Viewer(station, 1)
    wait_for(lambda: station.events("empty", "filler"), "filler")
    wait_pictures(viewer, 6 * SECOND)
    db = station.dir / "state" / "library.db"

    def reason():
        with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as c:
            return c.execute("SELECT bad FROM assets WHERE path = ?", (
                str(station.films["empty"]).encode(),)).fetchone()[0]
    wait_for(reason, "a mark")
    assert reason() == "could not be played: no picture at its in-point"
    assert station.ctl("reload").returncode == 0
    wait_for(lambda: "could not be played" in station.ctl("assets").stdout,
             "the next edition")
    viewer.close()


def test_a_silent_child_is_ended_and_replaced(aired):
    station, shown = aired
    assert station.cause("mute") == "stalled"
    assert pads(shown["mute"], station.asset("mute")) <= 8 * SECOND
    assert shown["mute"][-1].asset != 0


def test_a_child_below_real_time_is_replaced_where_the_clock_is(aired):
    station, shown = aired
    assert station.cause("slow") == "slower than real time"
    told = station.log("child_slow")
    assert told[0]["channel"] == str(list(FAULTS).index("slow") + 1)
    assert 0.55 < float(told[0]["speed"]) < 0.65
    assert 0 < pads(shown["slow"], station.asset("slow")) < 25 * SECOND
    assert shown["slow"][-1].asset != 0


@pytest.mark.parametrize("name", ["grandchild", "closed"])
def test_a_pipe_and_a_process_need_not_end_together(aired, name):
    station, shown = aired
    assert pads(shown[name], station.asset(name)) <= 4 * SECOND
    assert len({p.process for p in shown[name] if p.asset}) == 2


@pytest.mark.parametrize("name", ["at-late", "at-twice", "at-early"])
def test_a_boundary_stands_whatever_the_child_before_it_does(aired, name):
    station, shown = aired
    new = [p for p in shown[name] if p.asset and p.position < 3600 * SECOND]
    old = [p for p in shown[name] if p.asset and p.position > 3600 * SECOND]
    # Eight seconds after the start; the first picture is that of a key
    # frame five to seven before it.
    assert new[0].position == 0
    assert pads(old, station.asset(name)) == 0
    pads(new, station.asset(name))
    if name != "at-early":
        assert old[-1].position == 7200 * SECOND - 1
        assert old[-1].n + 1 == new[0].n


def test_no_child_is_left_when_nobody_watches(aired):
    station, _ = aired
    wait_for(lambda: not station.children(), "no child is left")


def crowd(station):
    """All channels' children, once each has one."""
    pids = station.children()
    return pids if len(pids) == CROWD else None


def check_one_after_the_other(pids):
    """No more than ten a second were started, by the kernel's own clock,
    which counts in hundredths: a log line may be written later."""
    times = sorted(proc.started(p) for p in pids)
    assert all(b - a > 0.9 for a, b in zip(times, times[10:]))


@pytest.mark.alone
def test_all_children_killed_at_once_are_replaced_one_after_the_other(fakes):
    station = fakes({f"c{i:02}": "pipe=4096 speed=500"
                     for i in range(CROWD)})
    station.start("-T", START)
    viewers = [Viewer(station, i + 1) for i in range(CROWD)]
    for viewer in viewers:
        wait_pictures(viewer, 9 * SECOND)
    before = [len(viewer.stream.video) for viewer in viewers]
    pids = wait_for(lambda: crowd(station), "a child for each")
    check_one_after_the_other(pids)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for viewer, n in zip(viewers, before):
        wait_pictures(viewer, n + 9 * SECOND)
    check_one_after_the_other(wait_for(lambda: crowd(station),
                                       "another child for each"))
    for name, viewer, n in zip(station.films, viewers, before):
        pictures = capture(viewer)
        assert pads(pictures[n:], station.asset(name)) < 6 * SECOND
        assert pictures[-1].asset != 0


PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207


class Mount:
    """Holds processes as a disk does that does not answer: SIGTERM does
    nothing, and who gets SIGKILL is not gone before the disk is back."""

    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int,
                                ctypes.c_void_p, ctypes.c_void_p]
        self.ptrace, self.held = libc.ptrace, []

    def hold(self, pid):
        assert self.ptrace(PTRACE_SEIZE, pid, None, None) == 0
        assert self.ptrace(PTRACE_INTERRUPT, pid, None, None) == 0
        self.held.append(pid)

    def answer(self):
        for pid in self.held:
            os.waitpid(pid, 0)      # it has stopped, or it is dead
            self.ptrace(PTRACE_DETACH, pid, None, None)
        self.held = []


def test_a_disk_that_stalls_is_felt_by_its_channel_alone(fakes):
    words = "pipe=4096 speed=500"
    station = fakes({"stalled": f"{words} delay=3000", "well": words})
    station.start("-T", START)
    stalled, well = Viewer(station, 1), Viewer(station, 2)
    mount = Mount()
    try:
        wait_pictures(stalled, 8 * SECOND)
        first = wait_for(lambda: station.child("stalled"), "a child")
        mount.hold(first)
        second = wait_for(lambda: [p for p in station.children_of("stalled")
                                   if p != first], "one in its place")[0]
        mount.hold(second)
        wait_for(lambda: state(first) == "Z", "SIGKILL")
        wait_for(lambda: station.events("stalled", "pad"), "slate")
        began = len(stalled.stream.video)
    finally:
        mount.answer()
    wait_for(lambda: station.events("stalled", "programme"), "programme")
    wait_pictures(stalled, began + 4 * SECOND)
    assert pads(capture(well), station.asset("well")) == 0
    assert station.failures("well") == 0
    assert station.cause("stalled") == "stalled"
    shown = capture(stalled)
    assert 0 < pads(shown, station.asset("stalled")) < 20 * SECOND
    assert shown[-1].asset != 0


def test_the_stamps_wrap_in_mid_segment(fakes):
    wrap = (18549 << 33) // 90000
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wrap - 2))
    station = fakes({"film": ""}).start("-T", start)
    viewer = Viewer(station, 1)
    wait_pictures(viewer, 11 * SECOND)
    assert pads(capture(viewer), station.asset("film")) == 0
    s = viewer.stream
    for stamps in ([u.dts for u in s.video], [u.pts for u in s.audio],
                   [pcr // 300 for pcr in s.pcrs]):
        assert sum(b < a for a, b in zip(stamps, stamps[1:])) == 1
