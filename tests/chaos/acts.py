"""What may happen to a station.  Each act is a function of the chaos that it
happens in: it does its harm, returns what it was in words, and leaves with
chaos.later() what ends it.  None may ask for more than the machine has."""

import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

from house import proc

WORDS = ["mute=%d", "garbage=%d", "cut=%d", "die=%d", "close=%d ignore_term",
         "speed=60", "speed=90", "speed=105", "early=30", "early=3 exit=1",
         "late", "late ignore_term", "delay=1500", "delay=4000", "cc=20",
         "pcr=40", "stderr=300000", "fork early=50", "empty", "exit=1",
         "exit=127", "mute=0 ignore_term", "pipe=4096 speed=200"]
JUNK = [
    b"GET /\r\n", b"GET / HTTP/0.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
    b"DESCRIBE rtsp://x/ RTSP/1.0\r\n\r\n", b"\r\n" * 5000,
    b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
    b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /reload HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    b"GET /channel/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /channel/%00/stream.ts HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: 5\r\n\r\n", bytes(range(256)) * 40, b"",
]
BAD_YAML = ["name: [\n", "channel: one\nchannel: two\n", "\tx\n", "a: *b\n",
            "", "[" * 2000, "\xff\xfe"]
BUSY = """\
import time
end = time.monotonic() + %f
while time.monotonic() < end:
    pass
"""


def connect(chaos):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(2)
    s.connect(("127.0.0.1", chaos.house.port))
    return s


def ask_stream(chaos):
    s = connect(chaos)
    n = chaos.channel()
    s.sendall(f"GET /channel/{n}/stream.ts HTTP/1.1\r\nHost: x\r\n\r\n"
              .encode())
    return s, n


# ---- children

def kill_child(chaos):
    pids = chaos.children()
    if not pids:
        return None
    pid, name = chaos.rng.choice(pids), chaos.rng.choice(
        ["SIGKILL", "SIGKILL", "SIGTERM", "SIGSTOP", "SIGSEGV"])
    chaos.signal(pid, getattr(signal, name))
    if name == "SIGSTOP" and chaos.rng.random() < 0.5:
        chaos.later(chaos.rng.uniform(0.2, 3), lambda: chaos.signal(
            pid, signal.SIGCONT), f"SIGCONT {pid}")
    chaos.struck_all()
    return f"{name} {pid}"


def kill_all(chaos):
    pids = chaos.children()
    if not pids:
        return None
    for pid in pids:
        chaos.signal(pid, signal.SIGKILL)
    chaos.struck_all()
    return f"SIGKILL all {len(pids)} children"


def misbehave(chaos):
    """The next children of a channel do something else than they should."""
    if chaos.house.real:
        return None
    n, words = chaos.channel(), chaos.rng.choice(WORDS)
    if "%d" in words:
        words %= chaos.rng.choice([188 * 40, 20000, 30001, 100])
    once = chaos.rng.random() < 0.7
    films = sorted(chaos.house.films(n).glob("*.mkv"))
    for film in films:
        pathlib.Path(f"{film}.fake").write_text(
            words + (" once" if once else ""))

    def undo():
        for film in films:
            pathlib.Path(f"{film}.fake").unlink(missing_ok=True)
    chaos.later(chaos.rng.uniform(2, 12 if once else 6), undo,
                f"children of {n} are good")
    chaos.struck(n, 20)
    return f"children of {n}: {words}{' once' if once else ''}"


# ---- media

def spoil(chaos):
    """A film is gone, or is something else, for a while."""
    n = chaos.channel()
    films = sorted(p for p in chaos.house.films(n).glob("*.mkv")
                   if p.is_file() and not chaos.is_spoilt(p))
    if not films:
        return None
    film = chaos.rng.choice(films)
    kept = film.with_name(film.name + ".kept")
    how = chaos.rng.choice(["gone", "empty", "short", "noise", "fifo",
                            "directory", "loop", "unreadable", "touched",
                            "overwritten"])
    chaos.spoilt.add(film)
    if how == "overwritten":
        shutil.copy(film, kept)
        with open(film, "r+b") as f:
            f.write(os.urandom(4000))
    else:
        os.rename(film, kept)
    if how in ("empty", "short"):
        film.write_bytes(b"" if how == "empty" else b"xx")
    elif how == "noise":
        film.write_bytes(os.urandom(5000))
    elif how == "fifo":
        os.mkfifo(film)
    elif how == "directory":
        film.mkdir()
    elif how == "loop":
        film.symlink_to(film.name)
    elif how in ("unreadable", "touched"):
        shutil.copy(kept, film)
        if how == "unreadable":
            film.chmod(0)

    def undo():
        if how == "directory":
            film.rmdir()
        os.replace(kept, film)
        chaos.spoilt.discard(film)
    chaos.later(chaos.rng.uniform(1, 8), undo, f"{film.name} of {n} is back")
    chaos.struck(n, 20)
    if chaos.rng.random() < 0.3:
        chaos.hup()
        return f"{film.name} of {n} is {how}, and SIGHUP"
    return f"{film.name} of {n} is {how}"


# ---- the schedule

def reload_good(chaos):
    n = chaos.channel()
    path, text = chaos.house.channel_file(n), chaos.house.channel_text(n)
    what = chaos.rng.choice(["same", "shuffle", "filler", "title"])
    new = {"same": text, "shuffle": text.replace("sequential", "shuffle"),
           "filler": text.replace("linger: ", "group: g\nlinger: "),
           "title": text.replace("title: All day", "title: Some day")}[what]
    chaos.replace(path, new)
    chaos.hup()
    return f"reload, channel {n}: {what}"


def reload_bad(chaos):
    n = chaos.channel()
    path = chaos.house.channel_file(n)
    bad = chaos.rng.choice(BAD_YAML)
    text = chaos.house.channel_text(n)
    half = text[:chaos.rng.randrange(len(text))]
    what = bad + text if chaos.rng.random() < 0.5 else half + bad
    path.write_text(what, "latin-1")
    chaos.hup()

    def undo():
        chaos.replace(path, chaos.house.channel_text(n))
        chaos.hup()
    chaos.later(chaos.rng.uniform(0.2, 3), undo, f"channel {n}'s file is good")
    return f"reload, channel {n}'s file is broken"


def hup_storm(chaos):
    many = chaos.rng.randrange(20, 300)
    for _ in range(many):
        chaos.hup()
    return f"{many} SIGHUPs"


# ---- viewers and others

def stuck_viewers(chaos):
    many = chaos.rng.randrange(1, 20)
    socks = [ask_stream(chaos)[0] for _ in range(many)]
    chaos.later(chaos.rng.uniform(1, 20), lambda: [s.close() for s in socks],
                f"{many} stuck viewers leave")
    return f"{many} viewers who never read"


def slow_viewer(chaos):
    s, n = ask_stream(chaos)
    s.setblocking(False)

    def sip(left):
        try:
            s.recv(500)
        except OSError:
            pass
        if left:
            chaos.later(0.2, lambda: sip(left - 1), None)
        else:
            s.close()
    sip(chaos.rng.randrange(10, 60))
    return f"a slow viewer of {n}"


def reset_viewers(chaos):
    many = chaos.rng.randrange(1, 20)
    for _ in range(many):
        s, _ = ask_stream(chaos)
        if chaos.rng.random() < 0.5:
            try:
                s.recv(1000)
            except OSError:
                pass
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack("ii", 1, 0))
        s.close()
    return f"{many} viewers reset"


def half_request(chaos):
    s = connect(chaos)
    s.sendall(b"GET /channel/1/str")
    chaos.later(chaos.rng.uniform(0.1, 12), s.close, None)
    return "half a request"


def junk(chaos):
    many = chaos.rng.randrange(1, 6)
    for _ in range(many):
        s = connect(chaos)
        try:
            s.sendall(chaos.rng.choice(JUNK))
        except OSError:
            pass
        chaos.later(1, s.close, None)
    return f"{many} junk requests"


def control_junk(chaos):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(2)
    s.connect(str(chaos.house.dir / "c.sock"))
    try:
        s.sendall(chaos.rng.choice(JUNK))
    except OSError:
        pass
    chaos.later(1, s.close, None)
    return "junk on the control socket"


# ---- the operator

def operate(chaos):
    n = chaos.channel()
    what = chaos.rng.choice([("restart", str(n)), ("scan",), ("status",),
                             ("now",), ("reload",), ("log", "debug")])
    chaos.run_ctl(*what)
    if what[0] == "restart":
        chaos.struck(n, 20)
    return "retrovuectl " + " ".join(what)


# ---- the machine

def few_descriptors(chaos):
    pid = chaos.house.process.pid
    room = chaos.rng.randrange(0, 8)
    proc.limit_descriptors(pid, room)
    began = chaos.house.house_now()

    def undo():
        resource.prlimit(pid, resource.RLIMIT_NOFILE, chaos.descriptor_limit)
        chaos.starved.append((began, chaos.house.house_now()))
    chaos.later(chaos.rng.uniform(0.5, 4), undo, "descriptors are there again")
    chaos.struck_all(25)
    return f"room for {room} descriptors"


def busy_machine(chaos):
    seconds = chaos.rng.uniform(0.5, 2)
    nice = -20 if os.geteuid() == 0 else 0
    busy = subprocess.Popen([sys.executable, "-c", BUSY % seconds],
                            preexec_fn=lambda: os.nice(nice))
    chaos.later(seconds + 0.5, busy.wait, None)
    chaos.struck_all()
    return f"a busy loop at nice {nice} for {seconds:.1f} s"


def log_full(chaos):
    """The log's file system, which is small, has no room."""
    if not chaos.log_mounted:
        return None
    ballast = chaos.house.dir / "log" / "ballast"
    with open(ballast, "ab", buffering=0) as f:
        for size in (65536, 512, 1):
            try:
                while f.write(b"x" * size):
                    pass
            except OSError:
                pass
    chaos.later(chaos.rng.uniform(1, 5), lambda: ballast.unlink(
        missing_ok=True), "the log has room")
    return "no room for the log"


def rotate(chaos):
    pid = chaos.house.process.pid
    if not proc.catches(pid, signal.SIGUSR1):
        return None
    log = chaos.house.dir / "log" / "playout.log"
    if log.exists():
        os.replace(log, log.with_suffix(".log.1"))
    for _ in range(chaos.rng.choice([1, 1, 50])):
        os.kill(pid, signal.SIGUSR1)
    return "the log is rotated, and SIGUSR1"


def stop_daemon(chaos):
    pid, seconds = chaos.house.process.pid, chaos.rng.uniform(0.1, 0.9)
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    time.sleep(seconds)		# it is the fault itself
    took = time.monotonic() - began
    chaos.house.audience.excuse(took)   # before anything comes again
    os.kill(pid, signal.SIGCONT)
    chaos.stopped += took
    chaos.struck_all()
    return f"the daemon is stopped for {took:.2f} s"


ACTS = [(kill_child, 12), (kill_all, 3), (misbehave, 12), (spoil, 8),
        (reload_good, 4), (reload_bad, 4), (hup_storm, 2),
        (stuck_viewers, 3), (slow_viewer, 4), (reset_viewers, 4),
        (half_request, 3), (junk, 5), (control_junk, 2), (operate, 5),
        (few_descriptors, 3), (busy_machine, 2), (log_full, 2), (rotate, 3),
        (stop_daemon, 2)]


class LogMount:
    """A file system of a mebibyte for the log, where we may have one."""

    def __init__(self, directory):
        self.directory, self.mounted = directory, False
        directory.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            self.mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=4m", "none",
                 str(directory)], stderr=subprocess.DEVNULL).returncode == 0

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.directory)])
