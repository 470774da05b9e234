#!/usr/bin/python3
"""measure.py [SECONDS]: what the daemon itself costs, with children that cost
nothing (make fake), and what a real child costs.  Everything on 127.0.0.1, in
a directory of its own.  Prints a table; the last rows, with viewers over
reloads, only where retrovuectl knows the verb."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import conftest  # noqa: E402

SETTLE = 4		# seconds before a measurement begins
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
BITRATE = "3000k"
FILM = "film.10800s.mkv"


class Station(conftest.Station):
    """Channels of a film each, three hours long, without breaks."""

    def __init__(self, channels, fake=True):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rvb", dir="/tmp"))
        for name in ("shows", "spots", "filler"):
            (self.top / name).mkdir()
        super().__init__(self.top)
        for path in self.dir.glob("channels/*"):
            path.unlink()
        for n in range(1, channels + 1):
            self.channel(n)
        if fake:
            (self.top / "filler" / "still.mkv").write_bytes(b"x")
            (self.top / "shows" / FILM).write_bytes(b"x")
            self.env["PATH"] = f"{BUILD / 'fake'}:{self.env['PATH']}"
            self.env["FAKE_FFMPEG"] = "full"
            self.extend("ffmpeg: {sandbox: off}")  # it drops the variable
        else:
            conftest.clip(self.top / "shows" / "real.mkv", 120, "25", 440)
            conftest.clip(self.top / "filler" / "still.mkv", 20, "25", 880)

    def channel(self, n):
        text = conftest.CHANNEL.format(name=f"c{n}", number=n, rate=25,
                                       media=self.top)
        text = text.replace("width: 320, height: 180", "width: 640, height: "
                            "360").replace("bitrate: 300k",
                                           f"bitrate: {BITRATE}")
        (self.dir / "channels" / f"c{n}.yaml").write_text(
            text.replace("grid_minutes: 1", "grid_minutes: 60"))

    def close(self):
        super().close()
        shutil.rmtree(self.top)


def cpu_and_rss(pid):
    """CPU seconds so far and resident MiB."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    fields = stat.rpartition(") ")[2].split()
    return ((int(fields[11]) + int(fields[12])) / TICKS,
            int(fields[21]) * PAGE / 2**20)


def load(station, viewers, channels, seconds, settle=0):
    return subprocess.Popen([BUILD / "load", "-p", str(station.port), "-n",
                             str(viewers), "-c", str(channels), "-t",
                             str(seconds), "-w", str(settle), "-a", "50"],
                            stdout=subprocess.PIPE)


def row(what, cpu, seconds, rss, result=None):
    more = ""
    if result is not None:
        rate = (result["bytes"] * 8 / result["viewers"] / 1e6 /
                (seconds + 1 + SETTLE))	# its backlog comes on top
        more = (f"{rate:8.2f} {result['lost']:5} "
                f"{result['longest_gap_ms']:7}")
    print(f"{what:42} {cpu / seconds * 60:8.2f} {rss:8.1f} {more}",
          flush=True)


def point(channels, viewers, seconds):
    station = Station(channels)
    try:
        station.start("-T", "2026-01-15T15:30:00Z")
        client = load(station, viewers, channels, seconds + SETTLE)
        time.sleep(SETTLE)	# a span to measure, not a fact to wait for
        began, _ = cpu_and_rss(station.process.pid)
        time.sleep(seconds - 1)
        ended, rss = cpu_and_rss(station.process.pid)
        result = json.loads(client.communicate()[0])
        row(f"{channels} channels, {viewers} viewers", ended - began,
            seconds - 1, rss, result)
    finally:
        station.close()


def real_child(seconds):
    station = Station(1, fake=False)
    try:
        station.start("-T", "2026-01-15T15:00:10Z")
        client = load(station, 1, 1, seconds + SETTLE)
        time.sleep(SETTLE)
        pids = station.children()
        began = [cpu_and_rss(pid)[0] for pid in pids]
        time.sleep(seconds - 1)
        spent, most = 0.0, 0.0
        for pid, before in zip(pids, began):
            cpu, rss = cpu_and_rss(pid)
            spent, most = spent + cpu - before, max(most, rss)
        client.communicate()
        row(f"a real child, 640x360 25 at {BITRATE}", spent, seconds - 1,
            most)
    finally:
        station.close()


def reloads(what, touch):
    """A hundred reloads while twenty watch channel 1."""
    station = Station(2)
    try:
        station.start("-T", "2026-01-15T15:30:00Z")
        if station.ctl("reload").returncode != 0:
            print(f"{what:42} retrovuectl knows no reload")
            return
        seconds = 30
        client = load(station, 20, 1, seconds)
        began = time.monotonic()
        cpu, _ = cpu_and_rss(station.process.pid)
        for n in range(100):
            touch(station, n)
            done = station.ctl("reload")
            if done.returncode != 0:
                sys.exit(f"reload {n}: {done.stderr}")
        took = time.monotonic() - began
        result = json.loads(client.communicate()[0])
        ended, rss = cpu_and_rss(station.process.pid)
        row(what, ended - cpu, seconds, rss, result)
        print(f"    100 reloads in {took:.1f} s; most less least bytes of a "
              f"viewer: {result['most'] - result['least']}")
    finally:
        station.close()


def touch_nothing(station, _):
    os.utime(station.dir / "channels" / "c1.yaml")


def touch_another(station, n):
    path = station.dir / "channels" / "c2.yaml"
    lines = path.read_text().splitlines()
    lines[2] = f"name: c2 {n}"
    path.write_text("\n".join(lines) + "\n")


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{'':42} {'CPU s':>8} {'RSS':>8} {'Mb/s':>8} {'':>5} "
          f"{'longest':>7}\n{'':42} {'/ min':>8} {'MiB':>8} {'/ viewer':>8} "
          f"{'lost':>5} {'gap ms':>7}")
    for channels, viewers in ((1, 1), (1, 10), (1, 100), (4, 4), (16, 16)):
        point(channels, viewers, seconds)
    real_child(seconds)
    reloads("100 reloads, nothing changed", touch_nothing)
    reloads("100 reloads, another channel changed", touch_another)


if __name__ == "__main__":
    main()
