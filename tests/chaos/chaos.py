#!/usr/bin/python3
"""chaos.py [--seed N] [--minutes M] [--channels C] [--real]

A station to which everything happens that can, in an order that the seed
decides, while a healthy viewer per channel judges every packet.  A line a
minute, a table at the end; exit code 1, with the seed and what had happened,
where anything that must hold did not.

What must hold: the same daemon; every healthy viewer's stream on its grids
from the first packet to the last, with what the daemon says belongs there or
with slate; no pause beyond coalescing and 250 ms, where a channel has been
struck beyond the half second that a slot is waited for; ten seconds after the
last act everything in its place; no zombie, no descriptor and no memory
lost; in the as-run log a beginning and one end for everything.  Time in which
the machine let the daemon or us wait for a processor is not the daemon's."""

import argparse
import heapq
import itertools
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import acts
import house
from house import Broken, proc, wait_for

COALESCED = 0.1		# viewers are sent to so often
PAUSE = 0.25		# beyond that
WAITED = 0.5		# a slot is waited for so long where a child fails
SETTLED = 10.0		# after the last act everything is in its place
CALM_S = 5
LOOK_S = 0.25
RSS_SLACK = 8 << 20	# from the second third of the time to the last
ZOMBIE_S = 3
HISTORY_SHOWN = 60
TERMINAL = {"AIRED", "TRUNCATED", "SHORT", "SKIPPED", "SUBSTITUTED", "ERROR"}


class Chaos:
    def __init__(self, args):
        self.seed = args.seed
        self.rng = random.Random(args.seed)
        self.house = house.House(args.channels, args.real)
        self.seconds = args.minutes * 60
        self.history, self.broken = [], []
        self.undos, self.serial = [], itertools.count()
        self.spoilt, self.counts, self.closed = set(), {}, set()
        self.struck_until = dict.fromkeys(self.house.formats, 0.0)
        self.stopped = 0.0
        self.zombies = {}
        self.jobs = []
        self.settled = None
        self.rss_most = 0
        self.rss_least = [float("inf")] * 3     # in each third of the time
        self.starved = []	# spans without descriptors, house time
        self.asrun_rows = self.asrun_lost = 0
        self.mount = acts.LogMount(self.house.dir / "log")
        self.log_mounted = self.mount.mounted

    # ---- for the acts

    def channel(self):
        return self.rng.choice(sorted(self.house.formats))

    def children(self):
        return sorted(proc.named(self.house.process.pid))

    def signal(self, pid, signum):
        """Only what still is the daemon's child."""
        s = proc.stat(pid)
        if s is not None and s[2] == self.house.process.pid:
            os.kill(pid, signum)

    def hup(self):
        self.house.process.send_signal(signal.SIGHUP)

    def later(self, seconds, do, text):
        heapq.heappush(self.undos, (time.monotonic() + seconds,
                                    next(self.serial), do, text))

    def is_spoilt(self, path):
        return path in self.spoilt

    def struck(self, n, seconds=15):
        self.struck_until[n] = max(self.struck_until[n],
                                   time.monotonic() + seconds)

    def struck_all(self, seconds=15):
        for n in self.struck_until:
            self.struck(n, seconds)

    def replace(self, path, text):
        new = path.with_suffix(".new")
        new.write_text(text)
        os.replace(new, path)

    def run_ctl(self, *words):
        self.jobs.append(subprocess.Popen(
            [str(house.conftest.CTL), "-c", str(self.house.config), *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    # ---- a round

    def note(self, text):
        self.history.append(f"{time.monotonic() - self.began:8.2f} {text}")

    def act(self):
        do = self.rng.choices([f for f, _ in acts.ACTS],
                              [w for _, w in acts.ACTS])[0]
        try:
            text = do(self)
        except (TimeoutError, ConnectionError) as e:
            # No descriptor, or we have stopped it: it may refuse.
            text = f"{do.__name__}: {e}"
        if text is not None:
            self.counts[do.__name__] = self.counts.get(do.__name__, 0) + 1
            self.note(text)

    def undo(self, everything=False):
        while self.undos and (everything or
                              self.undos[0][0] <= time.monotonic()):
            _, _, do, text = heapq.heappop(self.undos)
            do()
            if text is not None:
                self.note(text)

    def break_(self, text):
        self.note("BROKEN: " + text)
        self.broken.append(text)

    def look(self):
        try:
            self.truth.look()
        except (OSError, ValueError, house.http.client.HTTPException):
            pass
        self.truth.judge()
        for text in self.truth.wrong:
            self.break_(text)
        self.truth.wrong.clear()
        for watch in self.house.audience.watches:
            self.look_at(watch)
        self.zombies_check()
        self.rss_look()
        self.jobs = [j for j in self.jobs if j.poll() is None]

    def rss_look(self):
        """Two editions are there for a moment, so the most says little; the
        least grows with what is lost."""
        rss = proc.rss(self.house.process.pid)
        third = int((time.monotonic() - self.began) / self.seconds * 3)
        self.rss_most = max(self.rss_most, rss)
        self.rss_least[min(third, 2)] = min(self.rss_least[min(third, 2)], rss)

    def look_at(self, watch):
        j, n = watch.judge, watch.channel
        if not watch.open and n not in self.closed:
            self.closed.add(n)
            self.break_(f"channel {n}: the stream was closed")
        for text in j.told[self.told[n]:]:
            self.break_(f"channel {n}: {text}")
        self.told[n] = len(j.told)
        while watch.gaps:
            at, gap = watch.gaps.popleft()
            struck = at < self.struck_until[n] + 2
            if gap > COALESCED + PAUSE + (WAITED if struck else 0):
                self.break_(f"channel {n}: nothing came for {gap:.3f} s")

    def zombies_check(self):
        now = time.monotonic()
        there = proc.zombies(self.house.process.pid)
        self.zombies = {p: self.zombies.get(p, now) for p in there}
        for pid, since in self.zombies.items():
            if now - since > ZOMBIE_S:
                self.break_(f"{pid} is a zombie")
                self.zombies[pid] = now + 3600

    def alive(self):
        code = self.house.process.poll()
        if code is not None:
            raise Broken(f"the daemon has ended with {code}: " +
                         (self.house.dir / "stderr").read_text()[-2000:])

    def say(self):
        watches = self.house.audience.watches
        print(f"{(time.monotonic() - self.began) / 60:6.1f} min: "
              f"{sum(self.counts.values())} acts, "
              f"{sum(w.judge.pictures for w in watches)} pictures, slate " +
              " ".join(f"{self.slate_s(n):.1f}" for n in self.house.formats) +
              f" s, longest pause {max(w.gap for w in watches):.3f} s (ours "
              f"{max(w.unexcused for w in watches):.3f}), RSS "
              f"{proc.rss(self.house.process.pid) / 2**20:.1f} MiB, "
              f"{len(self.children())} children, "
              f"{len(self.broken)} broken", flush=True)

    def slate_s(self, n):
        (num, den), _, _ = self.house.formats[n]
        return self.truth.slate[n] * den / num

    # ---- the whole

    def first_life(self):
        """Everything has been in use once: what is then left stays."""
        self.house.start()
        self.descriptor_limit = resource.prlimit(self.house.process.pid,
                                                 resource.RLIMIT_NOFILE)
        self.house.open()
        for n in self.house.formats:
            wait_for(lambda n=n: self.house.watch(n).judge.pictures > 50,
                     f"channel {n} is on", house.DEADLINE)
        self.house.audience.close()
        self.wait_idle()
        self.cold_descriptors = self.descriptors_still()

    def descriptors_still(self):
        """Once they are the same twice in a tenth of a second."""
        was = [None]

        def still():
            time.sleep(0.1)
            last, was[0] = was[0], self.descriptors()
            return last == was[0] and last
        return wait_for(still, "descriptors stay as they are")

    def wait_idle(self):
        pid = self.house.process.pid
        wait_for(lambda: not proc.children(pid) and not any(
            c["active"] for c in self.house.ask("/status")["channels"]),
            "nothing is on when nobody watches", house.DEADLINE)

    def start(self):
        self.first_life()
        self.house.open()
        self.truth = house.Truth(self.house)
        self.told = dict.fromkeys(self.house.formats, 0)
        self.began = time.monotonic()
        for n in self.house.formats:
            wait_for(lambda n=n: self.house.watch(n).judge.pictures > 200,
                     f"channel {n} is on", house.DEADLINE)
            self.look()
            if not self.house.real:
                wait_for(lambda n=n: self.truth.judged[n] > 0 or self.look(),
                         f"channel {n} airs its programme", house.DEADLINE)
        # It belongs to what the daemon holds all along.
        wait_for(lambda: self.guide_is_there() or self.look(),
                 "the guide is there", 120)
        self.descriptors_before = self.descriptors_still()

    def guide_is_there(self):
        try:
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.house.port}/iptv/xmltv.xml",
                    timeout=5) as answer:
                return answer.status == 200
        except OSError:         # not yet; we may have been kept waiting
            return False

    def descriptors(self):
        """How many of each kind; our own questions are none."""
        found = {}
        if self.house.connection is not None:
            self.house.connection.close()
            self.house.connection = None
        for what in proc.descriptors(self.house.process.pid).values():
            kind = re.sub(r"\d+", "", what.split(":")[0])
            found[kind] = found.get(kind, 0) + 1
        return found

    def run(self):
        self.start()
        end = self.began + self.seconds
        at, looked, said = self.began, 0.0, self.began + 60
        while (now := time.monotonic()) < end:
            self.undo()
            self.alive()
            if now >= at:
                self.act()
                at = time.monotonic() + self.rng.uniform(0.05, 1.2)
            if now >= looked + LOOK_S:
                self.look()
                looked = now
            if now >= said:
                self.say()
                said += 60
            time.sleep(0.02)
        self.finish()

    def finish(self):
        self.undo(everything=True)
        while self.undos:
            self.undo(everything=True)
        self.hup()
        last = time.monotonic()
        self.note("the last act")
        self.settle(last)
        self.calm()
        self.leave()

    def settle(self, last):
        """Everything in its place, and for a second."""
        since = dict.fromkeys(self.house.formats)
        while None in since.values() or time.monotonic() - max(
                since.values()) < 1:
            self.look()
            self.alive()
            now = time.monotonic()
            for n in since:
                if not self.truth.in_place(n):
                    since[n] = None
                elif since[n] is None:
                    since[n] = now
            if now - last > SETTLED + 20:
                self.break_("never in its place again: channels " + " ".join(
                    str(n) for n in since if since[n] is None))
                return
            time.sleep(0.05)
        self.settled = max(since.values()) - last
        if self.settled > SETTLED:
            self.break_(f"in its place only after {self.settled:.1f} s")

    def calm(self):
        before = dict(self.truth.slate)
        self.struck_until = dict.fromkeys(self.house.formats, 0.0)
        end = time.monotonic() + CALM_S + 3
        while time.monotonic() < end:
            self.look()
            self.alive()
            time.sleep(0.05)
        for n in self.house.formats:
            # What is judged two seconds late may still be of before.
            if self.truth.slate[n] - before[n] > 3 * self.house.formats[
                    n][0][0] // self.house.formats[n][0][1]:
                self.break_(f"channel {n}: slate long after the last act")
        self.check_conformance()
        self.descriptors_wait(self.descriptors_before, "with viewers")

    def check_conformance(self):
        """What another judge says of what came last: the one that operators
        use.  What fake children encode is none."""
        if not self.house.real:
            return
        for watch in self.house.audience.watches:
            path = self.house.dir / "tail.ts"
            path.write_bytes(watch.tail)
            done = subprocess.run([str(house.conftest.CTL), "check", "-q",
                                   str(path)], capture_output=True, text=True)
            if done.returncode != 0:
                self.break_(f"channel {watch.channel}: retrovuectl check: " +
                            (done.stdout + done.stderr)[-800:])

    def descriptors_wait(self, want, when):
        try:
            wait_for(lambda: self.descriptors() == want and
                     proc.pipes(self.house.process.pid) <=
                     2 * len(proc.children(self.house.process.pid)) + 2 * 4,
                     "descriptors", 25)
        except Broken:
            self.break_(f"descriptors {when}: {self.descriptors()}, not "
                        f"{want}")

    def leave(self):
        """Nobody watches any more: all that was for viewers goes."""
        pid = self.house.process.pid
        self.final = [(w.channel, w.judge, w) for w in
                      self.house.audience.watches]
        self.house.audience.close()
        try:
            self.wait_idle()
        except Broken as e:
            self.break_(f"{e}: {proc.children(pid)}")
        self.descriptors_wait(self.cold_descriptors, "without viewers")
        self.rss_look()
        more = self.rss_least[2] - self.rss_least[1]
        if more > RSS_SLACK:
            self.break_(f"memory grew by {more / 2**20:.1f} MiB")
        self.house.process.send_signal(signal.SIGTERM)
        try:
            if self.house.ends(3) != 0:
                self.break_(f"it ends with {self.house.process.returncode}")
        except AssertionError:
            self.break_("it does not end within three seconds")
        self.asrun_check()

    def asrun_check(self):
        """A beginning and one end for everything in the as-run log, where
        there is one.  What was to be written while there was no descriptor
        for it may be lost; it is counted."""
        self.asrun_rows = self.asrun_lost = 0
        for path in sorted((self.house.dir / "asrun").glob("**/*.jsonl")):
            began, ended = {}, {}
            for line in path.read_text().splitlines():
                row = json.loads(line)
                self.asrun_rows += 1
                (ended if row["status"] in TERMINAL else began)[
                    row["event_id"]] = row
            for what, row in began.items():
                if what not in ended:
                    self.asrun_lack(path, row, row.get("planned_frames", 0),
                                    "end")
            for what, row in ended.items():
                if what not in began:
                    self.asrun_lack(path, row, 0, "beginning")

    def asrun_lack(self, path, row, frames, what):
        slug, _, n = row["event_id"].rpartition("-")
        (num, den), _, _ = self.house.formats[int(slug[1:])]
        at = (int(n) + frames) * den / num
        if any(a - 1 < at < b + 2 for a, b in self.starved):
            self.asrun_lost += 1
        else:
            self.break_(f"{path.name}: {row['event_id']} has no {what}")

    def table(self):
        print(f"\nseed {self.seed}, {self.seconds:.0f} s, "
              f"{len(self.house.formats)} channels of "
              f"{'real' if self.house.real else 'fake'} children")
        print(f"{'channel':20} {'pictures':>9} {'in place':>9} "
              f"{'faults':>6} {'slate s':>8} "
              f"{'filler':>6} {'unknown':>7} {'pause s':>8} {'ours':>6} "
              f"{'MB':>7}")
        for n, j, w in self.final:
            (num, den), codec, _ = self.house.formats[n]
            print(f"{n} {num}/{den} {codec:4}".ljust(20),
                  f"{j.pictures:9} "
                  f"{self.truth.judged[n]:9} {j.faults:6} {self.slate_s(n):8.2f} "
                  f"{self.truth.instead[n]:6} {self.truth.unknown[n]:7} "
                  f"{w.gap:8.3f} {w.unexcused:6.3f} {w.bytes / 1e6:7.1f}")
        print("acts: " + ", ".join(f"{k} {v}" for k, v in
                                   sorted(self.counts.items())))
        print(f"in place {self.settled or -1:.1f} s after the last act; least "
              "RSS by thirds of the time "
              f"{' '.join(f'{r / 2**20:.1f}' for r in self.rss_least)} MiB, "
              f"most {self.rss_most / 2**20:.1f}; as-run rows {self.asrun_rows}, "
              f"{self.asrun_lost} lost for want of a descriptor")

    def tell(self):
        kept = pathlib.Path(f"/tmp/chaos-{self.seed}")
        kept.mkdir(exist_ok=True)
        (kept / "history").write_text("\n".join(self.history) + "\n")
        for path in [*(self.house.dir / "log").glob("playout.log*"),
                     self.house.dir / "stderr"]:
            if path.exists():
                shutil.copy(path, kept)
        if (self.house.dir / "asrun").exists():
            shutil.copytree(self.house.dir / "asrun", kept / "asrun",
                            dirs_exist_ok=True)
        print(f"\nseed {self.seed}: {len(self.broken)} times broken; kept in "
              f"{kept}; the last of what had happened:")
        print("\n".join(self.history[-HISTORY_SHOWN:]))

    def close(self):
        self.undo(everything=True)
        self.mount.close()
        self.house.close()


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=random.randrange(10**6))
    p.add_argument("--minutes", type=float, default=2)
    p.add_argument("--channels", type=int, default=4)
    p.add_argument("--real", action="store_true")
    return p.parse_args()


def main():
    chaos = Chaos(options())
    print(f"chaos: seed {chaos.seed}", flush=True)
    try:
        chaos.run()
        chaos.table()
    except Broken as e:
        chaos.break_(str(e))
    finally:
        if chaos.broken:
            chaos.tell()
        chaos.close()
    return 1 if chaos.broken else 0


if __name__ == "__main__":
    sys.exit(main())
