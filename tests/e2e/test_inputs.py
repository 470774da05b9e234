"""What comes in: one small file for everything that is odd about media,
through the command line that the daemon would use.  One house format goes
out, to the picture and to the sample."""

import array
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
SAMPLES = {"aac": 1024, "ac3": 1536, "mp2": 1152}
HZ = 48000
N0 = 1_768_500_000 * 25 + 7         # any number of a picture
W, H = 320, 180
SMALL_W, SMALL_H = 64, 36           # what pictures are looked at in


class Child:
    """What a child of one file puts out."""

    def __init__(self, path, rate="25/1", codec="aac", channels=2, start=0,
                 n0=N0, count=100, extra=()):
        self.rate, self.codec = Fraction(rate), codec
        self.start, self.n0, self.count = start, n0, count
        self.argv = command(path, f"rate={rate}", f"codec={codec}",
                            f"channels={channels}", f"in={start}",
                            f"n0={n0}", f"count={count}", *extra)

    def stream(self):
        done = subprocess.run(self.argv, capture_output=True, timeout=60,
                              stdin=subprocess.DEVNULL)
        self.complaints = done.stderr.decode(errors="replace")
        self.data = done.stdout
        self.ts = tsread.Stream().feed(self.data)
        return self

    def decoded(self):
        """(a hash of each picture, the samples), before they are encoded."""
        at = {x: self.argv.index(x) for x in ("-map", "-vf", "-af")}
        first = at["-map"]
        with tempfile.NamedTemporaryFile() as sound:
            argv = [*self.argv[:first + 2], "-vf", self.argv[at["-vf"] + 1],
                    "-fps_mode", "cfr", "-f", "framemd5", "pipe:1",
                    *self.argv[first + 2:first + 4],
                    "-af", self.argv[at["-af"] + 1], "-c:a", "pcm_f32le",
                    "-y", "-f", "f32le", sound.name]
            done = subprocess.run(argv, capture_output=True, timeout=60,
                                  stdin=subprocess.DEVNULL)
            samples = array.array("f", sound.read())
        lines = done.stdout.decode().splitlines()
        return [x.split(",")[-1].strip() for x in lines
                if not x.startswith("#")], samples

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

    def look(self):
        """Each picture, small; the samples of the first channel and where
        they begin, in seconds after the first picture."""
        with tempfile.NamedTemporaryFile() as sound:
            done = subprocess.run(
                ["ffmpeg", "-v", "error", "-i", "pipe:0", "-an", "-vf",
                 f"scale={SMALL_W}:{SMALL_H}:flags=area", "-pix_fmt", "gray",
                 "-f", "rawvideo", "pipe:1", "-vn", "-af", "pan=mono|c0=c0",
                 "-c:a", "pcm_s16le", "-y", "-f", "s16le", sound.name],
                input=self.data, capture_output=True, timeout=60)
            self.samples = array.array("h", sound.read())
        size = SMALL_W * SMALL_H
        self.luma = [done.stdout[n:n + size]
                     for n in range(0, len(done.stdout), size)]
        self.sound_at = Fraction(tsread.ticks_apart(
            self.ts.audio[0].pts, min_pts(self.ts.video)), 90000)
        return self


def command(path, *options):
    done = subprocess.run([str(CHILDARGV), f"size={W}x{H}", *options,
                           str(path)], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [x.decode(errors="surrogateescape")
            for x in done.stdout.split(b"\0")[:-1]]


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
    bright = [brightness(p, box) > 160 for p in child.luma]
    return [n for n, b in enumerate(bright) if b and not
            (n and bright[n - 1])]


def tones(child):
    """(seconds after the first picture at which a tone begins, its peak)"""
    found, quiet_until = [], 0
    for i, x in enumerate(child.samples):
        if -600 < x < 600:
            continue
        if i >= quiet_until:
            found.append([child.sound_at + Fraction(i, HZ), 0])
        quiet_until = i + HZ // 5
        found[-1][1] = max(found[-1][1], abs(x) / 32768)
    return found


def offsets(child, file):
    """Milliseconds by which each tone comes after its flash."""
    result, heard = [], child.tones
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


COUNT = 120


def watch(top, file):
    child = Child(top / file.name, count=COUNT)
    child.stream().look()
    child.tones = tones(child)
    child.offsets = offsets(child, file) if file.video else []
    return child


@pytest.fixture(scope="session")
def seen(odd):
    """Every file's output, once."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(NAMES, pool.map(lambda f: watch(odd, f),
                                        mkmedia.FILES)))


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_and_every_audio_frame_comes(seen, name):
    child = seen[name]
    assert len(child.ts.video) == len(child.luma) == COUNT
    assert child.ts.pts_deltas(tail=1) == {3600}
    assert child.off_grid() <= 1
    assert child.ts.sync_errors == child.ts.cc_errors == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_house_format_is_always_the_same(seen, name):
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-i", "pipe:0", "-of", "csv=p=0",
         "-show_entries", "stream=codec_name,profile,width,height,pix_fmt,"
         "sample_aspect_ratio,color_range,color_space,field_order,"
         "sample_rate,channels"],
        input=seen[name].data, capture_output=True, timeout=60)
    assert sorted(set(done.stdout.decode().split())) == [
        "aac,LC,48000,2",
        f"h264,High,{W},{H},1:1,yuv420p,tv,bt709,progressive"]


def test_decoders_never_begin_anew(seen):
    """What the source says of itself does not get into the parameter sets."""
    first = {name: [x[0] for x in tsread.parameter_sets(child.data)]
             for name, child in seen.items()}
    assert [n for n in NAMES if first[n] != first[NAMES[0]]] == []


# MP3 in AVI: 23 ms of the encoder's priming, and a picture that the muxer put
# before the first.  Opus in WebM: the muxer counts the priming twice.
SKEW = {"xvid.avi": -15, "no-index.avi": -17, "opus.webm": -7}
BOTH = [f.name for f in mkmedia.FILES if f.video and f.sound]


@pytest.mark.parametrize("name", BOTH)
def test_tones_stay_with_their_flashes(seen, name):
    """From the first to the last; that at 0 begins before the first whole
    frame of sound."""
    found = [x - SKEW.get(name, 0) for x in seen[name].offsets[1:]]
    assert len(found) >= 2
    assert max(map(abs, found)) < 5


@pytest.mark.parametrize("name", ["no-video.mp3", "cover.m4a"])
def test_sound_without_pictures_is_in_time(seen, name):
    at = [float(t) for t, _ in seen[name].tones[1:]]
    assert [round(t) for t in at] == [1, 2, 3, 4]
    assert max(abs(t - round(t)) for t in at) < 0.005


@pytest.mark.parametrize("name", [f.name for f in mkmedia.FILES
                                  if f.sound and f.channels == 2])
def test_the_tone_is_as_loud_as_it_was(seen, name):
    peaks = sorted(p for _, p in seen[name].tones[1:])
    assert 0.25 / 1.12 < peaks[len(peaks) // 2] < 0.25 * 1.12


def test_six_channels_never_clip_in_two(seen):
    """Correlated ones add up to what each of them was."""
    peaks = [p for _, p in seen["film.mkv"].tones[1:]]
    assert all(abs(p - 0.25) < 0.02 for p in peaks)


def test_one_channel_is_as_loud_in_two(seen):
    """3 dB less in each (ITU-R BS.1770 adds their powers)."""
    peaks = [p for _, p in seen["8000-mono.avi"].tones]
    assert all(abs(p - 0.25 / 2 ** 0.5) < 0.02 for p in peaks)


def test_what_ends_early_is_held_in_silence(seen):
    assert len(seen["ends-early.mp4"].tones) <= 4
    assert len(seen["audio-short.mp4"].tones) == 3
    assert len(seen["audio-short.mp4"].offsets) == 3
    late = seen["audio-long.mp4"].luma[100:]
    assert all(abs(a - b) < 24 for p, q in zip(late, late[1:])
               for a, b in zip(p, q))
    assert len(seen["audio-long.mp4"].tones) == 5


# Frame rates that do not fit each other, containers that count in
# milliseconds, in pictures, or have no index; each tells something.
SEAMS = [("film.mkv", "30000/1001", 0.005), ("vfr.mkv", "30000/1001", 0),
         ("held.mkv", "25/1", 0), ("100fps.mp4", "50/1", 0),
         ("interlaced-tff.ts", "50/1", 0), ("long-gop.ts", "25/1", 0),
         ("interlaced-bff.mpg", "24000/1001", 0.005),
         ("xvid.avi", "25/1", 0), ("44100.mov", "60000/1001", 0),
         ("8000-mono.avi", "30/1", 0), ("late-audio.mkv", "25/1", 0),
         ("edit-list.mp4", "25/1", 0), ("no-cues.mkv", "24/1", 0),
         ("theora.ogv", "25/1", 0)]
# Far from any key frame; while one picture is shown for four seconds; so far
# in that a seek looks like a jump of the time stamps, ten seconds or more.
CUTS = {"long-gop.ts": 22.5, "held.mkv": 5.5, "theora.ogv": 13.5}


def played(path, rate, start, count):
    return Child(path, rate=rate, start=start, n0=N0 + start,
                 count=count).decoded()


@pytest.mark.parametrize("name,rate,noise", SEAMS)
def test_two_children_play_what_one_would(odd, name, rate, noise):
    seconds = CUTS.get(name, 2.7)
    cut, end = (int(s * Fraction(rate)) for s in (seconds, seconds + 1.4))
    jobs = [(0, end), (0, cut), (cut, end - cut)]
    with ThreadPoolExecutor(2) as pool:
        whole, left, right = pool.map(
            lambda j: played(odd / name, rate, *j), jobs)
    assert len(whole[0]) == end
    assert len(right[0]) == end - cut
    assert left[0] + right[0] == whole[0]
    assert len(left[1]) + len(right[1]) == len(whole[1])
    # A decoder that dithers does so from where it began.
    assert max(abs(a - b) for a, b in
               zip(left[1] + right[1], whole[1])) <= max(noise, 1e-4)


@pytest.mark.parametrize("rate,codec,channels", [
    ("24000/1001", "ac3", 6), ("60000/1001", "mp2", 2), ("30/1", "aac", 1),
    ("50/1", "ac3", 1), ("25/1", "mp2", 1), ("24/1", "aac", 6)])
def test_every_codec_is_on_the_grid(odd, rate, codec, channels):
    r = Fraction(rate)
    start = int(1.5 * r)
    child = Child(odd / "44100.mov", rate=rate, codec=codec, start=start,
                  channels=channels, count=int(2 * r),
                  n0=int(1768500000 * r) + 7).stream().look()
    assert len(child.ts.video) == int(2 * r)
    assert child.off_grid() <= 1
    at = [t + start / r for t, _ in tones(child)]
    assert [round(t) for t in at] == [2, 3]
    # Before the tone itself MP2 lets a little of it be heard.
    assert max(abs(t - round(t)) for t in at) < Fraction(80, HZ)


@pytest.mark.parametrize("language,hertz", [("English", 1500), ("de", 1000),
                                            ("fr", 1000)])
def test_the_wanted_language_is_heard(odd, language, hertz):
    child = Child(odd / "two-languages.mkv", count=50,
                  extra=[f"language={language}"])
    loud = [x for x in child.decoded()[1][::2] if abs(x) > 0.01]
    rises = sum(a < 0 < b for a, b in zip(loud, loud[1:]))
    assert abs(rises - hertz * 0.1) < hertz * 0.03


@pytest.mark.parametrize("name", [
    b"-i.mp4", b"a:b'c\"d\\e.mp4", b"two\nlines.mp4", b"%03d.mp4",
    b"\xff\xfe.mp4", b"concat:a|b.mp4", b"pipe:0", b"[x],;=.mp4",
    b"http:.mp4"])
def test_any_name_is_just_a_file(odd, tmp_path, name):
    path = bytes(tmp_path) + b"/" + name
    shutil.copy(odd / "plain.mp4", path)
    argv = subprocess.run([str(CHILDARGV), f"size={W}x{H}", "rate=25/1",
                           "count=3", path], capture_output=True,
                          check=True, timeout=60).stdout.split(b"\0")[:-1]
    done = subprocess.run(argv, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(tsread.Stream().feed(done.stdout).video) == 3


def test_a_playlist_in_disguise_is_not_opened(odd, tmp_path):
    path = tmp_path / "x.mp4"
    argv = command(odd / "plain.mp4", "count=3")
    path.write_text(f"#EXTM3U\n#EXTINF:5,\n{odd}/mpeg2.ts\n#EXT-X-ENDLIST\n")
    argv = [a.replace(str(odd / "plain.mp4"), str(path)) for a in argv]
    done = subprocess.run(argv, capture_output=True, timeout=60)
    assert (done.returncode != 0, done.stdout) == (True, b"")


def test_half_a_file_without_its_index_is_bad(odd):
    done = subprocess.run([str(CHILDARGV), str(odd / "truncated.mp4")],
                          capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"bad: " in done.stderr


@pytest.mark.parametrize("title", [
    "Duck Soup", "it's 100%: [a],b;c\\d\n%{pts}", "x" * 10240, "",
    "\udcff\udcfe"])
def test_a_title_of_any_kind_is_drawn(odd, title):
    child = Child(odd / "cover.m4a", count=3, extra=[f"title={title}"])
    child.stream().look()
    assert child.complaints == ""
    card = child.luma[0]
    middle = card[SMALL_W * (SMALL_H // 4):SMALL_W * (SMALL_H // 2)]
    assert (max(middle) > 100) == (title != "")
