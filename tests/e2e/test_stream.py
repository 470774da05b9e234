"""What leaves the daemon, over boundaries and after failures."""

import fcntl
import os
import shutil
import signal
import subprocess

import pytest

from conftest import wait_for

HEAD = (b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: video/mp2t\r\n"
        b"Cache-Control: no-cache, no-store, must-revalidate\r\n"
        b"Connection: close")
PICTURE = {1: 3003, 2: 3600}


def check_unbroken(stream, channel):
    """No packet and no access unit is missing, none is out of its place."""
    assert stream.sync_errors == 0
    assert stream.cc_errors == 0
    assert stream.discontinuities == 0
    assert stream.dts_deltas() == {PICTURE[channel]}
    assert stream.pts_deltas() == {PICTURE[channel]}
    assert stream.audio_deltas() == {1920}


def check_clock(stream):
    assert max(stream.pcr_gaps_ms()) <= 40
    assert min(stream.delays_ms()) >= 100
    assert max(stream.delays_ms()) <= 1000


def whole_pictures(data):
    """Up to where the last one begins: a viewer may leave in its middle."""
    end = len(data) - len(data) % 188
    while data[end:end + 3] != b"\x47\x41\x00":    # unit start, PID 0x100
        end -= 188
    return data[:end]


def check_decodes(data, tmp_path):
    path = tmp_path / "capture.ts"
    path.write_bytes(whole_pictures(data))
    done = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-nostdin",
                           "-i", str(path), "-f", "null", "-"],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_both_channels_are_unbroken_over_boundaries(station, watch, tmp_path):
    viewers = {n: watch(station, n) for n in (1, 2)}
    for viewer in viewers.values():
        viewer.watch(20)
    for n, viewer in viewers.items():
        stream = viewer.close()
        assert viewer.head == HEAD
        check_unbroken(stream, n)
        check_clock(stream)
        check_decodes(viewer.data, tmp_path)
    wait_for(lambda: len(station.log("stream_created")) >= 4, "four segments")


def created(station):
    return [e["event_id"] for e in station.log("stream_created")]


def test_two_daemons_air_the_same(make, watch):
    # Launched together: their clocks are three seconds apart, however long
    # they take to be ready.
    started = [make().launch("-T", f"2026-01-15T14:30:{s:02}Z")
               for s in (6, 9)]
    for s in started:
        s.await_ready()
    viewers = [watch(s, 1) for s in started]
    for viewer in viewers:
        viewer.watch(12)
    wait_for(lambda: len(set(created(started[0])) &
                         set(created(started[1]))) >= 2, "shared segments")
    streams = [viewer.close() for viewer in viewers]
    events = [created(s) for s in started]
    # The first picture of a channel nobody watched is a key frame wherever
    # it lies; from then on the grid rules.
    keys = [[k for k in s.keys()[1:]
             if streams[1].keys()[0] < k <= streams[0].keys()[-1]]
            for s in streams]
    assert len(keys[0]) >= 3
    assert keys[0] == keys[1]
    shared = [e for e in events[0] if e in events[1]]
    first = events[1].index(shared[0])
    assert events[1][first:first + len(shared)] == shared
    at = events[0].index(shared[0])
    assert events[0][at:at + len(shared)] == shared


def test_a_killed_child_is_not_noticed(make, watch):
    station = make()
    # A programme without breaks: its only child is still at work.
    path = station.dir / "channels" / "one.yaml"
    path.write_text(path.read_text().replace("/shows}", "/filler}"))
    station.start("-T", "2026-01-15T14:30:06Z")
    viewer = watch(station, 1).watch(6)
    pids = wait_for(station.children, "an ffmpeg child")
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    check_unbroken(viewer.watch(14).close(), 1)
    wait_for(lambda: [e for e in station.log("mpegts_stream")
                      if e["event"] == "child_failed"], "a word about it")
    assert station.log("stream_created")[0]["kind"] == "programme"
    assert station.process.poll() is None


def test_a_child_inherits_no_descriptor(make, watch, tmp_path):
    (tmp_path / "secret").write_text("")
    station = make()
    path = station.dir / "channels" / "one.yaml"
    path.write_text(path.read_text().replace("/shows}", "/filler}"))
    with open(tmp_path / "secret") as secret:
        fd = fcntl.fcntl(secret, fcntl.F_DUPFD, 200)
        station.start("-T", "2026-01-15T14:30:06Z", pass_fds=[fd])
        os.close(fd)
    watch(station, 1).watch(1)

    def held():
        try:
            return [os.readlink(f"/proc/{pid}/fd/{n}")
                    for pid in station.children()[:1]
                    for n in os.listdir(f"/proc/{pid}/fd")]
        except OSError:  # it has just closed one, or ended
            return []
    links = wait_for(held, "an ffmpeg child")
    assert links[0] == "/dev/null"
    assert str(tmp_path / "secret") not in links
    assert not [x for x in links if "socket" in x or "memfd" in x]


def test_missing_media_files_are_padded(make, media, watch, tmp_path):
    copy = tmp_path / "media"
    shutil.copytree(media, copy)
    station = make(copy).start("-T", "2026-01-15T14:30:06Z")
    # All of them: whatever is due when the viewer comes, it is gone.
    for path in copy.rglob("*.mkv"):
        path.unlink()
    check_unbroken(watch(station, 2).watch(9).close(), 2)
    wait_for(lambda: "pad" in {e["event"] for e in
                               station.log("mpegts_stream")}, "a word about it")


def test_a_restart_goes_on_in_the_timeline(make, watch):
    station = make().by_the_clock().start()
    before = station.status(1)["content"]
    station.kill()
    status = station.start().status(1)
    after = status["content"]
    if status["time"] < before["ends"]:
        assert after["event_id"] == before["event_id"]
        assert after["path"] == before["path"]
    else:
        assert after["timestamp"] >= before["ends"]


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_two_seconds_without_children(make, watch, signum):
    station = make().start()
    watch(station, 1).watch(1)
    pids = wait_for(station.children, "an ffmpeg child")
    station.process.send_signal(signum)
    assert station.ends(2) == 0
    wait_for(lambda: not any(os.path.exists(f"/proc/{p}") for p in pids),
             "no ffmpeg is left")
