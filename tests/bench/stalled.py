#!/usr/bin/python3
"""stalled.py [SECONDS]: a disk that does not answer, and what it costs.

Two channels of real ffmpeg, one with its film on a mount of its own (bindfs,
which needs root and /dev/fuse).  The file system behind that mount is stopped
for so long (25 s): whoever reads from it hangs in the kernel, where not even
SIGKILL ends him.  Both streams are judged picture by picture.  Exit code 1
where one has a fault, where the other channel pauses for more than 350 ms (100
of them are gathered bytes), or where the stalled one is not back ten seconds
after its disk."""

import datetime
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

CLIP_S = 290
BEGIN = "2026-01-15T14:30:06Z"	# the clips began six seconds before
RATE = 25
PAUSE = 0.35
BACK_S = 10


def film(path):
    """Too large to be read ahead, quick to decode."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
         f"testsrc=s=320x180:r={RATE}:d={CLIP_S},noise=alls=15:allf=t",
         "-f", "lavfi", "-i", f"sine=440:r=48000:d={CLIP_S}", "-c:v",
         "mpeg2video", "-b:v", "8M", "-minrate", "8M", "-maxrate", "8M",
         "-bufsize", "4M", "-c:a", "mp2", str(path)], check=True)


class Station(conftest.Station):
    """Its first channel's film is on the mount."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rvs", dir="/tmp"))
        for name in ("shows", "spots", "filler", "disk", "mount"):
            (self.top / name).mkdir()
        super().__init__(self.top)
        film(self.top / "disk" / "film.mkv")
        shutil.copy(self.top / "disk" / "film.mkv", self.top / "shows")
        conftest.clip(self.top / "filler" / "still.mkv", 20, RATE, 880)
        for number, name, where in ((1, "one", "mount"), (2, "two", "shows")):
            (self.dir / "channels" / f"{name}.yaml").write_text(
                conftest.CHANNEL.format(
                    name=name, number=number, rate=RATE, media=self.top)
                .replace(f"{self.top}/shows", f"{self.top}/{where}")
                .replace("grid_minutes: 1", "grid_minutes: 5"))
        self.config.write_text(self.config.read_text().replace(
            "libraries:\n", "libraries:\n"
            f"  - {{path: {self.top}/mount, type: episode}}\n"))
        self.disk = subprocess.Popen(["bindfs", "-f", self.top / "disk",
                                      self.top / "mount"])
        conftest.wait_for((self.top / "mount" / "film.mkv").exists,
                          "the mount")

    def close(self):
        self.disk.send_signal(signal.SIGCONT)
        super().close()
        self.disk.terminate()
        self.disk.wait(10)
        shutil.rmtree(self.top)


def when(station, event, after):
    """Seconds from that moment to the first such word of channel 1."""
    text = (station.dir / "log" / "playout.log").read_text()
    for line in text.splitlines():
        at = datetime.datetime.fromisoformat(
            line.split()[0].rstrip("Z") + "+00:00").timestamp()
        if at > after and f"channel=1 event={event} " in line:
            return at - after
    return None


def states(station):
    """Of the channel's children, as the kernel has them: "D" hangs."""
    found = []
    for pid in station.children():
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        found.append(stat.rpartition(") ")[2][0])
    return "".join(sorted(found))


def watch_both(station):
    begun = time.time()
    base = datetime.datetime.fromisoformat(BEGIN[:-1] + "+00:00").timestamp()
    audience = judge.Audience(station.process.pid)
    for channel in (1, 2):
        audience.add(judge.Watch(station.port, channel, judge.Judge(
            RATE, 1, house=lambda: base + time.time() - begun, named=False)))
    audience.start()
    for seen in audience.watches:
        conftest.wait_for(lambda w=seen: w.judge.pictures > 12 * RATE,
                          "pictures", 40)
    return audience


def stall(station, seconds):
    """How long after its disk the channel is back."""
    station.disk.send_signal(signal.SIGSTOP)
    gone = time.time()
    time.sleep(seconds)
    hung = states(station)
    station.disk.send_signal(signal.SIGCONT)
    back = time.time()
    conftest.wait_for(lambda: when(station, "programme", back) is not None,
                      "programme", 60)
    time.sleep(3)
    print(f"stalled for {seconds:.0f} s; children then {hung}; slate after "
          f"{when(station, 'pad', gone) or -1:.2f} s, programme "
          f"{when(station, 'programme', back):.2f} s after the disk")
    return when(station, "programme", back)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 25
    station = Station()
    try:
        station.start("-T", BEGIN)
        audience = watch_both(station)
        back = stall(station, seconds)
        audience.close()
        bad = back > BACK_S
        for seen in audience.watches:
            bad |= seen.judge.faults > 0
            print(f"channel {seen.channel}: pictures {seen.judge.pictures}, "
                  f"faults {seen.judge.faults}, longest pause {seen.gap:.3f} "
                  f"s, of it not the machine's {seen.unexcused:.3f} s")
        bad |= audience.watches[1].unexcused > PAUSE
        return int(bad)
    finally:
        station.close()


if __name__ == "__main__":
    sys.exit(main())
