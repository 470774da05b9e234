"""A small station with a made library, and what watches it.  Nothing here
sleeps for a time: it waits for a fact, with a deadline."""

import datetime
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import pytest
import requests

# Who starts the tests in the background may have it ignored, and every
# program that they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import ports  # noqa: E402
import proc  # noqa: E402
import tsread  # noqa: E402

BUILD = ROOT / os.environ.get("BUILD", "build")
DAEMON = BUILD / "retrovued"
CTL = BUILD / "retrovuectl"
FAKE = ROOT / "build" / "fake"

STATION = """\
station: {{name: Test Station, since: {since}, patience: {patience}, measure: {measure}, rescan: {rescan}}}
http: {{listen: ["127.0.0.1:{port}"]}}
control: {{socket: {dir}/c.sock}}
paths: {{state: {dir}/state, log: {dir}/log, asrun: {dir}/asrun}}
libraries:
  - {{path: {media}/shows, type: episode}}
  - {{path: {media}/spots, type: commercial}}
  - {{path: {media}/filler, type: filler}}
guide: {{days: 3}}
channels: {dir}/channels
"""

CHANNEL = """\
channel: {name}
channel_number: {number}
name: {name}
timezone: UTC
day_start: "00:00"
linger: 1
format:
  video: {{width: 320, height: 180, frame_rate: "{rate}", bitrate: 300k}}
  audio: {{sample_rate: 48000, channels: 2, bitrate: 64k}}
  grid_minutes: 1
filler: {media}/filler/still.mkv
pools:
  shows: {{path: {media}/shows}}
schedule:
  all_day:
    - block:
        start: "00:00"
        duration: 24h
        title: All day
        pool: shows
        mode: sequential
"""


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "alone: measures time, so nothing else runs beside it")


# Files are given out whole.  Long ones come first, so that none is alone at
# the end, and the busiest not beside the one that minds it most.
LONG = ["fault_rows", "slate", "tlog", "inputs", "asrun", "control",
        "fault_chaos", "faults", "loudness", "desk", "rescan", "stream",
        "patience", "guide", "viewers", "page", "sandbox", "broken"]


def pytest_collection_modifyitems(items):
    first = {f"test_{name}.py": n for n, name in enumerate(LONG)}
    items.sort(key=lambda item: first.get(item.path.name, len(LONG)))


def wait_for(fact, what, seconds=30):
    """What fact() returns, once it is true; fail when it never is.  Where the
    time that it takes is not the point, there is plenty of it."""
    end = time.monotonic() + seconds
    while not (value := fact()):
        if time.monotonic() > end:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return value


def whole_lines(path):
    """Of a file that somebody may be writing, or is yet to make."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        return []
    return text[:text.rfind("\n") + 1].splitlines()


def free_port():
    return ports.take()


def clip(path, seconds, rate, tone):
    """A made clip; tone 0 is one without sound."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
            f"testsrc=s=320x180:r={rate}:d={seconds}"]
    if tone:
        argv += ["-f", "lavfi", "-i", f"sine={tone}:r=48000:d={seconds}",
                 "-c:a", "aac"]
    argv += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
             "yuv420p", str(path)]
    subprocess.run(argv, check=True, timeout=60)


@pytest.fixture(scope="session")
def media():
    top = pathlib.Path(tempfile.mkdtemp(prefix="rvm", dir="/tmp"))
    for name in ("shows", "spots", "filler"):
        (top / name).mkdir()
    shows = [("a.mkv", 8, "25", 440), ("b.mkv", 7, "24000/1001", 550),
             ("c.mkv", 6, "25", 0)]
    for name, seconds, rate, tone in shows:
        clip(top / "shows" / name, seconds, rate, tone)
        marks = "".join(f"  - {{kind: avail, start: {s}}}\n"
                        for s in range(2, seconds - 1, 2))
        (top / "shows" / (name + ".yaml")).write_text("markers:\n" + marks)
    clip(top / "spots" / "x.mkv", 2, "25", 660)
    clip(top / "spots" / "y.mkv", 2, "30000/1001", 770)
    clip(top / "filler" / "still.mkv", 20, "25", 880)
    yield top
    shutil.rmtree(top)


class Station:
    """A directory with a station in it, and its daemon."""

    def __init__(self, media):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rv", dir="/tmp"))
        self.media, self.port, self.process = media, free_port(), None
        self.config = self.dir / "retrovued.yaml"
        self.env, self.more = dict(os.environ), ""
        # What has aired since then is worked out at each start.
        self.since, self.house_clock = "2026-01-10", "2026-01-15T14:30:06Z"
        self.prefix = ""            # of every path
        self.patience = "60s"       # a slow machine is no reason for less
        self.measure = "no"         # or it would happen at any time
        self.rescan = "24h"         # likewise
        (self.dir / "channels").mkdir()
        for number, name, rate in ((1, "one", "30000/1001"),
                                   (2, "two", "25")):
            (self.dir / "channels" / f"{name}.yaml").write_text(
                CHANNEL.format(name=name, number=number, rate=rate,
                               media=media))
        self.write()

    def write(self):
        self.config.write_text(self.more + STATION.format(
            dir=self.dir, port=self.port, media=self.media,
            since=self.since, patience=self.patience, measure=self.measure,
            rescan=self.rescan))

    def extend(self, text):
        """More of the station file."""
        self.more += text + "\n"
        self.write()
        return self

    def by_the_clock(self):
        """On the machine's own time, as is whoever asks without a daemon."""
        start = datetime.date.today() - datetime.timedelta(days=5)
        self.since, self.house_clock = start.isoformat(), None
        self.write()
        return self

    def argv(self, *options):
        if self.house_clock is not None and "-T" not in options:
            options = ("-T", self.house_clock, *options)
        # Tests may be run by root, and then the daemon has to be told to
        # stay so.
        stay = ["-u", "root"] if os.geteuid() == 0 else []
        return [str(DAEMON), "-f", "-c", str(self.config), *stay, *options]

    def start(self, *options, pass_fds=()):
        """Start the daemon and wait until it says that it is ready."""
        return self.launch(*options, pass_fds=pass_fds).await_ready()

    def launch(self, *options, pass_fds=()):
        with open(self.dir / "stderr", "ab") as err:
            self.process = subprocess.Popen(
                self.argv(*options), stdin=subprocess.DEVNULL,
                stdout=err, stderr=err, env=self.env,
                pass_fds=pass_fds)
        return self

    def await_ready(self):
        wait_for(self.ready, "the daemon is ready", 60)
        return self

    def ready(self):
        if self.process.poll() is not None:
            pytest.fail((self.dir / "stderr").read_text())
        try:
            return self.status()["ready"]
        except (requests.ConnectionError, requests.Timeout):
            return False

    def run(self, *options):
        """Run a daemon that is to end by itself."""
        return subprocess.run(self.argv(*options), capture_output=True,
                              text=True, timeout=60, env=self.env)

    def ctl(self, *args):
        return subprocess.run([str(CTL), "-c", str(self.config), *args],
                              capture_output=True, text=True, timeout=60,
                              env=self.env)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{self.prefix}{path}"

    def get(self, path, **more):
        return requests.get(self.url(path), timeout=30, **more)

    def status(self, channel=None):
        path = "/status" if channel is None else f"/channel/{channel}/status"
        return self.get(path).json()

    def lines(self):
        """The log's lines that are whole.  A thread of the daemon's writes
        them: what has just happened may not be among them yet."""
        return whole_lines(self.dir / "log" / "playout.log")

    def log(self, event):
        """The log's lines of one kind, each as its keys and values."""
        return [dict(word.split("=", 1) for word in line.split()[3:]
                     if "=" in word)
                for line in self.lines() if line.split()[2] == event]

    def children(self):
        """The pids of the daemon's ffmpeg children."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                head, _, tail = stat.read_text().rpartition(") ")
            except OSError:
                continue
            state, ppid = tail.split()[:2]
            if (int(ppid) == self.process.pid and state != "Z"
                    and head.endswith("(ffmpeg")):
                found.append(int(stat.parent.name))
        return found

    def ends(self, seconds):
        """Its exit code; it has to end within so many seconds, of which those
        do not count that it stands in line for a processor."""
        if self.process.poll() is None:
            watch = proc.Stopwatch(self.process.pid)
            while self.process.poll() is None:
                assert watch.read() < seconds, "it does not end"
                time.sleep(0.01)
            watch.close()
        return self.process.returncode

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.dir)


class Viewer(threading.Thread):
    """Watches a channel on a raw socket and analyses as it goes."""

    def __init__(self, station, channel, query="", stream=None):
        super().__init__(daemon=True)
        self.head, self.data = b"", b""
        self.stream = stream or tsread.Stream()
        self.sock = socket.create_connection(("127.0.0.1", station.port), 30)
        self.sock.sendall(f"GET /channel/{channel}/stream.ts{query} "
                          "HTTP/1.1\r\n"
                          "Host: localhost\r\n\r\n".encode())
        self.start()

    def run(self):
        got = b""
        try:
            while b"\r\n\r\n" not in got:
                got += self.take()
            self.head, _, body = got.partition(b"\r\n\r\n")
            while True:
                self.data += body
                self.stream.feed(body)
                body = self.take()
        except OSError:
            pass

    def take(self):
        got = self.sock.recv(65536)
        if not got:
            raise OSError("closed")
        return got

    def watch(self, seconds):
        """Wait until so many seconds of pictures are here."""
        wait_for(lambda: self.stream.span() >= seconds or
                 not self.is_alive(), f"{seconds} s of stream", seconds + 60)
        assert self.stream.span() >= seconds, "the stream was closed"
        return self

    def close(self):
        """Stop watching; from here on the capture stands still."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(30)
        self.sock.close()
        return self.stream


@pytest.fixture
def make(media):
    """A maker of stations, all of which end with the test."""
    made = []

    def new(media=media):
        made.append(Station(media))
        return made[-1]
    yield new
    for station in made:
        station.close()


@pytest.fixture(scope="module")
def fakes():
    """Films for children that cost nothing."""
    subprocess.run(["make", "-s", "-C", str(ROOT), "BUILD=build", "fake"],
                   check=True, timeout=300)
    top = pathlib.Path(tempfile.mkdtemp(prefix="rva", dir="/tmp"))
    for name in ("shows/a.8s.mkv", "shows/b.7s.mkv", "spots/x.2s.mkv",
                 "spots/y.2s.mkv", "filler/still.20s.mkv"):
        path = top / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for name in ("a.8s.mkv", "b.7s.mkv"):
        (top / "shows" / f"{name}.yaml").write_text(
            "markers:\n  - {kind: avail, start: 2}\n"
            "  - {kind: avail, start: 4}\n")
    (top / "filler" / "still.mkv").write_bytes(b"x")
    yield top
    shutil.rmtree(top)


def use_fakes(station):
    """Its children cost nothing; beside their films stands what goes wrong
    with them."""
    station.extend("ffmpeg: {sandbox: off}")
    station.env["PATH"] = f"{FAKE}:{station.env['PATH']}"
    return station


@pytest.fixture
def fake(make, fakes):
    return lambda: use_fakes(make(fakes))


@pytest.fixture(scope="session")
def station(media):
    """One running station, for the tests that do it no harm.  Its clock
    starts at a programme with many breaks."""
    s = Station(media)
    try:
        yield s.start("-T", "2026-01-15T14:30:06Z")
    finally:
        s.close()


@pytest.fixture
def watch():
    """A maker of viewers, all of whom leave with the test."""
    viewers = []

    def new(station, channel, query="", stream=None):
        viewers.append(Viewer(station, channel, query, stream))
        return viewers[-1]
    yield new
    for viewer in viewers:
        viewer.close()
