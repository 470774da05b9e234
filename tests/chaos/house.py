"""A station to torture: channels of all kinds of rate and sound, each with
films of its own that are cut into short pieces, and a healthy viewer each."""

import datetime
import http.client
import json
import pathlib
import shutil
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("e2e", "support"):
    sys.path.insert(0, str(ROOT / "tests" / folder))
import conftest  # noqa: E402
import fakeread  # noqa: E402
import judge  # noqa: E402
import proc  # noqa: E402

FORMATS = [((30000, 1001), "aac", "320x180"), ((25, 1), "ac3", "320x180"),
           ((24000, 1001), "aac", "352x240"), ((50, 1), "mp2", "320x180"),
           ((60000, 1001), "aac", "256x144"), ((24, 1), "ac3", "320x240")]
FILMS = 4
FILM_S = 47
# A child that is held, not one that has long sent all it had.
STEADY = "pipe=4096 speed=400"


def marks(seconds):
    return "markers:\n" + "".join(f"  - {{kind: avail, start: {s}}}\n"
                                  for s in seconds)


# Channels of short pieces and of long ones.
MARKS = [marks(range(7, FILM_S, 9)), marks([31])]
SPOTS = ("a.2s.mkv", "b.3s.mkv", "c.1500ms.mkv")
DEADLINE = 60
BRIEF_S = 0.5		# what airs no longer may have come between two looks


class Broken(Exception):
    """Something that must hold does not."""


def wait_for(fact, what, seconds=30):
    end = time.monotonic() + seconds
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() >= end:
            raise Broken(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def instant(text):
    """Nanoseconds since the epoch; exact to the millisecond it says."""
    t = datetime.datetime.strptime(text + "+0000", "%Y-%m-%dT%H:%M:%S.%fZ%z")
    return int(t.timestamp()) * 10**9 + t.microsecond * 1000


class House(conftest.Station):
    """channels: how many.  real: real children, else fake ones."""

    def __init__(self, channels=4, real=False, formats=FORMATS, linger=2,
                 films=FILMS, film_s=FILM_S, marks=MARKS, grid=1,
                 words=STEADY):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rvc", dir="/tmp"))
        super().__init__(self.top)
        self.house_clock = None         # real time, from one life to the next
        self.real, self.linger, self.grid = real, linger, grid
        self.formats = {n: formats[(n - 1) % len(formats)]
                        for n in range(1, channels + 1)}
        self.audience = self.connection = None
        for path in self.dir.glob("channels/*"):
            path.unlink()
        (self.top / "filler").mkdir()
        (self.top / "spots").mkdir()
        if not real:
            self.env["PATH"] = (f"{conftest.BUILD / 'fake'}:"
                                f"{self.env['PATH']}")
            self.env["FAKE_FFMPEG"] = words
            self.extend("ffmpeg: {sandbox: off}")   # it would drop that
        self.film(self.top / "filler" / "still.mkv", 20)
        for name in SPOTS:
            self.film(self.top / "spots" / name, 2)
        for n in self.formats:
            for i in range(films):
                path = self.films(n) / f"f{i}.{film_s}s.mkv"
                path.parent.mkdir(parents=True, exist_ok=True)
                self.film(path, film_s)
                if marks:
                    # A short piece of a real one fits into its pipe whole.
                    pathlib.Path(f"{path}.yaml").write_text(
                        marks[-1 if real else n % len(marks)])
            self.channel_file(n).write_text(self.channel_text(n))

    def film(self, path, seconds):
        if self.real:
            conftest.clip(path, seconds, "25", 440)
        else:
            path.write_bytes(b"\1" * 5000)

    def films(self, n):
        return self.top / "shows" / f"c{n}"

    def channel_file(self, n):
        return self.dir / "channels" / f"c{n}.yaml"

    def channel_text(self, n):
        (num, den), codec, size = self.formats[n]
        width, height = size.split("x")
        text = conftest.CHANNEL.format(name=f"c{n}", number=n,
                                       rate=f"{num}/{den}" if den != 1 else
                                       num, media=self.top)
        for old, new in (
                ("width: 320, height: 180",
                 f"width: {width}, height: {height}"),
                ("sample_rate: 48000", f"codec: {codec}, sample_rate: 48000"),
                ("bitrate: 64k", "bitrate: 96k"),
                ("linger: 1\n", f"linger: {self.linger}\n"),
                ("grid_minutes: 1", f"grid_minutes: {self.grid}"),
                ("/shows}", f"/shows/c{n}}}")):
            assert old in text
            text = text.replace(old, new)
        return text

    # ---- viewers

    def open(self):
        """A healthy viewer per channel."""
        self.house_at = (self.house(), time.monotonic())
        self.audience = judge.Audience(self.process.pid)
        for n in self.formats:
            self.view(n)
        self.audience.start()

    def view(self, n):
        (num, den), codec, _ = self.formats[n]
        return self.audience.add(judge.Watch(
            self.port, n, judge.Judge(num, den, codec, self.house_now,
                                      not self.real)))

    def watch(self, n):
        return next(w for w in self.audience.watches if w.channel == n)

    def house(self):
        return instant(self.ask("/status")["channels"][0]["time"]) / 1e9

    def house_now(self):
        then, mono = self.house_at
        return then + time.monotonic() - mono

    # ---- what the daemon says, over one connection that stays

    def ask(self, path):
        for last in (False, True):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(
                        "127.0.0.1", self.port, timeout=30)
                self.connection.request("GET", path)
                return json.loads(self.connection.getresponse().read())
            except (OSError, http.client.HTTPException, ValueError):
                self.connection.close()
                self.connection = None
                if last:
                    raise

    def ready(self):
        if self.process.poll() is not None:
            raise Broken((self.dir / "stderr").read_text())
        try:
            return self.ask("/status")["ready"]
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def await_ready(self):
        wait_for(self.ready, "the daemon is ready", DEADLINE)
        return self

    def close(self):
        if self.audience is not None:
            self.audience.close()
        if self.connection is not None:
            self.connection.close()
        super().close()
        shutil.rmtree(self.top)


def agrees(run, asset, origin):
    return run.asset == asset and (asset == 0 or origin is None
                                   or run.origin == origin)


class Truth:
    """What each channel airs, by its own word: segments by their first
    picture, each as what was said of it, as (end, asset's hash or 0, origin
    or None where not yet known exactly)."""

    def __init__(self, house):
        self.house = house
        self.filler = fakeread.name_of(house.top / "filler" / "still.mkv")
        self.segments = {n: {} for n in house.formats}
        self.judged = {n: 0 for n in house.formats}	# pictures
        self.slate = {n: 0 for n in house.formats}
        self.instead = {n: 0 for n in house.formats}
        self.unknown = {n: 0 for n in house.formats}
        self.wrong = []
        self.waiting = {n: [] for n in house.formats}	# runs
        self.done = {n: -1 for n in house.formats}

    def look(self):
        """Ask the daemon."""
        for c in self.house.ask("/status")["channels"]:
            n = int(c["number"])
            if n in self.segments and c["content"]:
                self.note(n, c)

    def note(self, n, c):
        (num, den), _, _ = self.house.formats[n]
        content, at = c["content"], instant(c["time"])
        first = int(content["event_id"].rpartition("-")[2])
        end = -(-instant(content["ends"]) * num // (den * 10**9))
        # The instant is cut to the millisecond: within it a picture may end.
        low, high = (t * num // (den * 10**9) for t in (at, at + 10**6 - 1))
        asset = fakeread.name_of(content["path"]) if content["path"] else 0
        said = self.segments[n].setdefault(first, [])
        if not said or said[-1][:2] != (end, asset):
            said.append((end, asset, None))
        if low == high and first <= low:
            said[-1] = end, asset, content["frame"] - low

    def find(self, n, slot, run):
        """What was said of that slot: the newest word, or an older one that
        the run agrees with.  A plan may be taken up in the middle of what it
        changes, and what had aired of it stands."""
        found = None
        for first in sorted(self.segments[n], reverse=True):
            for end, asset, origin in reversed(self.segments[n][first]):
                if not first <= slot < end:
                    continue
                if agrees(run, asset, origin):
                    return first, end, asset, origin
                found = found or (first, end, asset, origin)
        return found

    def judge(self):
        """Hold what viewers saw against what the daemon said; forget it."""
        for watch in self.house.audience.watches:
            n = watch.channel
            runs = watch.judge.take_runs()
            for run in runs:
                self.judge_run(n, run, run is watch.judge.run)
            old = watch.judge.slot
            if old is not None:
                self.forget(n, old - 3600)

    def forget(self, n, slot):
        for first in [f for f, s in self.segments[n].items()
                      if max(end for end, _, _ in s) < slot]:
            del self.segments[n][first]

    def judge_run(self, n, run, on):
        """Of a run that goes on, what is two seconds old."""
        (num, den), _, _ = self.house.formats[n]
        last = run.last - (2 * num // den if on else 0)
        slot = max(run.first, self.done[n] + 1)
        while slot <= last:
            found = self.find(n, slot, run)
            if found is None:
                self.unknown[n] += 1
                slot += 1
                continue
            _, end, asset, origin = found
            upto = min(last + 1, end)
            self.count(n, run, slot, upto, asset, origin)
            slot = upto
        self.done[n] = max(self.done[n], last)

    def has_aired(self, n, slot, run):
        """Between two looks: true where the as-run log has that asset."""
        for path in (self.house.dir / "asrun" / f"c{n}").glob("*.jsonl"):
            for line in path.read_text().splitlines():
                row = json.loads(line)
                first = int(row["event_id"].rpartition("-")[2])
                if first <= slot < first + row["planned_frames"] and \
                        row["asset"] and \
                        fakeread.name_of(row["asset"]) == run.asset:
                    return True
        return False

    def count(self, n, run, slot, upto, asset, origin):
        (num, den), _, _ = self.house.formats[n]
        many = upto - slot
        if run.asset == 0 and asset != 0:
            self.slate[n] += many
        elif agrees(run, asset, origin):
            self.judged[n] += many if asset != 0 else 0
        elif run.asset == self.filler:
            self.instead[n] += many
        elif run.last - run.first < BRIEF_S * num // den and \
                self.has_aired(n, slot, run):
            self.unknown[n] += many
        else:
            self.wrong.append(f"channel {n} pictures {slot}..{upto - 1}: "
                              f"asset {run.asset:#x} origin {run.origin}, "
                              f"not {asset:#x} {origin}")

    def in_place(self, n):
        """True if the channel's newest pictures are what belongs there, and
        a second of it has been shown, and it is where the clock is."""
        j = self.house.watch(n).judge
        (num, den), _, _ = self.house.formats[n]
        if j.slot is None:
            return False
        behind = self.house.house_now() - j.slot_time(j.slot)
        if not -0.2 < behind < 1:
            return False
        if self.house.real:
            return True
        run = j.run
        found = run and self.find(n, run.last, run)
        return bool(found and agrees(run, *found[2:]))
