#!/usr/bin/python3
"""faults.py [ROW ...]: what each fault costs, in figures.

Every row provokes one fault, so many times, and measures it from a viewer's
stream: pictures say which one they are, so it is known when slate began, when
the programme was there again, and whether it was the right one.  "last" is
when the last picture of programme before the fault's slate came, counted from
the fault: so long what had been read ahead went on.  "elsewhere" is what
viewers of other channels lost meanwhile: pictures missing, pictures of slate,
and their longest pause.  Without ROW all; exit code 1 where one did not hold.
The children are fake ones; the machine should be quiet."""

import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "chaos"))
import house  # noqa: E402
import faketime  # noqa: E402
from house import (Broken, House, Truth, fakeread, proc,  # noqa: E402
                   wait_for)

PAL = [((25, 1), "aac", "320x180")]
FILM_S = 10800
START = "2026-01-15T14:05:00Z"	# in the middle of a film
KILLS = int(os.environ.get("KILLS", "100"))
MANY = int(os.environ.get("MANY", "24"))	# channels
TIMES = 3		# where there is no reason for more
PAUSE_MS = 350		# coalescing and what faults.md allows
rows = {}


def row(f):
    rows[f.__name__] = f
    return f


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))]


def spread(values):
    """p50/p99/max of seconds, as milliseconds."""
    values = [v for v in values if v is not None]
    if not values:
        return "-"
    return "/".join(f"{1000 * v:.0f}" for v in (
        percentile(values, 50), percentile(values, 99), max(values)))


class Bench(House):
    """Channels of one long film each: 1 is struck, the others are not."""

    open_ones = []

    def __init__(self, channels=2, words=house.STEADY, **more):
        more = {"films": 1, "film_s": FILM_S, "marks": None, "grid": 60,
                "formats": PAL, "linger": 1, **more}
        super().__init__(channels, words=words, **more)
        self.failed = []
        self.open_ones.append(self)

    def close(self):
        if self in self.open_ones:
            self.open_ones.remove(self)
            super().close()

    def film_of(self, n):
        return next(self.films(n).glob("*.mkv"))

    def fault(self, n, words):
        path = pathlib.Path(f"{self.film_of(n)}.fake")
        if words is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(words)

    def begin(self, *options):
        self.start(*options or ("-T", START))
        self.open()
        self.truth = Truth(self)
        for n in self.formats:
            self.await_place(n)
        # What made up the backlog is no read-ahead yet.
        for n in self.formats:
            wait_for(lambda n=n: self.look() or self.ahead(n),
                     f"channel {n} has read ahead", house.DEADLINE)
        return self

    def ahead(self, n):
        run = self.watch(n).judge.run
        return run.at[1] - run.at[0] > 3

    def look(self):
        self.truth.look()
        self.truth.judge()

    def await_place(self, n, seconds=house.DEADLINE):
        def there():
            self.look()
            run = self.watch(n).judge.run
            return run and run.asset and len(run) >= 5 and self.truth.in_place(
                n)
        wait_for(there, f"channel {n} is in its place", seconds)
        return time.monotonic()

    def child(self, n):
        """The pid of the channel's only living child, or None."""
        mark = str(self.films(n)).encode()
        found = [p for p in proc.named(self.process.pid)
                 if mark in proc.command(p)]
        return found[0] if len(found) == 1 else None

    def calm(self, n):
        """Its child has shown more than a second, so that it is of use, and
        has had the time to read ahead."""
        run = self.watch(n).judge.run
        return (run is not None and run.asset != 0 and len(run) >= 30 and
                run.at[1] - run.at[0] > 1.2)

    def trouble(self):
        """What is wrong with any viewer's stream."""
        return [f"channel {w.channel}: {t}" for w in self.audience.watches
                for t in (w.judge.told or ([] if w.open else ["closed"]))]

    def elsewhere(self, *struck):
        """(pictures lost, pictures of slate, longest pause in ms) of the
        others."""
        self.look()
        others = [w for w in self.audience.watches if w.channel not in struck]
        return (sum(w.judge.faults for w in others),
                sum(self.truth.slate[w.channel] for w in others),
                round(1000 * max((w.unexcused for w in others), default=0)))

    def holds(self, ok, text):
        if not ok:
            self.failed.append(text)


class After:
    """What a viewer of channel n sees from now on."""

    def __init__(self, bench, n):
        self.bench, self.n, self.at = bench, n, time.monotonic()
        j = bench.watch(n).judge
        self.first, self.process = j.slot or 0, j.run and j.run.process

    def runs(self):
        history = self.bench.watch(self.n).judge.history
        return [r for r in list(history) if r.last >= self.first]

    def another(self):
        """True once pictures of another child than that one are here."""
        return any(r.asset and r.process != self.process for r in self.runs())

    def slate(self):
        """(seconds to the first slate, pictures of slate), or None."""
        black = [r for r in self.runs() if r.asset == 0]
        if not black:
            return None
        return black[0].at[0] - self.at, sum(map(len, black))

    def stands_in(self, run):
        return run.asset in (0, self.bench.truth.filler)

    def instead(self):
        """True once slate or filler is here."""
        return any(self.stands_in(r) for r in self.runs())

    def programme(self):
        """Seconds to the first programme after those, or None."""
        seen = False
        for r in self.runs():
            seen |= self.stands_in(r)
            if seen and not self.stands_in(r):
                return r.at[0] - self.at
        return None


def report(name, n, slate, programme, elsewhere, more=""):
    print(f"{name:34} {n:5} {spread(slate):>16} {spread(programme):>16} "
          f"{elsewhere[0]:4} {elsewhere[1]:5} {elsewhere[2]:6}  {more}",
          flush=True)


def finish(bench, struck=(1,)):
    """What must hold in every row."""
    zombies = proc.zombies(bench.process.pid)
    bench.holds(bench.process.poll() is None, "the daemon has ended")
    bench.holds(not bench.trouble(), str(bench.trouble()[:3]))
    bench.holds(not bench.truth.wrong, str(bench.truth.wrong[:3]))
    elsewhere = bench.elsewhere(*struck)
    bench.holds(elsewhere[0] == 0 and elsewhere[1] == 0,
                "others have lost pictures")
    bench.holds(elsewhere[2] <= PAUSE_MS, f"others paused {elsewhere[2]} ms")
    if zombies:
        time.sleep(1)
        bench.holds(not set(zombies) & set(proc.zombies(bench.process.pid)),
                    "a zombie stays")
    return elsewhere


# ---- children

def kills(bench, name, signum, times, channels):
    """Strike the channels' children, each once the one before it is at work:
    what viewers saw of it."""
    slates, programmes, struck, done = [], [], {}, 0
    end = time.monotonic() + 60 + 12 * times / len(channels)
    while done < times:
        bench.look()
        for n in channels:
            if n in struck and struck[n].another():
                slate = struck[n].slate()
                if slate is not None:
                    slates.append(slate[0])
                    programmes.append(struck[n].programme())
                del struck[n]
                done += 1
            elif (n not in struck and done + len(struck) < times and
                  bench.calm(n) and (pid := bench.child(n))):
                struck[n] = After(bench, n)
                os.kill(pid, signum)
        if time.monotonic() > end:
            raise Broken(f"{name}: only {done} of {times} in time")
        time.sleep(0.02)
    for n in channels:
        bench.await_place(n)
    report(name, times, slates, programmes, finish(bench, channels),
           f"{times - len(slates)} of {times} not seen by any viewer")
    bench.holds(not programmes or max(programmes) < 8, "programme too late")


@row
def killed():
    """kill -9 of the child in mid-segment."""
    bench = Bench(5).begin()
    kills(bench, "killed in mid-segment", signal.SIGKILL, KILLS, (1, 2, 3, 4))
    bench.holds(sum(c["child_failures"] for c in bench.ask("/status")[
        "channels"]) == KILLS, "not every death was counted")
    return bench


@row
def stopped():
    """SIGSTOP of the child: as silent, but it cannot hear TERM either."""
    bench = Bench(5).begin()
    kills(bench, "stopped (SIGSTOP)", signal.SIGSTOP, 8, (1, 2, 3, 4))
    return bench


def seconds_of(bench, words, times, name, seconds=30, check=None):
    """A child that does `words` once, and what came of it."""
    slates, programmes, pictures = [], [], []
    for _ in range(times):
        wait_for(lambda: bench.calm(1), "a second of a child")
        bench.look()
        failures = bench.ask("/channel/1/status")["child_failures"]
        bench.fault(1, words)
        pid = wait_for(lambda: bench.child(1), "a child")
        after = After(bench, 1)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: bench.ask("/channel/1/status")["child_failures"] >=
                 failures + 2 or bench.look(), f"{words} has failed", seconds)
        bench.fault(1, None)
        bench.await_place(1, seconds)
        slate = after.slate()
        pictures.append(slate[1] if slate else 0)
        if slate is not None:
            slates.append(slate[0])
            programmes.append(after.programme())
        bench.truth.judge()
    elsewhere = finish(bench)
    report(name, times, slates, programmes, elsewhere,
           f"slate s {max(pictures) / 25:.1f} at most")
    return slates, programmes, pictures


@row
def silent():
    """A child that writes a second of stream, then nothing."""
    bench = Bench().begin()
    _, programmes, _ = seconds_of(
        bench, "mute=30000 ignore_term once pipe=4096", 3, "silent")
    bench.holds(all(p < 10 for p in programmes if p), "later than 8 s after "
                "its last byte")
    return bench


@row
def broken_stream():
    """Noise, cut packets, an early end, the output closed: none of it leaves,
    and what was read ahead bridges it."""
    bench = Bench().begin()
    for name, words in (("garbage", "garbage=30000"),
                        ("cut in a packet", "cut=30001"),
                        ("continuity error", "cc=60"),
                        ("ends early", "early=75"),
                        ("output closed, stays", "close=30000 ignore_term")):
        seconds_of(bench, words + " once pipe=4096", TIMES, name)
    return bench


@row
def slow():
    """60 and 90 % of real time."""
    bench = Bench().begin()
    for percent in (60, 90):
        seconds_of(bench, f"speed={percent} once", 1,
                   f"at {percent} % of real time", 60)
    return bench


@row
def never_starts():
    """exit=1 at once, for a minute and a half: how often is it tried?"""
    bench = Bench().begin()
    bench.fault(1, "exit=1")
    after = After(bench, 1)
    os.kill(wait_for(lambda: bench.child(1), "a child"), signal.SIGKILL)

    def failures():
        """Those after the one that we killed."""
        bench.look()
        return bench.ask("/channel/1/status")["child_failures"] - 1
    time.sleep(60)		# a span to count in, not a fact
    first = failures()
    time.sleep(40)
    then = failures() - first
    bench.fault(1, None)
    could = time.monotonic()
    bench.await_place(1, 90)
    back = time.monotonic() - could
    slate = after.slate()		# filler may be quicker
    elsewhere = finish(bench)
    report("dies at start, always", first + then, slate[:1] if slate else [],
           [], elsewhere, f"spawns in the first minute {first}, then "
           f"{then * 1.5:.1f} a minute; back {back:.1f} s after it could")
    bench.holds(first <= 10 and then <= 3, "too many spawns")
    return bench


@row
def no_ffmpeg():
    """The program is gone, or not executable, while on the air."""
    bench = Bench()
    binary = bench.dir / "bin"
    shutil.copytree(house.conftest.BUILD / "fake", binary, symlinks=True)
    bench.env["PATH"] = f"{binary}:/nonexistent"
    bench.begin()
    for name, harm, mend in (
            ("ffmpeg missing", lambda p: p.rename(p.with_name("x")),
             lambda p: p.with_name("x").rename(p)),
            ("ffmpeg not executable", lambda p: p.chmod(0o644),
             lambda p: p.chmod(0o755))):
        wait_for(lambda: bench.calm(1) and bench.calm(2), "calm")
        after = After(bench, 1)
        harm(binary / "ffmpeg")
        os.kill(wait_for(lambda: bench.child(1), "a child"), signal.SIGKILL)
        wait_for(lambda: after.slate() or bench.look(), "slate")
        mend(binary / "ffmpeg")
        at = time.monotonic()
        back = bench.await_place(1) - at
        report(name, 1, [after.slate()[0]], [after.programme()],
               finish(bench), f"{back:.1f} s after it was there again")
    log = (bench.dir / "log" / "playout.log").read_text()
    bench.holds("No such file" in log and "ermission denied" in log,
                "the log does not say why")
    return bench


@row
def all_killed():
    """Every child of many channels at once, three times."""
    n = MANY
    bench = Bench(n).begin()
    slates, programmes, last = [], [], []
    for _ in range(3):
        for i in bench.formats:
            wait_for(lambda i=i: bench.calm(i), "a second of a child")
        pids = proc.named(bench.process.pid)
        afters = [After(bench, i) for i in bench.formats]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        at = time.monotonic()
        for after in afters:
            wait_for(lambda a=after: a.another() or bench.look(),
                     f"another child on channel {after.n}")
        last.append(time.monotonic() - at)
        for after in afters:
            if after.slate():
                slates.append(after.slate()[0])
                programmes.append(after.programme())
        bench.truth.judge()
    report(f"all {n} children killed", 3, slates, programmes,
           finish(bench, tuple(bench.formats)),
           f"{len(slates)} of {3 * n} saw slate; new children's pictures "
           f"on all {max(last):.1f} s later")
    bench.holds(not programmes or max(programmes) < 6, "later than 6 s")
    return bench


@row
def stays_dead():
    """A child that neither writes nor ends: the process layer's part of a
    stalled disk.  A process in state D cannot be made without one; what is
    left of it for the daemon, a child that outlives TERM and a while of KILL,
    is SIGSTOP and a pipe that a grandchild holds."""
    bench = Bench().begin()
    slates, programmes, _ = seconds_of(
        bench, "fork ignore_term mute=30000 pipe=4096 once", 2,
        "will not end, pipe held")
    return bench


# ---- the daemon

@row
def daemon_killed():
    """kill -9: children gone, ready again, at the same place."""
    bench = Bench(4)
    gone, ready, first = [], [], []
    try:
        bench.start()
        for _ in range(5):
            bench.open()
            bench.truth = Truth(bench)
            for n in bench.formats:
                bench.await_place(n)
            pids = wait_for(lambda: proc.named(bench.process.pid), "children")
            bench.audience.close()
            bench.audience = None
            bench.connection.close()
            bench.connection = None
            watch = proc.Stopwatch(bench.process.pid)
            bench.process.kill()
            wait_for(lambda: all(proc.stat(p) is None or proc.stat(p)[1] ==
                                 "Z" for p in pids), "no child")
            gone.append(watch.read())
            bench.process.wait(30)
            watch.close()
            bench.launch()
            watch = proc.Stopwatch(bench.process.pid)
            bench.await_ready()
            ready.append(watch.read())
            watch.close()
            at = time.monotonic()
            bench.open()
            bench.truth = Truth(bench)
            bench.await_place(1)
            first.append(time.monotonic() - at)
            bench.audience.close()
            bench.holds(not bench.truth.wrong, str(bench.truth.wrong[:2]))
        bench.audience = None
    except Broken as e:
        bench.failed.append(str(e))
    print(f"{'daemon killed -9':34} {5:5} children gone {spread(gone)}, ready "
          f"again {spread(ready)}, in its place {spread(first)} after that")
    bench.holds(max(gone, default=0) < 0.5 and max(ready, default=0) < 2,
                "too late")
    return bench


@row
def many_hups():
    """A thousand SIGHUPs in ten seconds, with good and broken files."""
    bench = Bench().begin()
    path, good = bench.channel_file(2), bench.channel_text(2)
    began = time.monotonic()
    for i in range(1000):
        if i % 50 == 0:
            path.write_text(good if i % 100 else "name: [\n" + good)
        os.kill(bench.process.pid, signal.SIGHUP)
        left = began + (i + 1) * 0.01 - time.monotonic()
        if left > 0:
            time.sleep(left)
    took = time.monotonic() - began
    path.write_text(good)
    os.kill(bench.process.pid, signal.SIGHUP)
    bench.await_place(1)
    elsewhere = finish(bench, ())
    log = (bench.dir / "log" / "playout.log").read_text()
    report("1,000 SIGHUPs, good and broken", 1000, [], [], elsewhere,
           f"in {took:.1f} s: {log.count(' ready ')} taken, "
           f"{log.count('reload_refused')} refused")
    return bench


@row
def no_descriptors():
    """None is left: who is inside keeps his stream, others are told."""
    bench = Bench().begin()
    pid = bench.process.pid
    answers = []
    have = len(proc.descriptors(pid))
    bench.connection.close()
    bench.connection = None
    wait_for(lambda: len(proc.descriptors(pid)) < have, "our own is closed")
    was = proc.limit_descriptors(pid, 0)
    try:
        for _ in range(20):
            answers.append(knock(bench.port))
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, was)
    at = time.monotonic()
    wait_for(lambda: knock(bench.port) == "200", "it answers again")
    report("descriptors exhausted", 20, [], [], finish(bench, ()),
           f"newcomers got {sorted(set(answers))}; again after "
           f"{1000 * (time.monotonic() - at):.0f} ms")
    return bench


def knock(port):
    """The status that a newcomer gets, or what else happens to him."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as s:
            s.settimeout(0.3)
            s.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            got = s.recv(100)
            return got.split()[1].decode() if got else "closed"
    except TimeoutError:
        return "waits"
    except OSError as e:
        return type(e).__name__


@row
def stopped_daemon():
    """SIGSTOP for 900 ms, five times: no child is blamed for it."""
    bench = Bench().begin()
    failures = bench.ask("/channel/1/status")["child_failures"]
    for _ in range(5):
        wait_for(lambda: bench.calm(1), "calm")
        os.kill(bench.process.pid, signal.SIGSTOP)
        at = time.monotonic()
        time.sleep(0.9)			# it is the fault itself
        bench.audience.excuse(time.monotonic() - at)
        os.kill(bench.process.pid, signal.SIGCONT)
        bench.await_place(1)
    bench.holds(bench.ask("/channel/1/status")["child_failures"] == failures,
                "a child was blamed")
    report("daemon stopped for 900 ms", 5, [], [], finish(bench, ()))
    return bench


# ---- media

MEDIA = {
    "missing": lambda p: None,
    "empty": lambda p: p.write_bytes(b""),
    "random": lambda p: p.write_bytes(random.Random(1).randbytes(50000)),
    "FIFO": os.mkfifo,
    "directory": lambda p: p.mkdir(),
    "device": lambda p: os.mknod(p, 0o020600, os.makedev(1, 3)),
    "symlink loop": lambda p: p.symlink_to(p.name),
    "replaced": lambda p: p.write_bytes(b"\2" * 6000),
}


@row
def media():
    """The film of a channel becomes something else, then its child dies: a
    child that plays on notices nothing.  What cannot be played is tried again
    a minute later at the latest, or when the operator says so."""
    bench = Bench().begin()
    for name, make in MEDIA.items():
        if name == "device" and os.geteuid() != 0:
            continue
        wait_for(lambda: airs_film(bench) and bench.calm(1), "calm")
        film = bench.film_of(1)
        kept = film.with_name("kept")
        film.rename(kept)
        try:
            make(film)
            spoilt(bench, name, film, kept)
        except Broken as e:
            bench.failed.append(f"{name}: {e}")
        finally:
            restore(film, kept)
    return bench


def airs_film(bench):
    """Neither filler nor slate, not even what is left of them."""
    bench.look()
    return bench.ask("/channel/1/status")["content"]["kind"] not in (
        "filler", "slate")


def restore(film, kept):
    if kept.exists():
        if film.is_dir() and not film.is_symlink():
            film.rmdir()
        kept.replace(film)


def spoilt(bench, name, film, kept):
    after = After(bench, 1)
    os.kill(wait_for(lambda: bench.child(1), "a child"), signal.SIGKILL)
    # What the fake one cannot tell from a film is one to it.
    if name in ("random", "replaced"):
        restore(film, kept)
        bench.await_place(1)
        report(f"media: {name}", 1, [], [], finish(bench))
        return
    wait_for(lambda: after.instead() or bench.look(), "slate or filler")
    slate = after.slate()
    restore(film, kept)
    at = time.monotonic()
    done = bench.ctl("restart", "1")
    bench.holds(done.returncode == 0, done.stderr)
    wait_for(lambda: airs_film(bench), "the film")
    back = bench.await_place(1) - at
    report(f"media: {name}", 1, [slate[0]] if slate else [],
           [after.programme()], finish(bench),
           f"{back:.1f} s after it was back")


# ---- the clock

YEARS_S = 10 * 365 * 86400


class Clocked(Bench):
    """With a system clock of its own, that can be set."""

    def __init__(self, **more):
        super().__init__(**more)
        self.clock = faketime.Clock(self)

    def ready(self):
        # Waits with a deadline end at once under that clock, and with them
        # the daemon's patience: until all is read channels may wait.
        return super().ready() and not self.ask("/status")["reading"]

    def set_clock(self, by):
        """Set it forward by so many seconds."""
        self.clock.move(by)

    def house_steps(self, by):
        was, mono = self.house_at
        self.house_at = was + by, mono


@row
def clock_often():
    """The clock is set two minutes on and back, ten times each, while there
    are bytes on their way to viewers."""
    if not faketime.is_there():
        return None
    bench = Clocked().begin()
    for i in range(20):
        before = [w.judge.steps for w in bench.audience.watches]
        by = 120 if i % 2 == 0 else -120
        bench.house_steps(by)
        bench.set_clock(by)
        wait_for(lambda: all(w.judge.steps > b for w, b in zip(
            bench.audience.watches, before)), "a re-join")
        wait_for(lambda: bench.look() or bench.truth.in_place(1), "in place")
    laps = sum(c["laps"] for c in bench.ask("/status")["channels"])
    report("clock +-2 min", 20, [], [], finish(bench, (1, 2)),
           f"{laps} times a viewer was overtaken")
    bench.holds(laps == 0, "viewers have lost what was on its way")
    return bench


@row
def clock_steps():
    """The system's clock goes an hour forward, back, and 400 ms off."""
    if not faketime.is_there():
        print("clock steps: not measured, there is no libfaketime")
        return None
    for name, offset, steps in (("+1 h", 3600, 1), ("-1 h", -3600, 1),
                                ("+400 ms, slewed", 0.4, 0),
                                ("leap second, -1 s", -1.0, 1)):
        bench = Clocked()
        try:
            bench.begin()
            before = [w.judge.steps for w in bench.audience.watches]
            at = time.monotonic()
            bench.set_clock(offset)
            if steps:
                wait_for(lambda: all(
                    w.judge.steps > b for w, b in zip(
                        bench.audience.watches, before)), "a re-join")
            time.sleep(2 if not steps else 0)
            bench.house_steps(offset if steps else 0)
            took = [bench.await_place(n) - at for n in bench.formats]
            joined = [w.judge.steps - b for w, b in zip(
                bench.audience.watches, before)]
            bench.holds(joined == [steps] * len(joined),
                        f"{joined} re-joins, not {steps}")
            report(f"clock {name}", 1, [], [], finish(bench, (1, 2)),
                   f"in its place after {max(took):.2f} s, re-joins {joined}")
        except Broken as e:
            bench.failed.append(f"{name}: {e}")
        check(name, bench)
    return None


def overrides(bench):
    """What airs by an operator's word: {channel: (file, until when)}."""
    return {int(c["number"]): (o["file"], o["until"])
            for c in bench.ask("/status")["channels"]
            if (o := c["override"]) and o["kind"] == "takeover"}


def left(bench, n):
    """For how many seconds channel n is taken over yet, or None."""
    until = overrides(bench).get(n, (None, None))[1]
    return until and house.instant(until) / 1e9 - bench.house()


def take_over(bench, alarm):
    for words in (("1", "--slate"), ("--for", "1h", "2", str(alarm))):
        done = bench.ctl("takeover", *words)
        bench.holds(done.returncode == 0, done.stderr)


@row
def clock_takeover():
    """The clock goes ten minutes back, then a day on, and back again while
    no daemon runs: what an operator has taken off the air stays off."""
    if not faketime.is_there():
        return None
    bench = Clocked().begin()
    alarm = bench.top / "alarm.3s.mkv"
    bench.film(alarm, 3)
    airs = {1: 0, 2: fakeread.name_of(alarm)}
    take_over(bench, alarm)

    def taken(n):
        run = bench.watch(n).judge.run
        return run and run.asset == airs[n] and bench.truth.in_place(n)

    wait_for(lambda: bench.look() or all(map(taken, airs)), "the takeovers")
    hour = left(bench, 2) + time.monotonic()
    for w in bench.audience.watches:
        w.judge.history.clear()
    for by in (-600, 86400):
        before = [w.judge.steps for w in bench.audience.watches]
        bench.house_steps(by)
        bench.set_clock(by)
        wait_for(lambda: all(w.judge.steps > b for w, b in zip(
            bench.audience.watches, before)), "a re-join")
        wait_for(lambda: bench.look() or all(map(taken, airs)), "in place")
        bench.holds(overrides(bench).keys() == airs.keys(),
                    f"{by} s: a takeover is over")
        bench.holds(abs(left(bench, 2) + time.monotonic() - hour) < 2,
                    f"{by} s: {left(bench, 2)} s are left")
    for n, asset in airs.items():
        seen = {r.asset for r in bench.watch(n).judge.history}
        # The slate stands in until the file's child is there.
        bench.holds(seen <= {0, asset}, f"channel {n} has aired {seen}")
    bench.holds(bench.ctl("release", "--all").returncode == 0, "no release")
    wait_for(lambda: bench.look() or not overrides(bench), "the release")
    for n in airs:
        bench.await_place(n)
    report("clock, under a takeover", 2, [], [], finish(bench, (1, 2)))
    take_over(bench, alarm)
    stored = bench.dir / "state" / "takeovers.json"
    wait_for(lambda: str(alarm) in stored.read_text(), "it is stored")
    bench.kill()
    bench.set_clock(-600)
    bench.start("-T", START)
    bench.holds(overrides(bench).keys() == airs.keys(),
                f"after the restart: {overrides(bench)}")
    return bench


@row
def clock_years():
    """The clock goes ten years forward, as a dead one does that is set at last,
    and back: pad airs until the programme of then is planned.  In each of
    their days there are many choices."""
    if not faketime.is_there():
        return None
    bench = Clocked(films=2, film_s=120, grid=2).begin()
    for by in (YEARS_S, -YEARS_S):
        before = [w.judge.steps for w in bench.audience.watches]
        at = time.monotonic()
        bench.house_steps(by)
        bench.set_clock(by)
        wait_for(lambda: all(w.judge.steps > b for w, b in zip(
            bench.audience.watches, before)), "a re-join")
        took = [bench.await_place(n, 60) - at for n in bench.formats]
        joined = [w.judge.steps - b for w, b in zip(
            bench.audience.watches, before)]
        bench.holds(joined == [1, 1], f"{joined} re-joins")
        pause = bench.elsewhere()[2]
        bench.holds(pause <= PAUSE_MS, f"a pause of {pause} ms")
        report(f"clock {by:+} s", 1, [], [], finish(bench, (1, 2)),
               f"in its place after {max(took):.2f} s, longest pause {pause}")
    return bench


@row
def clock_lost():
    """The clock says a time before 1970, then one after 2200, then its own."""
    if not faketime.is_there():
        return None
    bench = Clocked().begin()
    for offset in (-3_000_000_000, 6_000_000_000, 0):
        bench.set_clock(offset - bench.clock.offset)
        seen = bench.watch(1).judge.pictures
        wait_for(lambda: bench.watch(1).judge.pictures > seen + 100,
                 "four seconds of it")
    bench.await_place(1)
    report("clock before 1970, after 2200", 1, [], [], finish(bench, (1, 2)))
    bench.holds([w.judge.steps for w in bench.audience.watches] == [0, 0],
                "it was followed")
    return bench


@row
def odd_times():
    """Starts at which clocks have done odd things before."""
    for name, when in (("1970", "1970-01-01T00:00:10Z"),
                       ("2038", "2038-01-19T03:14:00Z"),
                       ("past 2038", "2106-02-07T06:28:10Z"),
                       ("leap second", "2016-12-31T23:59:55Z"),
                       ("29 February", "2028-02-29T23:59:55Z")):
        bench = Bench()
        try:
            bench.begin("-T", when)
            report(f"clock: start in {name}", 1, [], [], finish(bench, ()))
        except Broken as e:
            bench.failed.append(f"{name}: {e}")
        check(name, bench)
    return None


@row
def uptimes():
    """The monotonic clock passes 24.8 and 49.7 days: 2^31 and 2^32 ms."""
    if subprocess.run(["unshare", "-T", "true"],
                      stderr=subprocess.DEVNULL).returncode != 0:
        print("uptimes: not measured, there is no time namespace to be had")
        return None
    for days, bits in (("24.8", 2**31), ("49.7", 2**32)):
        bench = Bench()
        offset = bits // 1000 - int(time.monotonic()) - 6
        argv = bench.argv
        bench.argv = lambda *o, a=argv, off=offset: [
            "unshare", "-T", "--monotonic", str(off), "--boottime", str(off),
            "--", *a(*o)]
        try:
            bench.begin()
            wait_for(lambda: time.monotonic() + offset > bits / 1000 + 1,
                     "it has passed them")
            seen = bench.watch(1).judge.pictures
            wait_for(lambda: bench.watch(1).judge.pictures > seen + 100,
                     "four seconds more of it")
            report(f"uptime passes {days} days", 1, [], [],
                   finish(bench, ()))
        except Broken as e:
            bench.failed.append(f"{days}: {e}")
        check(days, bench)
    return None


bad = []


def check(name, bench):
    for text in bench.failed:
        print(f"    {name}: DOES NOT HOLD: {text}")
        bad.append(name)
    bench.close()


def measure(name):
    bench = None
    try:
        bench = rows[name]()
    except Broken as e:
        print(f"    {name}: DOES NOT HOLD: {e}")
        bad.append(name)
    if bench is not None:
        check(name, bench)


def run(names):
    """How many times something did not hold."""
    bad.clear()
    for name in names:
        try:
            measure(name)
        finally:
            while Bench.open_ones:
                Bench.open_ones[-1].close()
    return len(bad)


def main():
    print(f"{'':34} {'':5} {'slate after ms':>16} {'programme after':>16} "
          f"{'elsewhere':>17}\n{'':34} {'times':>5} {'p50/p99/max':>16} "
          f"{'p50/p99/max':>16} {'lost':>4} {'slate':>5} {'pause':>6}")
    return 1 if run(sys.argv[1:] or list(rows)) else 0


if __name__ == "__main__":
    sys.exit(main())
