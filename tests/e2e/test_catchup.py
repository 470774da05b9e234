"""What has aired can be watched again: the same pictures, the same time
stamps."""

import calendar
import re
import subprocess
import time

import faketime
import pytest

from conftest import wait_for
from test_asrun import rows
from test_control import edit
from test_stream import check_unbroken
from tsread import VIDEO

CLOCK = "2026-01-15T14:30:06Z"
TICKS = 90000


def whole_pictures(data):
    """All but the last one, of which there may be a part."""
    return data[:max(at for at in range(0, len(data) - 188, 188)
                     if data[at + 1] & 0x40 and
                     (data[at + 1] & 31) << 8 | data[at + 2] == VIDEO)]


def hashes(data, path):
    """Picture hashes by time stamp."""
    path.write_bytes(whole_pictures(data))
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", str(path),
         "-map", "0:v", "-vsync", "passthrough", "-enc_time_base", "1:90000",
         "-f", "framemd5", "-"],
        capture_output=True, text=True, timeout=60)
    lines = [re.split(r",\s*", line) for line in done.stdout.splitlines()
             if not line.startswith("#")]
    return {int(line[2]): line[5] for line in lines}


def plain(pictures, t):
    """One of many that are the same: the slate, on a machine that is too busy
    for its children.  The clips' pictures all differ."""
    return list(pictures.values()).count(pictures[t]) > 5


def epoch(instant):
    return calendar.timegm(time.strptime(instant[:19], "%Y-%m-%dT%H:%M:%S"))


def prepare(station):
    for name in ("one", "two"):
        edit(station, name, "linger: 1", "linger: 1\ncatchup: 2")
    return station


def whole(station):
    """What aired whole on the second channel, after something else: from
    there on a child of its own had it."""
    ended = [r for r in rows(station, "two") if r["status"] != "SEG_START"]
    return [r for before, r in zip(ended, ended[1:])
            if r["status"] == "AIRED" and r["asset"] != before["asset"]]


def test_catch_up_has_the_pictures_that_aired(make, watch, tmp_path):
    station = prepare(make()).start("-T", CLOCK)
    live = watch(station, 2)
    wait_for(lambda: whole(station), "a segment that aired whole", 40)
    at = whole(station)[0]["planned_start"]
    late = watch(station, 2, f"?at={at}").watch(6)
    viewers = station.ctl("viewers").stdout.splitlines()
    assert sorted(v.split()[0][:4] for v in viewers[1:]) == ["two-", "two@"]
    live.close(), late.close()
    check_unbroken(late.stream, 2)
    then = hashes(live.data, tmp_path / "live.ts")
    again = hashes(late.data, tmp_path / "late.ts")
    assert min(set(then) & set(again)) == min(again)
    both = [t for t in again if t in then and not plain(then, t) and
            not plain(again, t)]
    assert len(both) > 60
    assert [then[t] for t in both] == [again[t] for t in both]
    # Whoever watches again is no part of what aired.
    assert max(r["viewers_max"] for r in rows(station, "two")) == 1
    wait_for(lambda: not station.children(), "no child")
    begun, ended = wait_for(lambda: len(station.log("catchup")) == 2 and
                            station.log("catchup"), "both in the log")
    assert (begun["event"], ended["event"]) == ("begin", "end")


def test_a_moment_may_be_written_as_players_do(fake, watch):
    station = prepare(fake()).start("-T", CLOCK)
    stamps = set()
    for at in ("2026-01-15T14:29:00Z", "2026-01-15T15:29:00%2B01:00",
               "20260115142900", str(epoch("2026-01-15T14:29:00Z"))):
        viewer = watch(station, 1, f"?at={at}").watch(1)
        viewer.close()
        stamps.add(viewer.stream.video[0].pts)
    assert len(stamps) == 1


def test_who_may_not_catch_up_is_told_why(fake, watch):
    station = prepare(fake().extend(""))
    text = station.config.read_text()
    station.config.write_text(text.replace(
        '"]}\ncontrol', '"], limits: {catchups: 1}}\ncontrol'))
    edit(station, "one", "catchup: 2\n", "")
    station.start("-T", CLOCK)
    now = epoch(CLOCK)
    for channel, at, status, why in (
            (1, now - 60, 404, "no catch-up"), (2, "yesterday", 400, "like"),
            (2, now + 600, 403, "to come"), (2, now - 7300, 403, "long ago")):
        got = station.get(f"/channel/{channel}/stream.ts?at={at}")
        assert (got.status_code, why in got.text) == (status, True), got.text
    head = station.get(f"/channel/2/stream.ts?at={now}", stream=True)
    assert head.headers["content-type"] == "video/mp2t"
    got = station.get(f"/channel/2/stream.ts?at={now - 60}")
    assert got.status_code == 503 and "too many" in got.text
    assert station.ctl("reload").returncode == 0
    assert head.raw.read(188 * 100)
    last = station.ctl("viewers").stdout.splitlines()[-1].split()[0]
    assert station.ctl("kick", last).returncode in (0, 1)
    head.close()
    wait_for(lambda: [e["event"] for e in station.log("catchup")][-1:] ==
             ["end"], "its end")


@pytest.mark.skipif(not faketime.is_there(), reason="no libfaketime")
def test_who_catches_up_has_no_part_in_what_the_clock_is_set_to(fake, watch):
    station = prepare(fake().by_the_clock())
    clock = faketime.Clock(station)
    station.start()
    wait_for(lambda: not station.status()["reading"], "all is read", 60)
    late = watch(station, 2, f"?at={int(time.time()) - 600}").watch(1)
    for steps, offset in enumerate((100 - int(time.time()), 100 * 86400, 0)):
        clock.move(offset - clock.offset)
        wait_for(lambda: len(station.log("clock_step")) == steps + 1,
                 "a step")
        late.watch(late.stream.span() + 3)
    late.close()
    check_unbroken(late.stream, 2)
    wait_for(lambda: [e["event"] for e in station.log("catchup")][-1:] ==
             ["end"], "its end")
