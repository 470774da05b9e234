"""Media files that are none, or are none any more when their time comes."""

import os
import pathlib
import shutil
import stat

import pytest

import conftest
import proc
from conftest import wait_for
from test_stream import check_unbroken

NAMES = ["quote's.mkv", 'double".mkv', "new\nline.mkv", "%03d.mkv",
         "-leading.mkv", "co:lon.mkv", "file:x.mkv", "concat:a|b.mkv",
         os.fsdecode(b"\xff\xfe.mkv"), "[a]*?.mkv", "back\\slash.mkv"]
PLAYLIST = "#EXTM3U\n#EXTINF:5,\n/etc/passwd\n#EXT-X-ENDLIST\n"


def empty(path):
    path.write_bytes(b"")


def noise(path):
    path.write_bytes(bytes(i * i * 7919 >> 5 & 255 for i in range(50000)))


def text(path):
    path.write_text("This is no film.\n" * 500)


def playlist(path):
    path.write_text(PLAYLIST)


def truncated(path):
    data = (path.parent / "good.mkv").read_bytes()
    path.write_bytes(data[:100])


def fifo(path):
    os.mkfifo(path)


def directory(path):
    path.mkdir()


def device(path):
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))	# /dev/zero


def loop(path):
    path.symlink_to(path.name)


def gone(path):
    pass


BROKEN = [empty, noise, text, playlist, truncated, fifo, directory, loop,
          gone]
if os.getuid() == 0:
    BROKEN.append(device)


def of_shows(station, n, pattern):
    """A channel whose shows are just these."""
    path = station.dir / "channels" / f"c{n}.yaml"
    path.write_text(conftest.CHANNEL.format(
        name=f"c{n}", number=n, rate="25", media=station.media).replace(
        "{path: %s/shows}" % station.media,
        "{files: '%s'}" % str(pattern).replace("'", "''")))


def empty_station(make, media, tmp_path):
    copy = tmp_path / "media"
    shutil.copytree(media, copy)
    station = make(copy)
    for path in (station.dir / "channels").iterdir():
        path.unlink()
    shutil.copy(copy / "shows" / "a.mkv", copy / "shows" / "good.mkv")
    return station, copy / "shows"


def test_broken_files_are_listed_once_and_planned_around(make, media, watch,
                                                         tmp_path):
    station, shows = empty_station(make, media, tmp_path)
    bad = [b for b in BROKEN if b not in (gone, directory)]
    for make_broken in bad:
        make_broken(shows / f"x-{make_broken.__name__}.mp4")
    of_shows(station, 1, shows / "x-*.mp4")
    of_shows(station, 2, shows)
    station.start("-T", "2026-01-15T14:30:06Z")
    wait_for(lambda: station.log("ready"), "all up to there in the log")
    lines = [e for e in station.log("library") if "/x-" in e["file"]]
    assert sorted(e["file"] for e in lines) == sorted(
        str(shows / f"x-{b.__name__}.mp4") for b in bad)
    viewers = [watch(station, n) for n in (1, 2)]
    for viewer in viewers:
        check_unbroken(viewer.watch(8).close(), 2)
    aired = wait_for(lambda: {e["channel"]: e for e in
                              station.log("stream_created")}, "what aired")
    assert aired["1"]["kind"] == "filler"
    assert not [e for e in station.log("mpegts_stream")
                if e["event"] in ("pad", "child_failed")]


@pytest.mark.alone
def test_files_that_break_after_the_scan_leave_boundaries_on_time(
        make, media, watch, tmp_path):
    station, shows = empty_station(make, media, tmp_path)
    films = []
    for n, make_broken in enumerate(BROKEN, 1):
        films.append(shows / f"x-{make_broken.__name__}.mkv")
        shutil.copy(shows / "a.mkv", films[-1])
        shutil.copy(shows / "a.mkv.yaml", str(films[-1]) + ".yaml")
        of_shows(station, n, films[-1])
    station.start("-T", "2026-01-15T14:29:36Z")
    for make_broken, path in zip(BROKEN, films):
        path.unlink()
        make_broken(path)
    line = proc.Waited(station.process.pid, station.process.pid)
    viewers = [watch(station, n + 1) for n in range(len(BROKEN))]

    def spots():
        """Commercials after a broken film, by channel; by 14:30:00 all
        channels have long caught up with the clock."""
        found = {}
        for e in station.log("stream_created"):
            if e["kind"] == "spot" and int(e["slot"]) >= 25 * 1768487400:
                found.setdefault(e["channel"], e)
        return found
    wait_for(lambda: len(spots()) == len(BROKEN), "a spot on each", 60)
    for n, path in enumerate(films, 1):
        told = wait_for(lambda p=path: [
            e for e in station.log("mpegts_stream")
            if e["event"] == "child_failed" and e["asset"] == str(p)],
            f"why {path} failed")
        causes = {e["cause"] for e in told}
        assert "-" not in causes, path
        # Counted, not repeated: at the 1st, 2nd, 4th time in a segment.
        lines = [(e["event_id"], e["cause"], e["times"]) for e in told]
        assert len(lines) == len(set(lines))
        assert {times for *_, times in lines} <= {"1", "2", "4"}
    # What it stood in line for a processor is not its own.
    late = 500 + 1000 * line.read()
    for e in spots().values():
        assert float(e["late_ms"]) < late, e
    for viewer in viewers:
        check_unbroken(viewer.close(), 2)


def test_any_name_is_just_a_name(make, media, watch, tmp_path):
    station, shows = empty_station(make, media, tmp_path)
    odd = pathlib.Path(shows) / "odd"
    odd.mkdir()
    for name in NAMES:
        shutil.copy(shows / "c.mkv", odd / name)
        (odd / (name + ".yaml")).write_text(
            "markers:\n  - {kind: avail, start: 3}\n")
    of_shows(station, 1, odd)
    station.start("-T", "2026-01-15T14:30:50Z")
    assert [e for e in station.log("library") if "/odd/" in e["file"]] == []
    check_unbroken(watch(station, 1).watch(20).close(), 2)
    failed = [e for e in station.log("mpegts_stream")
              if e["event"] in ("child_failed", "pad")]
    assert failed == []
    done = station.ctl("--json", "assets", "odd")
    assert done.returncode == 0 and done.stdout.count('"title"') == len(NAMES)
