"""HLS: the ring, cut where the clock says."""

import concurrent.futures
import datetime
import json
import re
import shutil
import subprocess
import time

import pytest
import requests

import tsread
from conftest import Station, use_fakes, wait_for
from test_asrun import rows

PICTURES = 180			# in a segment at 29.97
INDEX = "/channel/1/hls/index.m3u8"
LEASE_S = 18.018


class Playlist:
    def __init__(self, answer):
        assert answer.status_code == 200, answer.text
        self.head, self.text = answer.headers, answer.text
        self.lines = answer.text.splitlines()
        self.first = int(self.tags("MEDIA-SEQUENCE")[0])
        self.names = [x for x in self.lines if not x.startswith("#")]
        self.dates = dict(zip(self.names, self.tags("PROGRAM-DATE-TIME")))

    def tags(self, name):
        return re.findall(f"^#EXT-X-{name}:(.*)$", self.text, re.M)


def get_index(station, agent):
    station.asked = time.monotonic()
    return station.get(INDEX, headers={"User-Agent": agent})


def playlist(station, agent="a player"):
    return Playlist(get_index(station, agent))


def seconds(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def segment(station, name, **fields):
    return station.get(f"/channel/1/hls/{name}", headers=fields)


def listed(station, n):
    """A playlist of at least so many, as a player gets it who is told to try
    again."""
    def enough():
        answer = get_index(station, "a player")
        if answer.status_code == 503 and "try again" in answer.text:
            return None
        got = Playlist(answer)
        return got if len(got.names) >= n else None
    return wait_for(enough, f"{n} segments", 60)


@pytest.fixture(scope="module")
def pair(fakes):
    """Two daemons, launched together with their clocks three seconds apart."""
    made = [use_fakes(Station(fakes)) for _ in range(2)]
    try:
        for s, second in zip(made, (6, 9)):
            s.launch("-T", f"2026-01-15T14:30:{second:02}Z")
        yield [s.await_ready() for s in made]
    finally:
        for s in made:
            s.close()


def test_head_starts_nothing_and_counts_nobody(pair):
    answer = requests.head(pair[0].url(INDEX), timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    status = pair[0].status(1)
    assert (status["active"], status["viewers"]) == (False, 0)


def test_a_cold_channel_answers_once_a_segment_is_whole(pair):
    before = seconds(pair[0].status(1)["time"])
    got = playlist(pair[0])
    after = seconds(pair[0].status(1)["time"])
    assert len(got.names) >= 1
    assert got.names[0] == f"{got.first}.ts"
    assert got.tags("TARGETDURATION") == ["6"]
    assert got.lines.count("#EXTINF:6.006,") == len(got.names)
    assert re.fullmatch("max-age=[0-3]", got.head["Cache-Control"])
    assert got.head["Access-Control-Allow-Origin"] == "*"
    # It was asked at some time between those two.
    first = seconds(got.dates[got.names[0]])
    assert after - first >= 12 and before - first > 6
    assert pair[0].status(1)["active"] is True


def test_one_player_counts_once(pair):
    for agent in ("a player", "another", "a player"):
        playlist(pair[0], agent)
    assert pair[0].status(1)["viewers"] == 2


def test_a_segment_is_whole_and_begins_with_a_key_frame(pair):
    got = listed(pair[0], 2)
    data = b"".join(segment(pair[0], name).content for name in got.names)
    one = segment(pair[0], got.names[0]).content
    pids = [(one[at + 1] & 0x1f) << 8 | one[at + 2] for at in (0, 188)]
    assert pids == [0, 0x1000]
    stream = tsread.Stream().feed(one)
    assert stream.video[0].key
    assert len(stream.video) == PICTURES
    stream = tsread.Stream().feed(data)
    assert stream.cc_errors == stream.discontinuities == 0
    assert stream.dts_deltas() == {3003}
    assert stream.audio_deltas() == {1920}


def test_two_daemons_cut_the_same(pair):
    for s in pair:
        listed(s, 2)
    lists = [listed(s, 2) for s in pair]
    shared = sorted(set(lists[0].names) & set(lists[1].names))
    assert shared
    for name in shared:
        assert lists[0].dates[name] == lists[1].dates[name]
        a, b = (tsread.Stream().feed(segment(s, name).content) for s in pair)
        assert [(u.pts, u.dts) for u in a.video] == [(u.pts, u.dts)
                                                     for u in b.video]
        assert [u.pts for u in a.audio] == [u.pts for u in b.audio]


def test_a_segment_may_be_kept_for_good(pair):
    name = listed(pair[0], 1).names[-1]
    first, again = segment(pair[0], name), segment(pair[0], name)
    assert first.headers["Content-Type"] == "video/mp2t"
    assert "immutable" in first.headers["Cache-Control"]
    assert int(first.headers["Content-Length"]) == len(first.content)
    assert first.content == again.content
    tag = first.headers["ETag"]
    assert segment(pair[0], name, **{"If-None-Match": tag}).status_code == 304
    assert segment(pair[1], name, **{"If-None-Match": tag}).status_code == 304


def test_what_is_not_there_is_404(pair):
    newest = int(listed(pair[0], 1).names[-1][:-3])
    for name in (f"{newest - 100}.ts", f"{newest + 2}.ts", "x.ts", "", "a.m3u8",
                 f"0{newest}.ts", f"x/{newest}.ts", "x/index.m3u8"):
        answer = segment(pair[0], name)
        assert answer.status_code == 404, name
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_who_is_held_is_told_why_it_ends(make, fakes, tmp_path):
    copy = tmp_path / "media"
    shutil.copytree(fakes, copy)
    station = use_fakes(make(copy)).start()
    for path in copy.rglob("*.mkv"):
        path.with_name(path.name + ".fake").write_text("delay=60000")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        wait = pool.submit(station.get, INDEX)
        wait_for(lambda: station.status(1)["viewers"], "it is a viewer")
        assert not wait.done()
        assert station.ctl("stop", "1").returncode == 0
        answer = wait.result(30)
    assert answer.status_code == 503
    assert "stopped by the operator" in answer.text
    assert "Retry-After" in answer.headers
    assert station.status(1)["viewers"] == 0


def test_a_player_reads_on_over_the_cuts(station):
    listed(station, 3)
    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-nostdin", "-copyts", "-t",
         "14", "-i", station.url(INDEX), "-map", "0:v", "-c", "copy", "-f",
         "framecrc", "-"], capture_output=True, text=True, timeout=60)
    # The event information is a stream to it, which it sees when it comes.
    said = [line for line in done.stderr.splitlines()
            if "New data stream" not in line]
    assert (done.returncode, said) == (0, [])
    stamps = [int(line.split(",")[1]) for line in done.stdout.splitlines()
              if not line.startswith("#")]
    assert tsread.steps(stamps) == {3003}
    assert len(stamps) > 2 * PICTURES


def test_who_asks_no_more_is_let_go(pair):
    """The tests before this one asked last."""
    wait_for(lambda: pair[0].status(1)["viewers"] == 0, "nobody watches")
    assert time.monotonic() - pair[0].asked > LEASE_S
    wait_for(lambda: not pair[0].status(1)["active"], "it has lingered")
    assert max(r.get("viewers_max", 0) for r in rows(pair[0])) == 2


def viewers(station):
    told = json.loads(station.ctl("--json", "viewers").stdout)["viewers"]
    return {v["user_agent"]: v for v in told}


def test_a_player_is_listed_and_may_be_shown_out(pair):
    """The last one, for its guests stay for a while."""
    station = pair[0]
    got = playlist(station, "guest")
    segment(station, got.names[0], **{"User-Agent": "guest"})
    playlist(station, "another guest")
    guest = viewers(station)["guest"]
    assert (guest["channel"], guest["protocol"]) == ("one", "hls")
    assert guest["id"].startswith("one~")
    assert guest["bytes"] > 188 * 100 and guest["behind_ms"] is None
    assert f"{guest['id']} " in station.ctl("viewers").stdout
    before = station.status(1)["viewers"]
    assert station.ctl("kick", guest["id"]).returncode == 0
    assert station.status(1)["viewers"] == before - 1
    for path in (INDEX, f"/channel/1/hls/{got.names[0]}"):
        gone = station.get(path, headers={"User-Agent": "guest"})
        assert (gone.status_code, "operator" in gone.text) == (403, True)
    assert "guest" not in viewers(station)
    assert "another guest" in viewers(station)
    assert playlist(station, "another guest").names
    assert station.ctl("kick", guest["id"]).returncode == 1
