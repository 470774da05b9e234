"""What comes in: one small file for everything that is odd about media,
through the command line that the daemon would use.  One house format goes
out, to the picture and to the sample."""

import array
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import mkmedia  # noqa: E402
import tsread  # noqa: E402

CHILDARGV = ROOT / "build" / "childargv"
NAMES = [f.name for f in mkmedia.FILES]
BY_NAME = {f.name: f for f in mkmedia.FILES}
SAMPLES = {"aac": 1024, "ac3": 1536, "mp2": 1152}
HZ = 48000
N0 = 1_768_500_000 * 25 + 7         # any number of a picture
W, H = 320, 180
SMALL_W, SMALL_H = 64, 36           # what pictures are looked at in


class Child:
    """What a child of one file puts out."""

    def __init__(self, path, rate="25/1", codec="aac", channels=2, start=0,
                 n0=N0, count=100, facts=(), extra=()):
        self.rate, self.codec = Fraction(rate), codec
        self.start, self.n0, self.count = start, n0, count
        self.argv = command(path, f"rate={rate}", f"codec={codec}",
                            f"channels={channels}", f"in={start}",
                            f"n0={n0}", f"count={count}", *facts, *extra,
                            f"start_us={first_picture_us(path)}")

    def stream(self):
        done = subprocess.run(self.argv, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL)
        self.complaints = done.stderr.decode(errors="replace")
        self.data = done.stdout
        self.ts = tsread.Stream().feed(self.data)
        return self

    def hashes(self, *output):
        """The pictures, or the samples, before they are encoded."""
        at = self.argv.index("-fps_mode")
        argv = self.argv[:at] + ["-fps_mode", "cfr", *output, "pipe:1"]
        done = subprocess.run(argv, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL)
        return done.stdout

    def pictures(self):
        lines = self.hashes("-an", "-f", "framemd5").decode().splitlines()
        return [x.split(",")[-1].strip() for x in lines
                if not x.startswith("#")]

    def samples(self):
        return array.array("f", self.hashes("-vn", "-c:a", "pcm_f32le",
                                            "-f", "f32le"))

    # Of what stream() has left:

    def audio_index(self, m):
        """The picture-relative tick of audio frame m of the channel."""
        return (m * Fraction(SAMPLES[self.codec], HZ)
                - self.n0 / self.rate) * 90000

    def audio_range(self):
        f = Fraction(SAMPLES[self.codec], HZ)
        return [-(-n / self.rate // f)
                for n in (self.n0, self.n0 + self.count)]

    def off_grid(self):
        """By how many ticks audio frames stand beside the grid at most, and
        whether all are there."""
        first = min_pts(self.ts.video)
        ticks = [tsread.ticks_apart(u.pts, first) for u in self.ts.audio]
        low, high = self.audio_range()
        want = [self.audio_index(m) for m in range(low, high)]
        have = [t for t in ticks if want[0] - 1000 < t < want[-1] + 1000]
        assert len(have) == len(want)
        return max(abs(a - b) for a, b in zip(have, want))

    def luma(self):
        """Each picture, small."""
        out = decode(self.data, "-an", "-vf", f"scale={SMALL_W}:{SMALL_H}:"
                     "flags=area", "-pix_fmt", "gray", "-f", "rawvideo")
        size = SMALL_W * SMALL_H
        return [out[i:i + size] for i in range(0, len(out), size)]

    def sound(self):
        """(seconds after the first picture, samples of the first channel)"""
        out = decode(self.data, "-vn", "-af", "pan=mono|c0=c0", "-c:a",
                     "pcm_s16le", "-f", "s16le")
        at = tsread.ticks_apart(self.ts.audio[0].pts,
                                min_pts(self.ts.video))
        return Fraction(at, 90000), array.array("h", out)


def first_picture_us(path):
    """After the file's first time stamp of all."""
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "V:0", "-show_entries",
         "stream=start_time:format=start_time", "-of", "json", str(path)],
        capture_output=True, text=True, timeout=60, check=True)
    said = json.loads(done.stdout)
    if not said["streams"]:
        return 0
    first, whole = (round(float(x["start_time"]) * 1e6)
                    for x in (said["streams"][0], said["format"]))
    return first - whole


def command(path, *options):
    done = subprocess.run([str(CHILDARGV), f"size={W}x{H}", *options,
                           str(path)], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [x.decode(errors="surrogateescape")
            for x in done.stdout.split(b"\0")[:-1]]


def decode(data, *output):
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", "pipe:0", *output,
                           "pipe:1"], input=data, capture_output=True,
                          timeout=60)
    return done.stdout


def min_pts(units):
    base = units[0].pts
    return base + min(tsread.ticks_apart(u.pts, base) for u in units)


def brightness(picture, box):
    """The middle of the part that the source fills."""
    x0, x1 = (round(SMALL_W * (box[a] * 3 + box[b]) / 4)
              for a, b in ((0, 2), (2, 0)))
    y0, y1 = SMALL_H // 4, SMALL_H * 3 // 4
    rows = [picture[y * SMALL_W + x0:y * SMALL_W + x1]
            for y in range(y0, y1)]
    return sum(map(sum, rows)) / ((x1 - x0) * (y1 - y0))


def flashes(child, box):
    """The numbers of the pictures that begin a flash."""
    bright = [brightness(p, box) > 160 for p in child.luma()]
    return [n for n, b in enumerate(bright) if b and not
            (n and bright[n - 1])]


def tones(child):
    """(seconds after the first picture at which a tone begins, its peak)"""
    at, samples = child.sound()
    found, quiet_until = [], 0
    for i, x in enumerate(samples):
        if abs(x) < 600:
            continue
        if i >= quiet_until:
            found.append([at + Fraction(i, HZ), 0])
        quiet_until = i + HZ // 5
        found[-1][1] = max(found[-1][1], abs(x) / 32768)
    return found


def offsets(child, file):
    """Milliseconds by which each tone comes after its flash."""
    heard = tones(child)
    result = []
    for n in flashes(child, file.box):
        shown = n / child.rate
        near = [float(t - shown) * 1000 for t, _ in heard
                if abs(t - shown) < Fraction(1, 3)]
        if near:
            result.append(min(near, key=abs))
    return result


@pytest.fixture(scope="session")
def odd():
    top = pathlib.Path(tempfile.mkdtemp(prefix="rvi", dir="/tmp"))
    mkmedia.make_all(top)
    yield top
    shutil.rmtree(top)
