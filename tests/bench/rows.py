#!/usr/bin/python3
"""rows.py [ROW ...]: crowds of clients who are slow, stuck, hostile or gone,
beside a few healthy ones, and what those notice.

Each row prints the longest pause of any healthy viewer, how many of them were
lost, the slowest of the healthy requests that were made all the while, and
what else it is about; exit code 1 where one does not hold.  Everything happens
on 127.0.0.0/8, with children that cost nothing; the machine should be
quiet."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import measure
from measure import BUILD, conftest, cpu_and_rss
import proc
import test_viewers
from test_viewers import get, inside, knock, sockets

NOW = ("-T", "2026-01-15T15:30:00Z")
HEALTHY = 20
PAUSE_MS = 350			# coalescing, and what the table allows
ANSWER_S = 0.1
GONE_S = 30
PAGE = os.sysconf("SC_PAGE_SIZE")
rows = {}


def row(f):
    rows[f.__name__] = f
    return f


class Prober(threading.Thread):
    """Asks for /health again and again; how long the slowest answer took."""

    def __init__(self, station):
        super().__init__(daemon=True)
        self.station, self.took, self.end = station, [], threading.Event()
        self.failed = 0

    def run(self):
        while not self.end.wait(0.02):
            start = time.monotonic()
            try:
                with knock(self.station, get("/health"), "127.1.1.1") as s:
                    self.failed += test_viewers.status(s) != "200"
            except OSError:
                self.failed += 1
            self.took.append(time.monotonic() - start)

    def close(self):
        self.end.set()
        self.join()


class Bench(measure.Station):
    def __init__(self, limits="", bitrate="3000k"):
        measure.BITRATE = bitrate
        super().__init__(1)
        self.config.write_text(self.config.read_text().replace(
            "http: {", f"http: {{limits: {{{limits}}}, "))
        self.failed, self.processes, self.prober = [], [], None

    def begin(self):
        self.start(*NOW)
        self.prober = Prober(self)
        self.prober.start()
        return self

    def load(self, viewers, seconds, *options):
        """Viewers, some of whom may be slow or stuck; see load.c."""
        self.processes.append(subprocess.Popen(
            [str(a) for a in (BUILD / "load", "-p", self.port, "-n", viewers,
                              "-t", seconds, "-w", 3, "-a", 50, *options)],
            stdout=subprocess.PIPE))
        return self.processes[-1]

    def holds(self, ok, text):
        if not ok:
            self.failed.append(text)

    def finish(self, name, client, more="", prompt=True):
        """What must hold in every row; prompt: as if nobody else was there."""
        got = json.loads(client.communicate()[0])
        self.prober.close()
        slowest = max(self.prober.took)
        print(f"{name:34} {got['longest_gap_ms']:6} {got['lost']:5} "
              f"{1000 * slowest:9.0f}  {more}", flush=True)
        self.holds(got["lost"] == 0, "a healthy viewer was lost")
        self.holds(not prompt or got["longest_gap_ms"] <= PAUSE_MS,
                   "a pause too long")
        self.holds(not prompt or slowest <= ANSWER_S, "an answer too late")
        self.holds(self.prober.failed == 0,
                   f"{self.prober.failed} healthy requests refused")
        self.holds(self.process.poll() is None, "the daemon has ended")
        self.holds(not proc.zombies(self.process.pid), "a zombie")
        return got

    def close(self):
        if self.prober is not None:
            self.prober.close()
        for p in self.processes:
            p.kill()
            p.wait()
        super().close()


def kernel_mib():
    """What TCP's buffers of all sockets hold, of both ends."""
    words = pathlib.Path("/proc/net/sockstat").read_text().split()
    return int(words[words.index("TCP:") + 10]) * PAGE / 2**20


def highest(fact, seconds):
    """The most that fact() was meanwhile."""
    most, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, fact())
        time.sleep(0.1)
    return most


@row
def quiet():
    """Nobody but the healthy: what the others are held against."""
    bench = Bench().begin()
    bench.finish("20 healthy viewers alone", bench.load(HEALTHY, 10))
    return bench


@row
def slow_and_stuck():
    """500 who read a tenth, 500 who never read, 20 who watch."""
    bench, before = Bench().begin(), kernel_mib()
    client = bench.load(HEALTHY + 1000, 20, "-k", 500, "-s", 500)
    most = highest(kernel_mib, 18) - before
    got = bench.finish("500 slow, 500 stuck", client,
                       f"kernel memory {most:.0f} MiB, both ends")
    bench.holds(got["most"] - got["least"] < 256 * 1024,
                "some healthy ones got less than others")
    return bench


@row
def ten_thousand():
    """10,000 viewers at 1 Mb/s."""
    n = 10000
    bench = Bench("viewers: 11000", "1000k").begin()
    at, began = time.monotonic(), cpu_and_rss(bench.process.pid)[0]
    client = bench.load(n, 15, "-u", 100, "-w", 10)
    conftest.wait_for(lambda: bench.status(1)["viewers"] == n or
                      client.poll() is not None, "all watch", 60)
    came = (f"all there after {time.monotonic() - at:.1f} s and "
            f"{cpu_and_rss(bench.process.pid)[0] - began:.1f} s of CPU, ")
    time.sleep(5)		# a span to measure, not a fact to wait for
    began, _ = cpu_and_rss(bench.process.pid)
    most = highest(kernel_mib, 5)
    ended, rss = cpu_and_rss(bench.process.pid)
    got = bench.finish("10,000 viewers at 1 Mb/s", client,
                       f"{came}{rss:.0f} MiB, {(ended - began) / 5:.2f} cores, "
                       f"kernel memory {most:.0f} MiB", prompt=False)
    bench.holds(got["viewers"] == n, "not all were there")
    bench.holds(got["least"] * 8 > 15e6, "not all have played")
    bench.holds(rss < 100, "100 MiB or more")
    return bench


# Who is as slow as he can be, by a tool that is made for it: head, body, many
# ranges, reading.
SLOW = {
    "head": ["-H", "-i", "5", "-u", "/health"],
    "body": ["-B", "-i", "5", "-s", "8192", "-u", "/health"],
    "range": ["-R", "-a", "10", "-b", "3000", "-u", "/health"],
    "read": ["-X", "-w", "1", "-y", "10", "-n", "5", "-z", "32", "-k", "5",
             "-u", "/metrics"],
}


@row
def slowhttptest():
    """500 connections each, as if from many addresses."""
    bench = Bench("viewers_per_address: 1000").begin()
    if shutil.which("slowhttptest") is None:
        print("slowhttptest is not installed")
        return bench
    for mode, words in SLOW.items():
        before = sockets(bench)
        *words, path = words
        client = bench.load(HEALTHY, 20)
        attack = subprocess.Popen(
            ["slowhttptest", *words, bench.url(path), "-c", "500", "-r",
             "200", "-l", "18", "-p", "2"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        bench.processes.append(attack)
        most = highest(lambda: sockets(bench), 15) - before
        bench.finish(f"slowhttptest: {mode}", client,
                     f"{most} connections at most")
        attack.wait(30)
        at = time.monotonic()
        conftest.wait_for(lambda: sockets(bench) <= before, "all gone",
                          GONE_S)
        bench.holds(time.monotonic() - at < GONE_S, "not gone in time")
        bench.prober = Prober(bench)
        bench.prober.start()
    return bench


@row
def flood():
    """Connections from one address as fast as they can be made."""
    bench = Bench().begin()
    before, n = sockets(bench), 0
    client = bench.load(HEALTHY, 10)
    most, end = 0, time.monotonic() + 10
    crowd = []
    while time.monotonic() < end:
        crowd.append(knock(bench, b"GET /hea", "127.2.2.2"))
        n += 1
        if len(crowd) == 500:
            most = max(most, sockets(bench) - before)
            for s in crowd:
                s.close()
            crowd.clear()
    bench.finish("a flood from one address", client,
                 f"{n / 10:.0f} connections a second, {most} open at most")
    return bench


@row
def vanished():
    """60 viewers whose address is taken away, with the limits as they are
    by default."""
    bench = Bench()
    bench.processes.append(subprocess.Popen(
        ["unshare", "-n", "sh", "-ec", "ip link set lo up\n"
         "ip addr add 10.9.9.1/32 dev lo\nexec \"$@\"", "-",
         *bench.argv(*NOW)], env=bench.env, stderr=subprocess.DEVNULL))
    bench.process = bench.processes[-1]
    pid = bench.process.pid

    def ready():
        try:
            return inside(pid, bench.ready)
        except IndexError:
            return False

    def shown():
        return inside(pid, lambda: bench.status(1)["viewers"])
    conftest.wait_for(ready, "the daemon is ready", 20)
    stream = get("/channel/1/stream.ts")
    gone = inside(pid, lambda: [knock(bench, stream, "10.9.9.1")
                                for _ in range(60)])
    conftest.wait_for(lambda: shown() == 60, "all watch")
    subprocess.run(["nsenter", "-n", "-t", str(pid), "ip", "addr", "del",
                    "10.9.9.1/32", "dev", "lo"], check=True)
    at = time.monotonic()
    conftest.wait_for(lambda: shown() == 0, "all are gone", GONE_S)
    print(f"{'60 who vanish':34} {'':6} {'':5} {'':9}  gone after "
          f"{time.monotonic() - at:.1f} s")
    for s in gone:
        s.close()
    return bench


@row
def starved():
    """Eight others want the daemon's only processor all the time."""
    bench = Bench().begin()
    os.sched_setaffinity(bench.process.pid, {0})
    for _ in range(8):
        spin = subprocess.Popen(["sh", "-c", "while :; do :; done"])
        os.sched_setaffinity(spin.pid, {0})
        bench.processes.append(spin)
    client = bench.load(HEALTHY, 15)
    began, _ = cpu_and_rss(bench.process.pid)
    time.sleep(12)		# a span to measure
    spent = cpu_and_rss(bench.process.pid)[0] - began
    bench.finish("eight more on its processor", client,
                 f"{100 * spent / 12:.1f} % of it was the daemon's",
                 prompt=False)
    return bench


def main():
    bad = 0
    print(f"{'':34} {'pause':>6} {'':5} {'slowest':>9}\n"
          f"{'':34} {'ms':>6} {'lost':>5} {'GET ms':>9}")
    for name in sys.argv[1:] or rows:
        bench = rows[name]()
        bench.close()
        for text in bench.failed:
            print(f"    {name}: DOES NOT HOLD: {text}")
        bad += len(bench.failed)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
