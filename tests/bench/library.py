#!/usr/bin/python3
"""How long a scan of many files takes, what it costs in memory, and whether
a channel on the air feels it.

    tests/bench/library.py [-n FILES] [-d DIRECTORY]

Files are small, with names as people write them; ffprobe and ffmpeg are the
doubles (`make all fake` first), so that what is measured is the daemon."""

import argparse
import json
import os
import pathlib
import shutil
import socket
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from conftest import BUILD, Station  # noqa: E402

PER_SHOW, PER_SEASON, FILMS, SPOTS, NFO = 100, 20, 10, 10, 4


def names(n):
    """Of ten files one is a film, one a spot, the rest are episodes."""
    for i in range(n):
        if i % FILMS == 0:
            yield f"films/Film {i} ({1950 + i % 50})/Film {i}.90s.mkv"
        elif i % SPOTS == 1:
            yield f"spots/{i % 1000:03d}/Cola {i} - 1985.30s.mp4"
        else:
            show, k = divmod(i, PER_SHOW)
            season, episode = k // PER_SEASON + 1, k % PER_SEASON + 1
            yield (f"shows/Show {show} (1982)/Season {season:02d}/"
                   f"Show {show} - S{season:02d}E{episode:02d} - "
                   f"Title {i}.1320s.mkv")


def make_tree(top, n):
    made = set()
    for i, name in enumerate(names(n)):
        path = os.path.join(top, name)
        where = os.path.dirname(path)
        if where not in made:
            os.makedirs(where, exist_ok=True)
            made.add(where)
        with open(path, "wb") as f:
            f.write(b"\x1a\x45\xdf\xa3%d" % i)
        if i % NFO == 0:
            with open(path.rpartition(".")[0] + ".nfo", "w") as f:
                f.write(f"<episodedetails><plot>It is {i}.</plot>"
                        "<genre>Comedy</genre></episodedetails>\n")


class Gaps(threading.Thread):
    """Watches a channel and notes the longest time without a byte."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.longest = 0.0
        self.sock = socket.create_connection(("127.0.0.1", port), 10)
        self.sock.sendall(b"GET /channel/1/stream.ts HTTP/1.1\r\n"
                          b"Host: localhost\r\n\r\n")
        self.start()

    def run(self):
        last = None
        while self.sock.recv(65536):
            now = time.monotonic()
            if last is not None:
                self.longest = max(self.longest, now - last)
            last = now

    def take(self):
        longest, self.longest = self.longest, 0.0
        return longest


def rss_mb(pid, key="VmRSS"):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1]) / 1024
    return 0


def ask(station, method, path):
    """The control socket's answer."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect(str(station.dir / "c.sock"))
    s.sendall(f"{method} {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
    got = b""
    while True:
        more = s.recv(65536)
        if not more:
            break
        got += more
    s.close()
    return json.loads(got.partition(b"\r\n\r\n")[2])


def rescan(station):
    """The seconds a scan takes, and how it ended."""
    began = time.monotonic()
    number = ask(station, "POST", "/scan")["number"]
    while True:
        state = ask(station, "GET", "/scan")
        if state["number"] >= number and state["state"] == "idle":
            return time.monotonic() - began, state
        time.sleep(0.1)


def say(what, value):
    print(f"{what:<44} {value}", flush=True)


def measure(station, big):
    for kind in ("shows", "spots", "filler"):
        (station.media / kind).mkdir(parents=True)
    (station.media / "shows" / "a.600s.mkv").write_bytes(b"\x1a\x45")
    (station.media / "filler" / "still.mkv").write_bytes(b"\x1a\x45")
    station.write()
    station.start()
    gaps = Gaps(station.port)
    time.sleep(10)
    say("longest gap without a scan, ms", f"{gaps.take() * 1000:.0f}")
    say("RSS with two files, MB", f"{rss_mb(station.process.pid):.1f}")
    for kind, into in (("shows", "shows"), ("films", "shows"),
                       ("spots", "spots")):
        os.rename(big / kind, station.media / into / f"many {kind}")
    seconds, state = rescan(station)
    say("assets", state["assets"])
    say("first scan, s", f"{seconds:.1f}")
    say("longest gap meanwhile, ms", f"{gaps.take() * 1000:.0f}")
    say("RSS then, MB", f"{rss_mb(station.process.pid):.1f}")
    for _ in range(3):
        seconds, state = rescan(station)
        say("rescan of what has not changed, s", f"{seconds:.2f}")
        say("longest gap meanwhile, ms", f"{gaps.take() * 1000:.0f}")
    say("RSS then, MB", f"{rss_mb(station.process.pid):.1f}")
    say("RSS at most, MB", f"{rss_mb(station.process.pid, 'VmHWM'):.1f}")
    say("library.db, MB",
        f"{(station.dir / 'state/library.db').stat().st_size / 1e6:.1f}")
    station.process.terminate()
    station.process.wait(10)
    began = time.monotonic()
    station.start()
    say("start with all known, s", f"{time.monotonic() - began:.2f}")


def main():
    p = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    p.add_argument("-n", type=int, default=100000, metavar="FILES")
    p.add_argument("-d", default="/tmp", metavar="DIRECTORY")
    o = p.parse_args()
    top = pathlib.Path(tempfile.mkdtemp(prefix="rvlib", dir=o.d))
    try:
        make_tree(top / "big", o.n)
        station = Station(top / "media")
        station.patience = "1s"
        station.env["PATH"] = f"{BUILD / 'fake'}:{station.env['PATH']}"
        try:
            measure(station, top / "big")
        finally:
            station.close()
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
