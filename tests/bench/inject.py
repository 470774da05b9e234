#!/usr/bin/python3
"""inject.py [--scenario NAME] [--n N] [--seed N]: one thing that the
system refuses, once, while a station starts, is tuned in to, comes to a
boundary, is read anew and ends.

    malloc   no memory, at each place in the libraries in turn
    own      no memory, for one of the daemon's own allocations: exit 71
    calls    one system call fails with an error that it can have

Whatever is refused, the daemon ends by itself with a defined exit code, or
goes on: it answers, airs, and ends when it is told to.  No signal ends it, it
does not hang, no child is left, nor more memory than without a fault.  Prints what did not hold; exit code 1 where
something did not.  The children are fake ones."""

import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "chaos"))
import house  # noqa: E402
from house import conftest, proc  # noqa: E402

SHIM = conftest.BUILD / "failmalloc.so"
DEFINED = {69, 71, 77, 78}
READY_S = 60
ANSWER_S = 30
END_S = 15
FILM_S = 3
PACKET = 188

# What may fail how.  A path confines it to files: from an eventfd or a pipe
# that it has just made no system answers EIO, and libuv takes it at its word.
FILES = "FILES"
CALLS = [
    ("openat", "EMFILE", None), ("openat", "ENFILE", None),
    ("openat", "ENOMEM", None), ("openat", "EIO", FILES),
    ("openat", "ENOSPC", FILES), ("openat", "EINTR", FILES),
    ("read", "EIO", FILES), ("read", "EINTR", FILES),
    ("write", "ENOSPC", FILES), ("write", "EIO", FILES),
    ("write", "EINTR", FILES),
    ("pread64", "EIO", FILES), ("pwrite64", "EIO", FILES),
    ("pwrite64", "ENOSPC", FILES),
    ("accept4", "EMFILE", None), ("accept4", "ENFILE", None),
    ("accept4", "ENOMEM", None), ("accept4", "ECONNABORTED", None),
    ("accept4", "EINTR", None),
    ("socket", "EMFILE", None), ("socket", "ENOMEM", None),
    ("bind", "ENOMEM", None), ("listen", "ENOMEM", None),
    ("clone,clone3,fork,vfork", "EAGAIN", None),
    ("clone,clone3,fork,vfork", "ENOMEM", None),
    ("execve", "ENOMEM", None), ("execve", "EIO", None),
    ("mmap", "ENOMEM", None), ("mmap", "EMFILE", None),
    ("memfd_create", "EMFILE", None), ("memfd_create", "ENOMEM", None),
    ("ftruncate", "ENOSPC", None), ("ftruncate", "EIO", None),
    ("fallocate", "EOPNOTSUPP", None), ("fallocate", "EIO", None),
    ("fallocate", "EINTR", None),
    ("sendfile", "EINTR", None), ("sendfile", "EIO", None),
    ("sendfile", "EAGAIN", None), ("sendfile", "ENOMEM", None),
    ("sendto,sendmsg", "ENOBUFS", None), ("sendto,sendmsg", "EINTR", None),
    ("recvfrom", "EINTR", None), ("recvfrom", "ECONNRESET", None),
    ("pipe2", "EMFILE", None), ("pipe2", "ENFILE", None),
    ("epoll_create1", "EMFILE", None), ("eventfd2", "EMFILE", None),
    ("fcntl", "ENOMEM", FILES), ("fstat,newfstatat,statx", "EIO", FILES),
    ("fsync,fdatasync", "EIO", None), ("fsync,fdatasync", "ENOSPC", None),
    ("rename,renameat,renameat2", "EIO", None),
    ("unlink,unlinkat", "EIO", None), ("mkdir", "ENOSPC", FILES),
    ("getdents64", "EIO", None), ("getrandom", "EINTR", None),
]


class Failed(Exception):
    pass


class Ended(Exception):
    """The daemon has, with that code."""


class Run(house.House):
    """A station and what it is put through."""

    def __init__(self):
        super().__init__(channels=1, formats=[((25, 1), "aac", "320x180")],
                         films=2, film_s=FILM_S, marks=None, linger=1)
        self.wrap = []
        self.may_wait = False       # a channel may say that it cannot air
        self.env.update({"LD_PRELOAD": str(SHIM),
                         "FAILMALLOC_PROGRAM": "retrovued"})

    def argv(self, *options):
        return self.wrap + super().argv(*options)

    def check(self):
        rc = self.process.poll()
        if rc is not None:
            raise Ended(rc)

    def until(self, fact, what, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            try:
                value = fact()
                if value:
                    return value
            except (OSError, ValueError, conftest.requests.RequestException):
                pass
            time.sleep(0.02)
        raise Failed(f"not within {seconds} s: {what}")

    def tell(self, path):
        return conftest.requests.get(self.url(path), timeout=2).json()

    def watch_bytes(self, many):
        """So many bytes of the channel, from one viewer."""
        with socket.create_connection(("127.0.0.1", self.port), 2) as s:
            s.settimeout(4)
            s.sendall(b"GET /channel/1/stream.ts HTTP/1.1\r\n"
                      b"Host: localhost\r\n\r\n")
            head, got = b"", 0
            while got < many:
                some = s.recv(65536)
                if not some:
                    return False
                if b"\r\n\r\n" not in head:
                    head += some
                    if b"\r\n\r\n" not in head:
                        continue
                    if not head.startswith(b"HTTP/1.1 200"):
                        return self.may_wait and head[9:12] == b"503"
                    some = head.partition(b"\r\n\r\n")[2]
                got += len(some)
        return True

    def boundary(self):
        """Watch until another programme is on."""
        with socket.create_connection(("127.0.0.1", self.port), 2) as s:
            s.settimeout(0.5)
            s.sendall(b"GET /channel/1/stream.ts HTTP/1.1\r\n"
                      b"Host: localhost\r\n\r\n")
            first, end = None, time.monotonic() + FILM_S + 2
            while time.monotonic() < end:
                try:
                    s.recv(1 << 20)
                    now = self.tell("/status")["channels"][0]["content"]
                except (OSError, ValueError,
                        conftest.requests.RequestException):
                    self.check()
                    continue
                first = first or now
                if now and first and now["event_id"] != first["event_id"]:
                    return

    def go(self):
        """Start, tune in, boundary, reload, stop."""
        self.launch("-T", "2026-01-15T14:30:00Z")
        self.until(lambda: self.tell("/status")["ready"], "ready", READY_S)
        self.until(lambda: self.watch_bytes(100 * PACKET), "tuned in",
                   ANSWER_S)
        self.boundary()
        self.check()
        self.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.until(lambda: self.watch_bytes(100 * PACKET),
                   "airs after the reload", ANSWER_S)
        self.check()
        self.process.send_signal(signal.SIGTERM)
        try:
            raise Ended(self.process.wait(END_S))
        except subprocess.TimeoutExpired:
            raise Failed(f"has not ended {END_S} s after SIGTERM") from None

    def left(self):
        mark = str(self.top).encode()
        return [p for p in os.listdir("/proc") if p.isdigit()
                and mark in proc.command(p)
                and int(p) != os.getpid() and b"strace" not in
                proc.command(p)]

    def unloaded(self):
        """True where it was the dynamic loader or libc's name service that was
        refused something: what they do then is not ours."""
        said = (self.dir / "stderr").read_text()
        return (said == "" and self.may_wait or
                "loading shared libraries" in said or
                "memory for thread-local data: ABORT" in said or
                "nss_" in said)

    def blocks(self):
        """Of memory that it had not freed at its end; None where it ended
        without counting."""
        said = re.findall(r"(\d+) blocks are left",
                          (self.dir / "stderr").read_text())
        return int(said[-1]) if said else None

    def no_child(self):
        end = time.monotonic() + 5
        while self.left() and time.monotonic() < end:
            time.sleep(0.02)
        if self.left():
            raise Failed("children are left: " + str(
                [proc.command(p)[:80] for p in self.left()]))


def once(prepare, codes, blocks=None):
    """What did not hold in one run, or ""; and the run's exit code.  Blocks:
    of memory that may be left; any number where that is None."""
    r = Run()
    rc = None
    try:
        prepare(r)
        try:
            r.go()
        except Ended as e:
            rc = e.args[0]
        if rc not in codes and not (
                rc in (127, -signal.SIGSEGV, -signal.SIGABRT) and
                r.unloaded()):
            raise Failed(f"exit code {rc}")
        r.no_child()
        if None not in (blocks, r.blocks()) and r.blocks() > blocks:
            raise Failed(f"{r.blocks() - blocks} blocks more are left")
        return "", rc
    except Failed as e:
        said = (r.dir / "stderr").read_text().strip().splitlines()[-3:]
        return f"{e}: {' | '.join(said)}", rc
    finally:
        r.close()


def preload(**what):
    def prepare(r):
        r.env.update({f"FAILMALLOC_{k.upper()}": str(v)
                      for k, v in what.items()})
    return prepare


def blocks_left():
    """Of memory, at the end of a run without fault: the system's own, which
    are as many each time."""
    seen = []

    def prepare(r):
        r.close, close = lambda: (seen.append(r.blocks()), close()), r.close

    wrong, _ = once(prepare, {0})
    if wrong:
        sys.exit(f"without a fault: {wrong}")
    return seen[0]


def places():
    """([(hash, library)], number of own allocations) of a run without fault."""
    path = pathlib.Path(f"/tmp/inject.{os.getpid()}")
    try:
        wrong, _ = once(preload(list=path), {0})
        if wrong:
            sys.exit(f"without a fault: {wrong}")
        lines = [line.split() for line in path.read_text().splitlines()]
    finally:
        path.unlink(missing_ok=True)
    return ([(h, pathlib.Path(lib).name) for h, lib in lines if h != "own"],
            max(int(n) for h, n in lines if h == "own"))


def scenario_malloc(o):
    found, _ = places()
    o.rng.shuffle(found)
    # Most are SQLite's: they come last.
    many = collections.Counter(library for _, library in found)
    found.sort(key=lambda place: many[place[1]])
    print(f"{len(found)} places: " + ", ".join(
        f"{n} {library}" for library, n in many.items()), flush=True)
    for h, library in found:
        yield f"{h} {library}", preload(place=h), DEFINED | {0}


def scenario_own(o):
    _, many = places()
    print(f"{many} allocations", flush=True)
    while True:
        n = o.rng.randrange(1, many)
        # What is not come to this time is no failure.
        yield f"number {n}", preload(own=n), {0, 71}


# What the dynamic loader and libc need before main() is theirs to lose.
BEFORE_MAIN = {"mmap": 90, "openat": 30, "read": 25, "fstat": 30}


def strace(calls, error, where, n, everywhere):
    """Everywhere: in each thread and child its n-th; else on the loop."""
    def prepare(r):
        r.may_wait = everywhere
        paths = []
        if where == FILES:
            for p in ("log", "state", "asrun"):
                (r.dir / p).mkdir(exist_ok=True)
            for p in (r.dir, r.top):
                for q in [p, *p.rglob("*")]:
                    paths += ["-P", str(q)]
            for name in ("log/playout.log", "state/library.db",
                         "state/library.db-journal", "state/library.db-wal",
                         "retrovued.pid"):
                paths += ["-P", str(r.dir / name)]
        r.wrap = ["strace", "-D", *(["-f"] * everywhere), "-qq",
                  "-o", str(r.dir / "strace"), "-e", f"trace={calls}", "-e",
                  f"inject={calls}:error={error}:when={n}", *paths]
    return prepare


def scenario_calls(o):
    while True:
        calls, error, where = o.rng.choice(CALLS)
        n = int(2 ** o.rng.uniform(0, 6))
        everywhere = o.rng.random() < 0.5
        if not everywhere and where is None:
            n += BEFORE_MAIN.get(calls.split(",")[0], 0)
        yield (f"{calls} {error} number {n}{' of files' * bool(where)}"
               f"{' everywhere' * everywhere}",
               strace(calls, error, where, n, everywhere), DEFINED | {0})


SCENARIOS = {"malloc": scenario_malloc, "own": scenario_own,
             "calls": scenario_calls}


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--scenario", choices=SCENARIOS, action="append")
    p.add_argument("--n", type=int, default=30, help="runs of each")
    p.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    return p.parse_args()


def run(name, o):
    """How many runs of a scenario did not hold."""
    bad, codes = 0, {}
    o.blocks = blocks_left()
    o.rng = random.Random(o.seed)
    try:
        for i, (what, prepare, allowed) in enumerate(SCENARIOS[name](o)):
            if i == o.n:
                break
            wrong, rc = once(prepare, allowed, o.blocks)
            codes[rc] = codes.get(rc, 0) + 1
            if wrong:
                bad += 1
                print(f"{name} {what}: {wrong}", flush=True)
    finally:
        print(f"{name}: {sum(codes.values())} runs, exit codes " + ", ".join(
            f"{rc} {n}x" for rc, n in sorted(
                codes.items(), key=lambda c: -c[1])) + f" (seed {o.seed})",
            flush=True)
    return bad


def main():
    o = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if shutil.which("strace") is None:
        sys.exit("inject.py: there is no strace")
    return 1 if sum(run(name, o) for name in o.scenario or SCENARIOS) else 0


if __name__ == "__main__":
    sys.exit(main())
