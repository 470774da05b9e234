"""The guide: what players, recorders and pages are told is on."""

import datetime
import random
import re
import socket
import subprocess
import xml.etree.ElementTree as xml

import pytest
import requests

from conftest import FAKE, Station, wait_for
from test_patience import go_on, program_waits
from test_tlog import log, stored

CLOCK, NOW_MS = "2026-01-15T14:30:06Z", 1768487406000
DAY = "2026-01-15"
XMLTV, M3U = "/iptv/xmltv.xml", "/iptv/channels.m3u"
DTD = "/usr/share/xmltv/xmltv.dtd"
PNG = b"\x89PNG\r\n\x1a\n"
HOUR_MS = 3600 * 1000


def shown(station):
    """Wait for the guide."""
    wait_for(lambda: station.get("/api/now").status_code == 200,
             "there is a guide", 60)
    return station


@pytest.fixture(scope="module")
def station(fakes):
    """One for all who only ask."""
    s = Station(fakes).extend("ffmpeg: {sandbox: off}")
    s.env["PATH"] = f"{FAKE}:{s.env['PATH']}"
    one = s.dir / "channels" / "one.yaml"
    # A night off the air, and names that hurt.
    one.write_text(one.read_text()
                   .replace("duration: 24h", "duration: 22h")
                   .replace("timezone: UTC", "timezone: America/New_York")
                   .replace("name: one", 'name: "Retro, <\\"5\\"> & Co"')
                   + "group: Classics\nlogo: logo.svg\n")
    two = s.dir / "channels" / "two.yaml"
    two.write_text(two.read_text() + "logo: https://example.org/a.png?b=c\n")
    (s.dir / "logo.svg").write_text("<svg/>")
    try:
        yield shown(s.start("-T", CLOCK))
    finally:
        s.close()


def programmes(station, channel):
    """Of the document, as (start, stop, title), in seconds since 1970."""
    def instant(text):
        return datetime.datetime.strptime(
            text, "%Y%m%d%H%M%S %z").timestamp()
    doc = xml.fromstring(station.get(XMLTV).content)
    return [(instant(p.get("start")), instant(p.get("stop")),
             p.find("title").text) for p in doc.findall("programme")
            if p.get("channel") == f"{channel}.retrovue"]


def test_the_document_is_valid_by_its_makers_word(station, tmp_path):
    path = tmp_path / "guide.xml"
    path.write_bytes(station.get(XMLTV).content)
    got = subprocess.run(["tv_validate_file", "--dtd-file", DTD, str(path)],
                         capture_output=True, text=True, timeout=60)
    assert (got.returncode, got.stdout + got.stderr) == (0, "Validated ok.\n")


def test_the_guide_has_three_days_without_gap_or_overlap(station):
    for channel in ("one", "two"):
        got = programmes(station, channel)
        for a, b in zip(got, got[1:]):
            assert a[1] == b[0]
        assert got[0][0] <= NOW_MS / 1000 - 14 * 3600
        assert got[-1][1] >= NOW_MS / 1000 + 72 * 3600
    nights = [p for p in programmes(station, "one") if p[2] == "Off air"]
    assert len(nights) >= 4
    assert {(b - a) / 3600 for a, b, _ in nights} == {2}
    doc = xml.fromstring(station.get(XMLTV).content)
    assert doc.find("programme").get("start").endswith(" -0500")
    assert [e.text for e in doc.find("channel").findall("display-name")] == [
        '1 Retro, <"5"> & Co', "1", 'Retro, <"5"> & Co']


def test_what_the_guide_says_is_what_airs(station):
    rng = random.Random(5)
    guide = station.get("/api/guide", params={
        "from": "2026-01-15T06:00:00Z",
        "to": str(NOW_MS + 9 * HOUR_MS)}).json()
    for channel in guide["channels"]:
        shows = channel["programmes"]
        segments, _ = log(stored(station, channel["slug"], DAY),
                          channel["slug"], DAY)
        for segment in rng.sample(segments, 25):
            at = datetime.datetime.fromisoformat(
                segment["start"].replace("Z", "+00:00")).timestamp() * 1000
            if not shows[0]["start_ms"] <= at < shows[-1]["end_ms"]:
                continue
            show = next(s for s in shows
                        if s["start_ms"] <= at + 1 < s["end_ms"])
            programme = segment["programme"]
            assert show["off_air"] == (programme is None)
            if programme:
                assert show["title"] == programme["title"]
                assert show["event_id"] == (
                    f"{channel['slug']}-{programme['start_frame']}")


def test_who_has_the_guide_is_not_sent_it_again(station):
    packed = station.get(XMLTV)
    plain = station.get(XMLTV, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 5
    tags = {packed.headers["ETag"], plain.headers["ETag"]}
    assert len(tags) == 2 and all(re.fullmatch('"[0-9a-f]+"', t)
                                  for t in tags)
    for headers in ({"If-None-Match": f'"x", {packed.headers["ETag"]}'},
                    {"If-Modified-Since": packed.headers["Last-Modified"]}):
        again = station.get(XMLTV, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == packed.headers["ETag"]
    again = station.get(XMLTV, headers={
        "Accept-Encoding": "identity",
        "If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for headers in ({"If-None-Match": plain.headers["ETag"]},
                    {"If-Modified-Since": "Thu, 15 Jan 2026 14:00:00 GMT"},
                    {"If-Modified-Since": "yesterday"}):
        assert station.get(XMLTV, headers=headers).status_code == 200
    head = requests.head(station.url(XMLTV), timeout=30,
                         headers={"Accept-Encoding": "gzip"})
    assert head.headers["Content-Length"] == packed.headers["Content-Length"]


def test_addresses_are_those_that_were_asked_by(station):
    for host in ("tv.local:8080", "[fe80::1]", "other"):
        headers = {"Host": host}
        doc = xml.fromstring(station.get(XMLTV, headers=headers).content)
        assert doc.find("channel/icon").get("src") == (
            f"http://{host}/channel/one/logo")
        text = station.get(M3U, headers=headers).text
        assert f'x-tvg-url="http://{host}/iptv/xmltv.xml"' in text
        assert f"\nhttp://{host}/channel/one/stream.ts\n" in text
    # More than are remembered; and back again.
    bodies = {station.get(XMLTV, headers={"Host": f"h{i % 11}"}).content
              for i in range(22)}
    assert len(bodies) == 11


def slow_reader(station, minute):
    """Who asks for a day's guide and has taken none of it."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    # By this the kernel judges how much it takes over from the daemon.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    sock.connect(("127.0.0.1", station.port))
    sock.sendall(f"GET /api/guide?from={minute * 60000} HTTP/1.1\r\n"
                 "Host: localhost\r\n\r\n".encode())
    assert sock.recv(12) == b"HTTP/1.1 200"
    return sock


def test_slow_readers_hold_so_many_documents_and_no_more(station):
    first = NOW_MS // 60000
    slow = [slow_reader(station, first + i) for i in range(8)]

    def ask(i):
        return station.get(f"/api/guide?from={(first + i) * 60000}")
    try:
        later = ask(9)
        assert later.status_code == 503
        assert int(later.headers["Retry-After"]) > 0
        assert ask(3).status_code == 200
        # For who wants none, or has it, none is made.
        url = f"/api/guide?from={(first + 9) * 60000}"
        head = requests.head(station.url(url), timeout=30)
        assert (head.status_code, head.text) == (200, "")
        assert "Content-Length" not in head.headers
        tag = {"If-None-Match": head.headers["ETag"]}
        assert station.get(url, headers=tag).status_code == 304
        assert "ETag" not in later.headers
    finally:
        for sock in slow:
            sock.close()
    wait_for(lambda: ask(9).ok, "there is room again")
    assert ask(9).headers["ETag"] == head.headers["ETag"]


def test_the_channel_list_survives_its_names(station):
    answer = station.get(M3U)
    assert answer.headers["Content-Type"].startswith("audio/x-mpegurl")
    lines = answer.text.splitlines()
    assert len(lines) == 7 and lines[0].startswith("#EXTM3U ")
    info, attributes = lines[2], dict(re.findall('([a-z-]+)="([^"]*)"',
                                                 lines[2]))
    assert info.endswith(",Retro <'5'> & Co") and info.count(",") == 1
    assert attributes["tvg-id"] == "one.retrovue"
    assert attributes["group-title"] == "Classics"
    assert attributes["tvg-chno"] == "1"
    assert lines[6].endswith("/channel/two/stream.ts")
    # The same for players of HLS, on pages of others too.
    hls = station.get("/iptv/hls.m3u")
    assert hls.headers["Access-Control-Allow-Origin"] == "*"
    streams = [line for line in hls.text.splitlines() if line[0] != "#"]
    assert [s.partition("/channel/")[2] for s in streams] == [
        "one/hls/index.m3u8", "two/hls/index.m3u8"]
    assert station.get(streams[0].partition(f":{station.port}")[2]).ok
    # What it names is there.
    assert station.get("/channel/one/logo").status_code == 200
    ids = {c.get("id") for c in xml.fromstring(
        station.get(XMLTV).content).findall("channel")}
    assert ids == {"one.retrovue", "two.retrovue"}


def test_a_logo_is_the_file_or_a_card_or_elsewhere(station):
    wait = station.get("/channel/one/logo")
    assert wait.headers["Content-Type"] == "image/svg+xml"
    assert wait.text.startswith("<svg")
    assert "default-src 'none'" in wait.headers["Content-Security-Policy"]
    assert station.get("/channel/one/logo", headers={
        "If-None-Match": wait.headers["ETag"]}).status_code == 304
    got = station.get("/channel/two/logo", allow_redirects=False)
    assert (got.status_code, got.headers["Location"]) == (
        302, "https://example.org/a.png?b=c")
    assert station.get("/channel/nine/logo").status_code == 404


def test_what_is_on_now_is_what_the_status_says(station):
    now = station.get("/api/now").json()
    assert 0 <= now["time_ms"] - NOW_MS < 600 * 1000
    assert [c["number"] for c in now["channels"]] == ["1", "2"]
    for channel in now["channels"]:
        assert (channel["now"]["start_ms"] <= now["time_ms"]
                < channel["now"]["end_ms"] == channel["next"]["start_ms"])
        assert channel["urls"]["ts"] == f"/channel/{channel['slug']}/stream.ts"
    status = station.status("two")
    two = station.get("/api/now").json()["channels"][1]
    assert status["next"]["title"] == two["next"]["title"] == "All day"


def test_the_guide_is_cut_as_it_is_asked_for(station):
    def ask(**query):
        return station.get("/api/guide", params=query)
    whole = ask(**{"from": "2026-01-15T14:30:00Z",
                   "to": "2026-01-15T14:32:00Z", "channel": "2"})
    (channel,) = whole.json()["channels"]
    assert channel["slug"] == "two"
    assert [p["start"] for p in channel["programmes"]] == [
        "2026-01-15T14:30:00.000Z", "2026-01-15T14:31:00.000Z"]
    inner = ask(**{"from": "2026-01-15T14:30:59.999Z",
                   "to": "2026-01-15T14:31:00.001Z", "channel": "two"}).json()
    assert inner["channels"] == whole.json()["channels"]
    day = ask().json()
    assert day["to_ms"] - day["from_ms"] == 24 * HOUR_MS
    assert len(day["channels"][1]["programmes"]) in (1440, 1441)
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert station.get(whole.request.path_url,
                       headers=tag).status_code == 304
    long = {"from": "2026-01-14T00:00:00Z", "to": "2026-01-18T00:00:00Z"}
    assert ask(**long).json()["to"] == "2026-01-16T00:00:00.000Z"
    assert ask(**long, channel="2").json()["to"] == "2026-01-18T00:00:00.000Z"
    endless = {"from": "2026-01-15T00:00:00Z", "to": "2026-06-01T00:00:00Z"}
    assert ask(**endless, channel="2").json()["to"] == \
        "2026-01-31T00:00:00.000Z"
    past = ask(**{"from": "0", "to": "1"}).json()
    assert [c["programmes"] for c in past["channels"]] == [[], []]
    assert ask(channel="nine").status_code == 404
    for query in ({"from": "now"}, {"to": "2026-01-15"}, {"to": "1"},
                  {"from": "5", "to": "5"}):
        assert ask(**query).status_code == 400


def answers(station):
    try:
        return station.get("/status").ok
    except requests.ConnectionError:
        return False


def knock(station, head):
    sock = socket.create_connection(("127.0.0.1", station.port), 30)
    sock.sendall(head.encode() + b"Host: localhost\r\n\r\n")
    return sock


def test_names_are_there_before_the_guide(fake):
    station = fake()
    program_waits(station, "ffprobe", "shows")
    station.launch("-T", CLOCK)
    wait_for(lambda: answers(station), "somebody is there")
    for ask, path in ((requests.head, XMLTV), (requests.get, "/api/now"),
                      (requests.get, "/api/guide")):
        later = ask(station.url(path), timeout=30)
        assert later.status_code == 503
        assert int(later.headers["Retry-After"]) > 0
    # Who would take that for the guide of the next hour waits a while.
    waiting = [knock(station, f"GET {XMLTV} HTTP/1.1\r\n" + more) for more
               in ("", "Accept-Encoding: gzip\r\n", "")]
    waiting.pop().close()
    assert [c["id"] for c in station.get("/api/channels").json()[
        "channels"]] == ["one.retrovue", "two.retrovue"]
    assert station.get(M3U).text.count("#EXTINF") == 2
    assert station.get("/channel/1/logo").content.startswith(PNG)
    for sock in waiting:
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.recv(1)
        sock.settimeout(60)
    go_on(station)
    for sock, packed in zip(waiting, (False, True)):
        head = sock.recv(65536)
        assert head.startswith(b"HTTP/1.1 200 ")
        assert (b"Content-Encoding: gzip" in head) == packed
        sock.close()


def test_who_waits_for_the_guide_is_told_when_the_daemon_ends(fake):
    station = fake()
    program_waits(station, "ffprobe", "shows")
    station.launch("-T", CLOCK)
    wait_for(lambda: answers(station), "somebody is there")
    sock = knock(station, f"GET {XMLTV} HTTP/1.1\r\n")
    wait_for(lambda: station.get("/status").ok, "the loop has been round")
    station.process.terminate()
    assert station.ends(5) == 0
    assert sock.recv(65536)[:12] in (b"", b"HTTP/1.1 503")


def shows(station, channel):
    """A day's programmes by first frame, as the guide and as the log of what
    is to air have them."""
    guide = station.get("/api/guide", params={
        "from": f"{DAY}T00:00:00Z", "to": f"{DAY}T23:59:59Z",
        "channel": channel}).json()["channels"][0]["programmes"]
    segments, _ = log(stored(station, channel, DAY), channel, DAY)
    return ({int(p["event_id"].rpartition("-")[2]): p["title"]
             for p in guide if not p["off_air"]},
            {s["programme"]["start_frame"]: s["programme"]["title"]
             for s in segments if s["programme"]})


def reload(station, old="", new=""):
    """With a change in the first channel's file."""
    file = station.dir / "channels" / "one.yaml"
    file.write_text(file.read_text().replace(old, new))
    assert station.ctl("reload").returncode == 0


def test_a_reload_is_in_the_guide_as_far_as_it_airs(fake):
    station = fake()
    for file in (station.dir / "channels").iterdir():
        file.write_text(file.read_text().replace(
            'start: "00:00"\n        duration: 24h',
            'start: "14:00"\n        duration: 1h'))
    first = shown(station.start("-T", CLOCK)).get(XMLTV).headers
    before = station.get("/api/channels").json()["channels"]
    # Nothing has changed, and nothing is said to have.
    reload(station)
    wait_for(lambda: len(station.log("guide")) == 2, "it is made anew", 60)
    again = station.get(XMLTV).headers
    for name in ("ETag", "Last-Modified"):
        assert again[name] == first[name]
    # Another number, by which nobody is told from another.
    reload(station, "channel_number: 1", "channel_number: 1.5")
    wait_for(lambda: [c["number"] for c in station.get(
        "/api/now").json()["channels"]] == ["1.5", "2"], "it is shown", 60)
    after = station.get("/api/channels").json()["channels"]
    assert [c["id"] for c in after] == [c["id"] for c in before]
    again = station.get(XMLTV).headers
    for name in ("ETag", "Last-Modified"):
        assert again[name] != first[name]
    # Another title, but not of what begins within ten minutes.
    reload(station, "All day", "Changed")
    # One of the two is there first.
    wait_for(lambda: all("Changed" in x.values() for x in
                         shows(station, "one")), "it is shown", 60)
    guide, aired = shows(station, "one")
    assert guide == aired
    assert set(guide.values()) == {"All day", "Changed"}


@pytest.mark.parametrize("zone", ["UTC", "Australia/Sydney",
                                  "America/New_York"])
def test_a_machine_that_believes_in_1970_has_a_guide(fake, watch,
                                                     zone):
    """So does one without a clock until it is told the time."""
    station = fake()
    for file in (station.dir / "channels").iterdir():
        file.write_text(file.read_text().replace("timezone: UTC",
                                                 f"timezone: {zone}"))
    station.start("-T", "1970-01-01T00:00:10Z")
    wait_for(lambda: station.log("guide"), "the guide", 60)
    got = xml.fromstring(station.get("/iptv/xmltv.xml").content)
    starts = [p.get("start") for p in got.iter("programme")]
    assert len(starts) > 100
    watch(station, 1).watch(3).close()
    assert station.process.poll() is None
