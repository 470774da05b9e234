"""What a fake child's pictures say (see fakechild.h): which asset's, which
one, and which process made it."""

import tsread

MARK = b"RVF"


def septets(b):
    value = 0
    for byte in reversed(b):
        value = value << 7 | byte & 0x7f
    return value


def name_of(path):
    """fakechild_hash()."""
    h = 2166136261
    for byte in str(path).encode():
        h = (h ^ byte) * 16777619 & 0xffffffff
    return h or 1


class Stream(tsread.Stream):
    """As tsread's; a picture also has asset (0: pad), position, process."""

    def pes(self, pid, b, key):
        before = len(self.video)
        super().pes(pid, b, key)
        if len(self.video) == before:
            return
        unit, at = self.video[-1], b.find(MARK)
        unit.asset = unit.position = unit.process = None
        if at >= 0:
            unit.asset = septets(b[at + 3:at + 8])
            unit.position = septets(b[at + 8:at + 17])
            unit.process = septets(b[at + 17:at + 22])


class Shown:
    """A picture in its place: n counts from the first one decoded."""

    def __init__(self, n, unit):
        self.n, self.asset = n, unit.asset
        self.position, self.process = unit.position, unit.process


def shown(stream, ticks):
    """The pictures by the order they show, those at the end left out whose
    neighbours have not come."""
    first = stream.video[0].pts
    units = sorted(stream.video, key=lambda u: tsread.ticks_apart(u.pts,
                                                                  first))
    found = [Shown(round(tsread.ticks_apart(u.pts, first) / ticks), u)
             for u in units[:-4]]
    assert [s.n for s in found] == list(range(len(found)))
    return found


def stretches(pictures, by=("asset", "process")):
    """Runs of pictures of one asset by one process, each as the list of its
    pictures."""
    runs = []
    for p in pictures:
        key = tuple(getattr(p, name) for name in by)
        if not runs or runs[-1][0] != key:
            runs.append((key, []))
        runs[-1][1].append(p)
    return [run for _, run in runs]
