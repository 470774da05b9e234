#!/usr/bin/python3
"""kills.py [KILLS]: real children killed on the air, as a viewer sees it.

One channel of a clip of 590 seconds; its running ffmpeg gets SIGKILL once it is
2.5 seconds old, and one viewer's stream is judged picture by picture.  The gap
of a kill is the viewer's longest pause between two arrivals until the next
one: 100 ms are those that bytes are gathered in.  Exit code 1 where a picture
is missing, twice, or out of its place.  Slate is no fault: it airs where the
machine is too slow to have the next child ready in the two seconds of
read-ahead."""

import calendar
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "support")]
import conftest  # noqa: E402
import judge  # noqa: E402

CLIP_S = 590
STEP_S = 2.5
BEGIN = "2026-01-15T14:30:06Z"	# the clip began six seconds before
RATE = 25


def film(path):
    """Noise: what is in a child's pipe is less than two seconds of it, so that
    the next one has to come."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
         f"testsrc=s=320x180:r={RATE}:d={CLIP_S},noise=alls=50:allf=t",
         "-f", "lavfi", "-i", f"sine=440:r=48000:d={CLIP_S}", "-c:v",
         "mpeg2video", "-q:v", "4", "-g", "12", "-c:a", "mp2", str(path)],
        check=True)


class Station(conftest.Station):
    """Its first channel has the clip every ten minutes."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rvk", dir="/tmp"))
        for name in ("shows", "spots", "filler"):
            (self.top / name).mkdir()
        super().__init__(self.top)
        film(self.top / "shows" / "clip.mkv")
        conftest.clip(self.top / "filler" / "still.mkv", 20, RATE, 880)
        (self.dir / "channels" / "two.yaml").unlink()
        (self.dir / "channels" / "one.yaml").write_text(
            conftest.CHANNEL.format(name="one", number=1, rate=RATE,
                                    media=self.top).replace(
                "grid_minutes: 1", "grid_minutes: 10").replace(
                "bitrate: 300k", "bitrate: 4M"))

    def close(self):
        super().close()
        shutil.rmtree(self.top)


class Watch(judge.Watch):
    """Keeps every pause: (when it ended, how long)."""

    def __init__(self, *args):
        super().__init__(*args)
        self.pauses = []

    def note(self, at, excuse):
        if self.last is not None:
            self.pauses.append((at, at - self.last))
        super().note(at, excuse)

    def longest(self, begin, end):
        return max((pause for at, pause in self.pauses if begin < at <= end),
                   default=end - begin)


def viewer(station):
    """One who has had its backlog and two seconds more."""
    begun = time.time()
    base = calendar.timegm(time.strptime(BEGIN, "%Y-%m-%dT%H:%M:%SZ"))
    seen = Watch(station.port, 1, judge.Judge(
        RATE, 1, house=lambda: base + time.time() - begun, named=False))
    audience = judge.Audience(station.process.pid)
    audience.add(seen)
    audience.start()
    conftest.wait_for(lambda: seen.judge.pictures > 7 * RATE, "pictures", 30)
    return audience, seen


def kill(station, times):
    """The moments of the kills, and that of the last one's end."""
    moments, last = [], None
    while len(moments) < times:
        pid = conftest.wait_for(lambda: next(
            (p for p in station.children() if p != last), None),
            "a child", 30)
        # One that has been of use: of others the next may not come at once.
        time.sleep(STEP_S)
        last = pid
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:      # it was there for something else
            continue
        moments.append(time.monotonic())
    time.sleep(STEP_S)
    return moments + [time.monotonic()]


def pictures_of_slate(station):
    """All that aired, once the viewer has left and the channel is off."""
    conftest.wait_for(lambda: not station.status(1)["active"], "off", 30)
    return sum(int(e["slate"]) for e in station.log("stream_ended"))


def percentile(values, p):
    return sorted(values)[min(len(values) - 1, len(values) * p // 100)]


def report(station, seen, moments):
    gaps = [1000 * seen.longest(a, b) for a, b in zip(moments, moments[1:])]
    slates = sum(e["event"] == "pad" for e in station.log("mpegts_stream"))
    print(f"kills {len(gaps)}, followed by slate {slates} "
          f"({pictures_of_slate(station)} pictures); pictures "
          f"{seen.judge.pictures}, faults {seen.judge.faults}; gap p50 "
          f"{percentile(gaps, 50):.0f} ms, p99 {percentile(gaps, 99):.0f} "
          f"ms, max {max(gaps):.0f} ms")
    for text in seen.judge.told:
        print(text)
    return 1 if seen.judge.faults else 0


def main():
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    station = Station()
    try:
        station.start("-T", BEGIN)
        audience, seen = viewer(station)
        moments = kill(station, times)
        audience.close()
        return report(station, seen, moments)
    finally:
        station.close()


if __name__ == "__main__":
    sys.exit(main())
