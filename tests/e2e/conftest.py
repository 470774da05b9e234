"""A small station with a made library, and what watches it.  Nothing here
sleeps for a time: it waits for a fact, with a deadline."""

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
import tsread  # noqa: E402

BUILD = ROOT / os.environ.get("BUILD", "build")
DAEMON = BUILD / "retrovued"
CTL = BUILD / "retrovuectl"

STATION = """\
station: {{name: Test Station, since: 2026-01-10, patience: {patience}, measure: {measure}, rescan: {rescan}}}
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


def wait_for(fact, what, seconds=10):
    """What fact() returns, once it is true; fail when it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = fact()
        if value:
            return value
        time.sleep(0.02)
    pytest.fail(f"not within {seconds} s: {what}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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
            patience=self.patience, measure=self.measure,
            rescan=self.rescan))

    def extend(self, text):
        """More of the station file."""
        self.more += text + "\n"
        self.write()
        return self

    def argv(self, *options):
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
        except requests.ConnectionError:
            return False

    def run(self, *options):
        """Run a daemon that is to end by itself."""
        return subprocess.run(self.argv(*options), capture_output=True,
                              text=True, timeout=10, env=self.env)

    def ctl(self, *args):
        return subprocess.run([str(CTL), "-c", str(self.config), *args],
                              capture_output=True, text=True, timeout=10,
                              env=self.env)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{self.prefix}{path}"

    def get(self, path, **more):
        return requests.get(self.url(path), timeout=10, **more)

    def status(self, channel=None):
        path = "/status" if channel is None else f"/channel/{channel}/status"
        return self.get(path).json()

    def log(self, event):
        """The log's lines of one kind, each as its keys and values."""
        text = (self.dir / "log" / "playout.log").read_text()
        return [dict(word.split("=", 1) for word in line.split()[3:]
                     if "=" in word)
                for line in text.splitlines() if line.split()[2] == event]

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

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(5)

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

    def __init__(self, station, channel, query=""):
        super().__init__(daemon=True)
        self.head, self.data, self.stream = b"", b"", tsread.Stream()
        self.sock = socket.create_connection(("127.0.0.1", station.port), 10)
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
                 not self.is_alive(), f"{seconds} s of stream", seconds + 20)
        assert self.stream.span() >= seconds, "the stream was closed"
        return self

    def close(self):
        """Stop watching; from here on the capture stands still."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(5)
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

    def new(station, channel, query=""):
        viewers.append(Viewer(station, channel, query))
        return viewers[-1]
    yield new
    for viewer in viewers:
        viewer.close()
