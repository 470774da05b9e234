"""What the kernel knows of a process and its children."""

import os
import pathlib
import re
import resource
import threading
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """(name, state, parent) of a process, or None."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    head, _, tail = text.rpartition(") ")
    state, parent = tail.split()[:2]
    return head.partition("(")[2], state, int(parent)


def children(pid):
    """{pid: (name, state)} of all children, zombies too."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        s = stat(entry)
        if s is not None and s[2] == pid:
            found[int(entry)] = s[:2]
    return found


def zombies(pid):
    return [p for p, (_, state) in children(pid).items() if state == "Z"]


def named(pid, name="ffmpeg"):
    """The living children of that name."""
    return [p for p, (n, state) in children(pid).items()
            if n == name and state != "Z"]


def started(pid):
    """When, in seconds on a clock of the kernel's."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return int(text.rpartition(") ")[2].split()[19]) / TICKS


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def descriptors(pid):
    """{number: what it is}, without pipes: those are the children's."""
    found = {}
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            what = os.readlink(f"/proc/{pid}/fd/{entry}")
        except OSError:
            continue
        if not what.startswith("pipe:"):
            found[int(entry)] = what
    return found


def limit_descriptors(pid, room):
    """Let it have `room` more than it has now; the limit as it was.  A limit
    is one of numbers, and there are gaps among them."""
    was = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = {int(n) for n in os.listdir(f"/proc/{pid}/fd")}
    limit = -1
    while room >= 0:
        limit += 1
        room -= limit not in used
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, was[1]))
    return was


def pipes(pid):
    found = 0
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            found += os.readlink(f"/proc/{pid}/fd/{entry}").startswith("pipe:")
        except OSError:
            pass
    return found


def rss(pid):
    """Bytes of memory of its own: the ring is the system's."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(re.search(r"^RssAnon:\s+(\d+)", text, re.M)[1])


def catches(pid, signum):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    mask = int(re.search(r"^SigCgt:\s+([0-9a-f]+)", text, re.M)[1], 16)
    return bool(mask >> (signum - 1) & 1)


class Waited:
    """For how long a thread has stood in line for a processor, in seconds:
    that is the machine's doing."""

    def __init__(self, pid, tid):
        self.fd = os.open(f"/proc/{pid}/task/{tid}/schedstat", os.O_RDONLY)
        self.last = 0.0

    def read(self):
        try:
            self.last = int(os.pread(self.fd, 64, 0).split()[1]) / 1e9
        except OSError:
            pass            # it has ended
        return self.last

    def close(self):
        os.close(self.fd)


class Stopwatch:
    """Seconds from now on, less those in which a process or who measures it
    stood in line for a processor."""

    def __init__(self, pid):
        self.lines = [Waited(pid, pid),
                      Waited(os.getpid(), threading.get_native_id())]
        self.began = self.now()

    def now(self):
        return time.monotonic() - sum(line.read() for line in self.lines)

    def read(self):
        return self.now() - self.began

    def close(self):
        for line in self.lines:
            line.close()
