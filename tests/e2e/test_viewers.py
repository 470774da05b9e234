"""Clients who are slow, silent, rude or gone, and what others notice of it.
`make rows' has the same in crowds, with the figures."""

import ctypes
import os
import resource
import select
import shlex
import signal
import socket
import struct
import subprocess
import threading
import time

import proc
import pytest

from conftest import wait_for

SOON = 0.5			# s; what others do must not be felt
IN_TIME = 15			# s; none of a station's own limits is so short
NOW = ("-T", "2026-01-15T14:30:06Z")
AHEAD = 16384			# bytes of requests that one read may bring


def get(path, more=""):
    return (f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n").encode()


STREAM = get("/channel/1/stream.ts")
METRICS = get("/metrics")


@pytest.fixture
def full(fake):
    """A station whose stream is as large as its bit rate says."""
    def new(limits="", words="full"):
        station = fake()
        station.env["FAKE_FFMPEG"] = words
        for path in station.dir.glob("channels/*"):
            path.write_text(path.read_text().replace("300k", "4000k"))
        text = station.config.read_text().replace(
            "http: {", f"http: {{limits: {{{limits}}}, ")
        station.config.write_text(text)
        return station
    return new


def knock(station, data=b"", source="127.0.0.1", room=None):
    s = socket.socket()
    s.settimeout(30)
    if room is not None:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    s.bind((source, 0))
    s.connect(("127.0.0.1", station.port))
    s.sendall(data)
    return s


def status(s):
    """Of the answer; "" where there is none."""
    try:
        return s.recv(4096)[9:12].decode()
    except ConnectionError:
        return ""


def answered(crowd):
    """Those who have an answer, or none to come."""
    return select.select(crowd, [], [], 0)[0]


def slowest(station, times=30):
    """Seconds that the slowest of some healthy requests takes, processors
    given."""
    worst = 0
    for _ in range(times):
        watch = proc.Stopwatch(station.process.pid)
        with knock(station, get("/health"), "127.0.0.2") as s:
            assert status(s) == "200"
        worst = max(worst, watch.read())
        watch.close()
    return worst


def reset(s):
    """Hang up without a goodbye."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def connections(station):
    """How many it has; those that are closed on its side have no inode."""
    path = f"/proc/{station.process.pid}/net/tcp"
    with open(path, encoding="ascii") as f:
        rows = [line.split() for line in list(f)[1:]]
    return sum(row[1].endswith(f":{station.port:04X}") and row[3] != "0A" and
               row[9] != "0" for row in rows)


def unhurt(viewer, seconds=1):
    """It is still watching, and has missed nothing."""
    stream = viewer.watch(viewer.stream.span() + seconds).stream
    return stream.cc_errors == stream.sync_errors == 0


def test_who_takes_nothing_is_let_go_and_nobody_else(full, watch):
    station = full("stuck_seconds: 1").start(*NOW)
    viewer = watch(station, 1).watch(3)
    stuck = [knock(station, STREAM, room=4096) for _ in range(5)]
    wait_for(lambda: station.status(1)["viewers"] == 6, "all watch")
    wait_for(lambda: station.status(1)["viewers"] == 1, "the stuck are gone",
             IN_TIME)
    wait_for(lambda: connections(station) == 1, "and their sockets")
    assert unhurt(viewer)
    for s in stuck:
        s.close()


def test_who_hangs_up_rudely_leaves_nothing_behind(full, watch):
    station = full("viewers_per_address: 1000").start(*NOW)
    viewer = watch(station, 1).watch(3)
    for data in (b"", b"GET /hea", get("/health"), METRICS * 300, STREAM,
                 get("/channel/2/hls/index.m3u8")):
        rude = [knock(station, data) for _ in range(20)]
        for s in rude:
            if data in (STREAM, METRICS * 300):
                assert s.recv(1)        # in the midst of it
            reset(s)
    wait_for(lambda: connections(station) == 1, "all are gone")
    wait_for(lambda: station.status(1)["viewers"] == 1, "one is left")
    assert unhurt(viewer)


def inside(pid, work):
    """What work() returns, done in the network of another process."""
    done = []

    def run():
        with open(f"/proc/{pid}/ns/net", encoding="ascii") as net:
            if ctypes.CDLL(None).setns(net.fileno(), 0) == 0:
                done.append(work())
    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    return done[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network of its own")
def test_who_vanishes_is_gone_in_time(full, watch):
    """Its address is taken away: nothing arrives there, and nothing comes
    back, not even a refusal."""
    station = full("user_timeout_seconds: 1")
    station.process = subprocess.Popen(
        ["unshare", "-n", "sh", "-ec", "ip link set lo up\n"
         "ip addr add 10.9.9.1/32 dev lo\n"
         "exec " + shlex.join(station.argv(*NOW))], env=station.env)
    pid = station.process.pid

    def shown():
        return inside(pid, lambda: station.status(1)["viewers"])

    def ready():
        try:
            return inside(pid, station.ready)
        except IndexError:
            return False
    wait_for(ready, "the daemon is ready", 60)
    gone = inside(pid, lambda: knock(station, STREAM, "10.9.9.1"))
    here = inside(pid, lambda: watch(station, 1))
    wait_for(lambda: shown() == 2, "both watch")
    subprocess.run(["nsenter", "-n", "-t", str(pid), "ip", "addr", "del",
                    "10.9.9.1/32", "dev", "lo"], check=True)
    wait_for(lambda: shown() == 1, "one is gone", IN_TIME)
    assert unhurt(here)
    gone.close()


def test_who_dawdles_holds_up_nobody_and_is_gone_in_time(full, watch):
    """Over his request, over its body, over what he is told."""
    station = full("head_seconds: 1, stuck_seconds: 1").start(*NOW)
    viewer = watch(station, 1).watch(3)
    body = get("/health", "Content-Length: 100000\r\n")
    slow = {data: [knock(station, data, room=4096) for _ in range(16)]
            for data in (get("/health")[:-2], body,
                         METRICS * (AHEAD // len(METRICS)))}
    assert {status(s) for s in slow[body]} == {"413"}
    end = time.monotonic() + 10
    while connections(station) > 1:
        assert time.monotonic() < end, "some are still there"
        for data in list(slow)[:2]:
            for s in slow[data]:
                try:
                    s.send(b"x")
                except OSError:
                    pass
        assert slowest(station, 3) < SOON
    assert unhurt(viewer)


def test_who_takes_a_document_byte_by_byte_is_gone_in_time(full, watch):
    """He moves on, so he is not stuck."""
    station = full("stuck_seconds: 5, answer_seconds: 2").start(*NOW)
    viewer = watch(station, 1).watch(3)
    wait_for(lambda: len(station.get("/iptv/xmltv.xml").content) > AHEAD,
             "a long guide", 60)
    slow = knock(station, get("/iptv/xmltv.xml"), room=4096)
    assert status(slow) == "200"
    began = time.monotonic()
    while connections(station) > 1:
        assert time.monotonic() < began + IN_TIME, "he is still there"
        try:
            slow.recv(512)
        except ConnectionResetError:    # he has just been let go
            break
        time.sleep(0.02)
    assert time.monotonic() > began + 1
    wait_for(lambda: connections(station) == 1, "he is gone")
    assert unhurt(viewer)
    slow.close()


def test_many_requests_at_once_are_answered_in_turns(full, watch):
    station = full().start(*NOW)
    viewer = watch(station, 1).watch(3)
    greedy = {knock(station): b"" for _ in range(8)}
    end = threading.Event()

    def ask():
        """For more than any page would, and throw it away."""
        while not end.is_set():
            full_ones, ready, _ = select.select(greedy, greedy, [], 1)
            for s in ready:
                rest = greedy[s] or METRICS * (AHEAD // len(METRICS))
                greedy[s] = rest[s.send(rest, socket.MSG_DONTWAIT):]
            for s in full_ones:
                s.recv(1 << 20, socket.MSG_TRUNC)
    thread = threading.Thread(target=ask)
    thread.start()
    try:
        assert slowest(station) < SOON
    finally:
        end.set()
        thread.join()
        for s in greedy:
            s.close()
    assert unhurt(viewer)


def test_who_is_refused_takes_nobodys_place(full):
    """Who has been refused is listened to for a moment: so many as may owe us
    a request, whoever they are."""
    station = full("connections: 16, pending: 16, viewers_per_address: 4, "
                   "head_seconds: 60").start(*NOW)
    crowd = [knock(station) for _ in range(60)]
    # Not the first four have the places where one who asked before has yet
    # to be seen to be gone.
    wait_for(lambda: len(answered(crowd)) >= 56, "all but four are refused")
    assert {status(s) for s in answered(crowd)} <= {"503", ""}
    assert connections(station) <= 4 + 16
    with knock(station, get("/health"), "127.0.0.2") as s:
        assert status(s) == "200"
    for s in crowd:
        s.close()


def test_who_waits_when_the_station_ends_is_let_go(full):
    station = full(words="speed=100 pipe=4096").start(*NOW)
    waiting = [knock(station, get("/channel/1/hls/index.m3u8",
                                  f"User-Agent: {i}\r\n")) for i in range(3)]
    wait_for(lambda: station.status(1)["viewers"] == 3, "they wait")
    reset(waiting.pop())
    station.process.send_signal(signal.SIGTERM)
    assert [status(s) for s in waiting] == ["503"] * 2
    assert station.ends(10) == 0


def control(station, data=b""):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(8)                 # less than head_seconds, left alone
    s.connect(str(station.dir / "c.sock"))
    try:
        s.sendall(data)
    except ConnectionError:
        pass                        # refused unheard
    return s


def test_what_the_control_socket_refuses_is_in_the_log(full):
    station = full("head_seconds: 1").start(*NOW)
    for nonsense, answer in ((b"\xff\x00\r\n\r\n", "400"),
                             (get("/" + "a" * 9000), "414"),
                             (b"GET /hea", "408")):
        with control(station, nonsense) as s:
            assert status(s) == answer
        wait_for(lambda: answer in [e["status"] for e in
                                    station.log("control")], answer)
    assert {e["pid"] for e in station.log("control")} == {str(os.getpid())}


def test_there_are_sixteen_control_connections(full, watch):
    station = full().start(*NOW)
    inside_ = [control(station, get("/health")) for _ in range(16)]
    assert [status(s) for s in inside_] == ["200"] * 16
    with control(station, get("/health")) as s:
        assert status(s) == "503"
    inside_.pop().close()

    def again():
        with control(station, get("/health")) as s:
            return status(s) == "200"
    wait_for(again, "there is room for another")
    for s in inside_:
        s.close()


def test_where_memory_is_short_newcomers_get_503(full, watch):
    station = full().start(*NOW)
    viewer = watch(station, 1).watch(6)
    pid = station.process.pid
    with open(f"/proc/{pid}/statm", encoding="ascii") as f:
        used = int(f.read().split()[0]) * resource.getpagesize()
    was = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (used + (48 << 20), was[1]))
    try:
        for _ in range(5):
            with knock(station, get("/health")) as s:
                assert status(s) == "503"
        assert unhurt(viewer, 3)
    finally:
        resource.prlimit(pid, resource.RLIMIT_AS, was)
    with knock(station, get("/health")) as s:
        assert status(s) == "200"
