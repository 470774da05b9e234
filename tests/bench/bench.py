#!/usr/bin/python3
"""bench.py [relay|tune|join|plan|channels ...]: what the daemon costs, as a
table on the terminal, in build/bench/NAME.txt, and as data in NAME.json there.
Without a name all.  Each row of relay is the best of ROUNDS=N runs (3): what
else the machine does only ever adds to one.
Everything happens on 127.0.0.1; the machine should be quiet."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import measure
from measure import BUILD, Station, conftest, cpu_and_rss, load
import tsread

OUT = BUILD / "bench"
ROUNDS = int(os.environ.get("ROUNDS", "3"))
VIEWERS = (1, 50, 200, 1000, 2000)
KBIT = 4000
SECONDS = 4		# of a row
TUNES = 50		# warm ones; 10 cold, and 10 of ffprobe
CORES = os.cpu_count()
benches = {}


def bench(f):
    benches[f.__name__] = f
    return f


class Record:
    """Lines for the terminal and the file, and what they were made of."""

    def __init__(self, name):
        self.name, self.lines, self.data = name, [], {}
        self.say(f"== {name}")

    def say(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def close(self):
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{self.name}.txt").write_text("\n".join(self.lines) + "\n")
        (OUT / f"{self.name}.json").write_text(
            json.dumps(self.data, indent=1) + "\n")


def run(*argv):
    """The JSON in the last line of what a program prints."""
    out = subprocess.run([str(a) for a in argv], check=True, timeout=600,
                         stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out.splitlines()[-1])


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))]


# ---- relay

def relay_run(mode, viewers, batch=60000):
    runs = [run(OUT / "bench_relay", "-m", mode, "-n", viewers, "-r", KBIT,
                "-t", SECONDS, "-b", batch, BUILD / "load")
            for _ in range(ROUNDS)]
    return min(runs, key=lambda r: r["cpu_s_per_gb"])


def memory(got):
    """Of a viewer, where there are enough to tell it from the rest."""
    return ("-" if got["mode"] != "relay" or got["viewers"] < 50 else
            f"{got['kib_per_viewer']:.2f}")


def relay_row(r, what, got, bare):
    r.data[f"{what} {got['viewers']}"] = got
    r.say(f"{got['viewers']:8} {what:28} {got['cpu_s_per_gb']:8.3f} "
          f"{got['cpu_s_per_gb'] / bare['cpu_s_per_gb']:6.2f} "
          f"{got['bytes_per_call'] / 1024:8.1f} "
          f"{memory(got):>8} "
          f"{got['load']['longest_gap_ms']:7} {got['load']['lost']:5}")


@bench
def relay(r):
    """Ours beside the same bytes in calls of the same size, and no more."""
    r.say(f"{KBIT / 1000:.0f} Mb/s a viewer, best of {ROUNDS}\n"
          f"{'viewers':>8} {'':28} {'CPU s':>8} {'':6} {'KiB':>8} "
          f"{'KiB of':>8} {'longest':>7}\n{'':8} {'':28} {'/ GB':>8} "
          f"{'ratio':>6} {'/ call':>8} {'a viewer':>8} {'gap ms':>7} "
          f"{'lost':>5}")
    for n in VIEWERS:
        ours = relay_run("relay", n)
        batch = ours["bytes_per_call"]
        bare = relay_run("sendfile", n, batch)
        relay_row(r, "relay", ours, bare)
        relay_row(r, "bare loop of sendfile", bare, bare)
        relay_row(r, "relay, sendfile: no", relay_run("copy", n), bare)
        relay_row(r, "bare loop of send", relay_run("send", n, batch), bare)
    others(r)
    ours = r.data["relay 1000"]
    bare = r.data["bare loop of sendfile 1000"]
    r.say(f"1,000 viewers: {ours['cpu_s_per_gb']:.3f} s/GB, "
          f"{ours['cpu_s_per_gb'] / bare['cpu_s_per_gb']:.2f} times the bare "
          f"loop, longest gap {ours['load']['longest_gap_ms']} ms, "
          f"{ours['kib_per_viewer']:.2f} KiB a viewer")


def others(r):
    """What else there is on the machine, sending a file of that rate."""
    for name, start in (("vlc", vlc_start),):
        if shutil.which(name) is None:
            continue
        with tempfile.TemporaryDirectory(prefix="rvb", dir="/tmp") as top:
            film = pathlib.Path(top) / "film.ts"
            os.chmod(top, 0o755)
            subprocess.run(
                ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                 "testsrc=s=640x360:r=25:d=20,noise=alls=60:allf=t", "-c:v",
                 "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                 "-g", "50", "-b:v", f"{KBIT}k", "-maxrate", f"{KBIT}k",
                 "-bufsize", f"{KBIT}k", str(film)], check=True)
            for n in (50, 200):
                other_row(r, name, start, film, n)


def vlc_start(film, port):
    argv = ["cvlc", "-I", "dummy", "--no-sout-audio", "--loop", str(film),
            "--sout", "#standard{access=http{mime=video/mp2t},mux=ts,"
            f"dst=127.0.0.1:{port}/channel/1/stream.ts}}"]
    if os.geteuid() == 0:	# which it refuses to be
        argv = ["setpriv", "--reuid=65534", "--regid=65534",
                "--clear-groups", *argv]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL,
                            env={**os.environ, "HOME": "/tmp"})


def other_row(r, name, start, film, n):
    port = conftest.free_port()
    process = start(film, port)
    try:
        conftest.wait_for(lambda: is_open(port), f"{name} listens")
        client = subprocess.Popen(
            [BUILD / "load", "-p", str(port), "-n", str(n), "-w", "3", "-t",
             str(SECONDS)], stdout=subprocess.PIPE)
        time.sleep(3)
        began, _ = cpu_and_rss(process.pid)
        got = json.loads(client.communicate()[0])
        spent = cpu_and_rss(process.pid)[0] - began
        r.data[f"{name} {n}"] = {**got, "cpu_s": spent}
        r.say(f"{n:8} {name:28} {spent / max(got['bytes'], 1) * 1e9:8.3f} "
              f"{'':6} {'':8} {'':8} {got['longest_gap_ms']:7} "
              f"{got['lost']:5}  {got['bytes'] * 8 / n / SECONDS / 1e6:.1f} "
              "Mb/s a viewer")
    finally:
        process.terminate()
        process.wait(10)


def is_open(port):
    try:
        conftest.socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


# ---- tune

def tune_in(station):
    """Seconds to the first byte and to the first whole key frame."""
    start, stream, first = time.monotonic(), tsread.Stream(), None
    sock = conftest.socket.create_connection(("127.0.0.1", station.port), 10)
    try:
        sock.sendall(b"GET /channel/1/stream.ts HTTP/1.1\r\n"
                     b"Host: localhost\r\n\r\n")
        got = b""
        while b"\r\n\r\n" not in got:
            got += sock.recv(65536)
        body = got.partition(b"\r\n\r\n")[2]
        while len(stream.video) < 2:	# the next one ends the first
            if body and first is None:
                first = time.monotonic() - start
            stream.feed(body)
            if len(stream.video) < 2:
                body = sock.recv(65536)
                assert body
        assert stream.video[0].key
        return first, time.monotonic() - start
    finally:
        sock.close()


def picture(station):
    """Seconds until ffprobe, as it comes, has decoded a picture."""
    start = time.monotonic()
    subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v",
                    "-show_entries", "frame=pts", "-read_intervals", "%+#1",
                    station.url("/channel/1/stream.ts")], check=True,
                   timeout=60, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def go_cold(station):
    conftest.wait_for(lambda: not station.status(1)["active"] and
                      not station.children(), "the channel stops", 20)


def tune_row(r, what, seconds):
    p50, p99 = (1000 * percentile(seconds, p) for p in (50, 99))
    r.data[what] = {"p50_ms": p50, "p99_ms": p99, "n": len(seconds)}
    r.say(f"{what:36} {len(seconds):5} {p50:8.1f} {p99:8.1f}")


@bench
def tune(r):
    """Until there is something to see, with a real child at 640x360."""
    r.say(f"{'':36} {'n':>5} {'p50 ms':>8} {'p99 ms':>8}")
    station = Station(1, fake=False)
    watcher = None
    try:
        station.start("-T", "2026-01-15T15:00:10Z")
        cold = []
        for _ in range(10):
            go_cold(station)
            cold.append(tune_in(station))
        seen = []
        for _ in range(10):
            go_cold(station)
            seen.append(picture(station))
        watcher = conftest.Viewer(station, 1).watch(8)
        warm = [tune_in(station) for _ in range(TUNES)]
        tune_row(r, "warm: first byte", [t[0] for t in warm])
        tune_row(r, "warm: first key frame", [t[1] for t in warm])
        tune_row(r, "warm: first picture in ffprobe",
                 [picture(station) for _ in range(10)])
        tune_row(r, "cold: first byte", [t[0] for t in cold])
        tune_row(r, "cold: first key frame", [t[1] for t in cold])
        tune_row(r, "cold: first picture in ffprobe", seen)
    finally:
        if watcher is not None:
            watcher.close()
        station.close()


# ---- join, plan

@bench
def join(r):
    """Children's streams into the channel's, on one core."""
    r.data = run(OUT / "bench_join")
    r.say(f"restamping {r.data['gb_per_s']:.2f} GB/s, "
          f"{r.data['joins_per_s']:.0f} joins of eight pictures a second")


@bench
def plan(r):
    """A station's days, and its files."""
    out = subprocess.run([str(OUT / "bench_plan")], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    for line in out.splitlines():
        r.say(line)
        if "a year each:" in line:
            channels = int(line.split()[0])
            took = float(line.split("each: ")[1].split()[0])
            r.data["channel_days_per_s"] = channels * 365 / took
    r.data.update(run(OUT / "bench_yaml"))
    r.say(f"{r.data['channel_days_per_s']:.0f} channel-days/s; YAML "
          f"{r.data['yaml_mb_per_s']:.1f} MB/s")


# ---- channels

def channels_row(r, what, n, seconds, fake):
    station = Station(n, fake)
    try:
        station.start("-T", "2026-01-15T15:00:10Z")
        settle = 8 + n // 8	# ten children a second are started
        client = load(station, n, n, seconds, settle)
        time.sleep(settle)	# a span to measure, not a fact to wait for
        pids = station.children()
        before = [cpu_and_rss(p)[0] for p in [station.process.pid, *pids]]
        time.sleep(seconds)
        after = [cpu_and_rss(p) for p in [station.process.pid, *pids]]
        got = json.loads(client.communicate()[0])
    finally:
        station.close()
    cpu = [(a[0] - b) / seconds / n for a, b in zip(after, before)]
    row = {"channels": n, "daemon_cpu": cpu[0], "child_cpu": sum(cpu[1:]),
           "daemon_mib": after[0][1] / n,
           "child_mib": sum(a[1] for a in after[1:]) / n, "load": got}
    row["fit"] = int(CORES / (sum(cpu) or 1))
    r.data[f"{what} {n}"] = row
    r.say(f"{n:8} {what:28} {100 * cpu[0]:8.2f} {100 * sum(cpu[1:]):8.2f} "
          f"{row['daemon_mib']:8.1f} {row['child_mib']:8.1f} "
          f"{got['longest_gap_ms']:7} {got['lost']:5} {row['fit']:6}")


@bench
def channels(r):
    """One viewer each; children that cost nothing, then real ones."""
    r.say(f"{'channels':>8} {'a channel costs:':28} {'daemon':>8} "
          f"{'child':>8} {'daemon':>8} {'child':>8} {'longest':>7} {'':5} "
          f"{'fit on':>6}\n{'':8} {'':28} {'% core':>8} {'% core':>8} "
          f"{'MiB':>8} {'MiB':>8} {'gap ms':>7} {'lost':>5} "
          f"{str(CORES) + ' cores':>6}, by CPU")
    for n in (1, 8, 32, 64):
        channels_row(r, f"fake children, {measure.BITRATE}", n, 10, True)
    for n in (1, 2):
        channels_row(r, "real ones, 640x360 25", n, 10, False)


def main():
    for name in sys.argv[1:] or benches:
        r = Record(name)
        try:
            benches[name](r)
        finally:
            r.close()


if __name__ == "__main__":
    main()
