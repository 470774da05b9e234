"""A small analyser of transport streams, independent of the daemon's own
code: what it measures is what ISO/IEC 13818-1 says, packet by packet."""

import re
import subprocess

PACKET = 188
VIDEO = 0x100
AUDIO = 0x101
WRAP = 1 << 33


def ticks_apart(later, earlier):
    """later - earlier, modulo 2^33, as a signed distance."""
    return (later - earlier + WRAP // 2) % WRAP - WRAP // 2


def stamp(b):
    return ((b[0] >> 1 & 7) << 30 | b[1] << 22 | (b[2] >> 1) << 15
            | b[3] << 7 | b[4] >> 1)


class Unit:
    """An access unit: where its PES packet begins."""

    def __init__(self, pts, dts, key, pcr):
        self.pts, self.dts, self.key, self.pcr = pts, dts, key, pcr


class Stream:
    """Feed it bytes, in any split; read what it has found."""

    def __init__(self):
        self.rest = b""
        self.video, self.audio, self.pcrs = [], [], []
        self.sync_errors = self.cc_errors = self.discontinuities = 0
        self.packets = 0
        self.cc = {}

    def feed(self, data):
        data = self.rest + data
        end = len(data) - len(data) % PACKET
        for at in range(0, end, PACKET):
            self.packet(data[at:at + PACKET])
        self.rest = data[end:]
        return self

    def packet(self, p):
        self.packets += 1
        if p[0] != 0x47 or p[1] & 0x80:
            self.sync_errors += 1
            return
        pid = (p[1] & 0x1f) << 8 | p[2]
        if pid == 0x1fff:
            return
        flags, body = self.adaptation(p)
        self.continuity(pid, p[3])
        if p[1] & 0x40 and p[3] & 0x10 and pid in (VIDEO, AUDIO):
            self.pes(pid, p[body:], bool(flags & 0x40))

    def adaptation(self, p):
        if not p[3] & 0x20 or p[4] == 0:
            return 0, 4 + (p[3] >> 5 & 1)
        flags = p[5]
        if flags & 0x80:
            self.discontinuities += 1
        if flags & 0x10:
            base = p[6] << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7
            self.pcrs.append(base * 300 + ((p[10] & 1) << 8 | p[11]))
        return flags, 5 + p[4]

    def continuity(self, pid, b):
        """Only a packet with a payload counts (2.4.3.3); the daemon sends
        none twice."""
        last, now = self.cc.get(pid), b & 15
        if last is not None and now != (last + (b >> 4 & 1)) % 16:
            self.cc_errors += 1
        self.cc[pid] = now

    def pes(self, pid, b, key):
        if len(b) < 19 or b[:3] != b"\0\0\1" or not b[7] & 0x80:
            self.sync_errors += 1
            return
        pts = stamp(b[9:])
        dts = stamp(b[14:]) if b[7] & 0x40 else pts
        unit = Unit(pts, dts, key, self.pcrs[-1] if self.pcrs else None)
        (self.video if pid == VIDEO else self.audio).append(unit)

    def span(self):
        """Seconds of pictures, rounded down."""
        if not self.video:
            return 0
        return ticks_apart(self.video[-1].dts, self.video[0].dts) // 90000

    def dts_deltas(self):
        return steps([u.dts for u in self.video])

    def audio_deltas(self):
        return steps([u.pts for u in self.audio])

    def pts_deltas(self, tail=4):
        """Of the pictures in the order they show; those at the end, some of
        whose neighbours have not come yet, do not count."""
        first = self.video[0].dts
        order = sorted(ticks_apart(u.pts, first) for u in self.video)
        return steps(order[:-tail])

    def pcr_gaps_ms(self):
        wrap = WRAP * 300
        return [(b - a) % wrap / 27000
                for a, b in zip(self.pcrs, self.pcrs[1:])]

    def delays_ms(self):
        return [ticks_apart(u.dts, u.pcr // 300) / 90
                for u in self.video + self.audio if u.pcr is not None]

    def keys(self):
        return [u.pts for u in self.video if u.key]


def steps(stamps):
    return {ticks_apart(b, a) for a, b in zip(stamps, stamps[1:])}


def parameter_sets(data):
    """The H.264 sequence and picture parameter sets of a stream, in order."""
    h264 = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "mpegts",
                           "-i", "-", "-c", "copy", "-map", "0:v:0", "-f",
                           "h264", "-"], input=data, check=True,
                          capture_output=True, timeout=60).stdout
    nals = [n.rstrip(b"\0") for n in re.split(b"\0\0\1", h264)]
    return [[n for n in nals if n and n[0] & 31 == kind] for kind in (7, 8)]
