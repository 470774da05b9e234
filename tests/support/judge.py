"""A viewer who judges as he watches, for hours in bounded memory.

What leaves the daemon is held against the two grids, not against what came
before it: picture n has the stamp of picture n, whatever happened.  Nothing
of the daemon's own arithmetic is used, and the stream alone is asked."""

import collections
import os
import selectors
import socket
import threading
import time

import fakeread
import proc
import tsread

HZ = 90000
WRAP = tsread.WRAP
LEAD = 45000		# DTS - PCR, ticks
REORDER = 2
WINDOW = 64		# pictures not yet shown, at most
PCR_GAP = 27000 * 40
DELAY = (9000, 90000)	# DTS - PCR may be, ticks
TOLD = 20		# faults kept in words
RUNS = 10000		# stretches of pictures kept until they are taken
HISTORY = 500		# ... and of those that were
TEE_BYTES = 8 << 20	# of the stream's end
SAMPLES = {"aac": 1024, "ac3": 1536, "mp2": 1152}


def rounded(a, b):
    return (2 * a + b) // (2 * b)


class Run:
    """Pictures first..last of one asset (0: pad), of which picture n is the
    asset's n + origin; at: when the first and the last one came."""

    def __init__(self, n, unit, at):
        self.first = self.last = n
        self.asset, self.process = unit.asset, unit.process
        self.origin = unit.position - n if unit.asset else 0
        self.at = [at, at]

    def goes_on_with(self, unit, n):
        return (unit.asset == self.asset and unit.process == self.process
                and (not unit.asset or unit.position - n == self.origin))

    def __len__(self):
        return self.last - self.first + 1


class Judge(fakeread.Stream):
    """Feed it bytes; `faults` counts what is wrong and `told` says the first
    of it.  house: the time that the station has, about, in seconds."""

    def __init__(self, num, den, codec="aac", house=None, named=True):
        super().__init__()
        self.named = named		# fake children's: pictures say who
        self.num, self.den, self.spf = num, den, SAMPLES[codec]
        self.house = house or time.time
        self.faults, self.told = 0, []
        self.pictures = self.sounds = self.steps = 0
        self.runs = collections.deque(maxlen=RUNS)
        self.history = collections.deque(maxlen=HISTORY)
        self.now = 0.0
        self.begin()

    def begin(self):
        """Anew, as after a step of the clock that was announced."""
        self.slot = self.frame = self.low = self.pcr = None
        self.run = None			# the one that goes on
        self.shown = set()

    def fault(self, text):
        self.faults += 1
        if len(self.told) < TOLD:
            self.told.append(f"picture {self.slot}: {text}")

    def delay(self):
        return LEAD + rounded(REORDER * self.den * HZ, self.num)

    def pts_of(self, n):
        return rounded(n * self.den * HZ, self.num) + self.delay()

    def sound_of(self, m):
        return rounded(m * self.spf * HZ, 48000) + self.delay()

    def near(self, stamp, like):
        return like + tsread.ticks_apart(stamp, like)

    def slot_time(self, n):
        """When picture n is on the air, in seconds since the epoch."""
        return n * self.den / self.num

    def feed(self, data, at=None):
        self.now = time.monotonic() if at is None else at
        wrong = self.sync_errors, self.cc_errors
        super().feed(data)
        if (self.sync_errors, self.cc_errors) != wrong:
            self.fault(f"{self.sync_errors} sync and {self.cc_errors} "
                       "continuity errors")
        return self

    def adaptation(self, p):
        steps = self.discontinuities
        flags, body = super().adaptation(p)
        if self.discontinuities != steps and self.pcr is not None:
            self.steps += 1
            self.begin()
        if self.pcrs:
            self.clock(self.pcrs[-1])
            self.pcrs.clear()
        return flags, body

    def clock(self, pcr):
        if self.pcr is not None:
            moved = (pcr - self.pcr) % (WRAP * 300)
            if not 0 < moved <= PCR_GAP:
                self.fault(f"the PCR moves by {moved}")
        self.pcr = pcr

    def pes(self, pid, b, key):
        super().pes(pid, b, key)
        while self.video:
            self.picture(self.video.pop(), key)
        while self.audio:
            self.sound(self.audio.pop())

    def first(self, dts):
        guess = int(self.house() * HZ) + self.delay()
        self.slot = REORDER + rounded(
            (self.near(dts, guess) - self.delay()) * self.num, self.den * HZ)
        self.low = self.slot

    def picture(self, unit, key):
        if self.slot is None:
            self.first(unit.dts)
            if not key:
                self.fault("it does not begin with a key frame")
        want = self.pts_of(self.slot - REORDER)
        off = tsread.ticks_apart(unit.dts, want)
        if off:
            self.fault(f"DTS is off by {off}")
            self.first(unit.dts)
        dts = self.pts_of(self.slot - REORDER)
        pts = self.near(unit.pts, dts)
        n = rounded((pts - self.delay()) * self.num, self.den * HZ)
        if self.pts_of(n) != pts:
            self.fault(f"PTS is off by {pts - self.pts_of(n)}")
        self.delay_check(unit.dts)
        self.show(n)
        self.pictures += 1
        self.slot += 1
        if self.named and unit.asset is not None:
            self.extend_run(n, unit)
        elif self.named:
            self.fault("a picture without a name")

    def show(self, n):
        if n < self.low or n >= self.low + WINDOW or n in self.shown:
            self.fault(f"{n} comes twice or too early")
        self.shown.add(n)
        while self.low in self.shown:
            self.shown.remove(self.low)
            self.low += 1
        if len(self.shown) > WINDOW:
            self.fault(f"{self.low} never came")
            self.low = max(self.shown)
            self.shown.clear()

    def delay_check(self, stamp):
        if self.pcr is None:
            self.fault("no PCR before it")
            return
        d = tsread.ticks_apart(stamp, self.pcr // 300)
        if not DELAY[0] <= d <= DELAY[1]:
            self.fault(f"{d} ticks after its PCR")

    def extend_run(self, n, unit):
        r = self.run
        if r is not None and r.goes_on_with(unit, n):
            r.first, r.last = min(r.first, n), max(r.last, n)
            r.at[1] = self.now
            return
        self.run = Run(n, unit, self.now)
        self.runs.append(self.run)
        self.history.append(self.run)

    def sound(self, unit):
        if self.frame is None:
            like = self.pts_of(self.slot if self.slot is not None else
                               int(self.house() * self.num / self.den))
            self.frame = rounded((self.near(unit.pts, like) - self.delay())
                                 * 48000, HZ * self.spf)
        off = tsread.ticks_apart(unit.pts, self.sound_of(self.frame))
        if off:
            self.fault(f"sound is off by {off}")
            self.frame += rounded(off * 48000, HZ * self.spf)
        self.delay_check(unit.pts)
        self.sounds += 1
        self.frame += 1

    def take_runs(self):
        """The stretches that have come since the last time; the one that
        goes on is the last, and comes again."""
        found = []
        while self.runs:
            found.append(self.runs.popleft())
        if self.run is not None:
            self.runs.append(self.run)
        return found


class Watch:
    """One healthy viewer: a raw socket, a judge, and the pauses between
    arrivals, with and without those that the machine made."""

    def __init__(self, port, channel, judge):
        self.judge, self.head, self.tail = judge, b"", b""
        self.channel, self.open, self.bytes = channel, True, 0
        self.last = self.excused = None
        self.gap = self.unexcused = 0.0
        self.gaps = collections.deque(maxlen=1000)	# (end, unexcused)
        self.sock = socket.create_connection(("127.0.0.1", port), 10)
        self.sock.sendall(f"GET /channel/{channel}/stream.ts HTTP/1.1\r\n"
                          "Host: localhost\r\n\r\n".encode())
        self.sock.setblocking(False)

    def note(self, at, excuse):
        if self.last is not None:
            gap = at - self.last
            left = gap - (excuse - self.excused)
            self.gap = max(self.gap, gap)
            self.unexcused = max(self.unexcused, left)
            if left > 0.2:
                self.gaps.append((at, left))
        self.last, self.excused = at, excuse

    def take(self, at, excuse):
        try:
            got = self.sock.recv(1 << 18)
        except BlockingIOError:
            return True
        except OSError:
            got = b""
        if not got:
            self.open = False
            return False
        self.bytes += len(got)
        if self.judge.packets or b"\r\n\r\n" in self.head:
            self.note(at, excuse)
            self.tail += got
            self.judge.feed(got, at)
        else:
            self.head += got
            head, found, body = self.head.partition(b"\r\n\r\n")
            if found and body:
                self.head = head + found
                self.tail += body
                self.judge.feed(body, at)
        if len(self.tail) > 2 * TEE_BYTES:
            cut = (len(self.tail) - TEE_BYTES) // tsread.PACKET
            self.tail = self.tail[cut * tsread.PACKET:]
        return True


class Audience(threading.Thread):
    """All healthy viewers, on one thread."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.watches, self.extra = pid, [], 0.0
        self.selector = selectors.DefaultSelector()
        self.ended = False
        self.lock = threading.Lock()

    def add(self, watch):
        with self.lock:
            self.watches.append(watch)
            self.selector.register(watch.sock, selectors.EVENT_READ, watch)
        return watch

    def excuse(self, seconds):
        """A pause that we make ourselves."""
        self.extra += seconds

    def run(self):
        daemon = proc.Waited(self.pid, self.pid)
        own = proc.Waited(os.getpid(), threading.get_native_id())
        while not self.ended:
            with self.lock:
                events = self.selector.select(0.02)
            # First the time, then the excuse: what delays us in between
            # or later is of the next round.
            at = time.monotonic()
            excuse = daemon.read() + own.read() + self.extra
            for key, _ in events:
                if not key.data.take(at, excuse):
                    self.selector.unregister(key.fileobj)
            if not events:
                time.sleep(0.005)	# let others have the lock
        daemon.close()
        own.close()

    def close(self):
        self.ended = True
        self.join(5)
        for watch in self.watches:
            watch.sock.close()
