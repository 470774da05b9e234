"""The library: what a scan finds, and how it is told.  No daemon runs."""

import http.server
import json
import os
import shutil
import signal
import socketserver
import subprocess
import threading

import pytest

from conftest import CTL, clip, wait_for

NO_MEDIA = ("is no media file that can be read: "
            "Invalid data found when processing input")
TEXT = "is text, no media file"
CUT = "is cut off: it ends in the middle of its header"


@pytest.fixture
def library(make, media, tmp_path):
    """A station with a library of its own to spoil."""
    copy = tmp_path / "media"
    shutil.copytree(media, copy)
    return make(copy)


def spoil(shows):
    """One of every kind of broken file; why each cannot air."""
    good = (shows / "a.mkv").read_bytes()
    why = {"empty.mp4": "is empty", "random.mkv": NO_MEDIA,
           "text.mp4": NO_MEDIA, "playlist.mp4": TEXT,
           "cut.mkv": CUT, "fifo.mkv": "is a FIFO, not a file",
           "loop.mkv": "Too many levels of symbolic links",
           "gone.mkv": "No such file or directory"}
    (shows / "empty.mp4").write_bytes(b"")
    (shows / "random.mkv").write_bytes(bytes(range(7, 256)) * 200)
    (shows / "text.mp4").write_text("hello\n")
    (shows / "playlist.mp4").write_text(
        "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n")
    (shows / "cut.mkv").write_bytes(good[:100])
    (shows / "loop.mkv").symlink_to("loop.mkv")
    (shows / "gone.mkv").symlink_to("nowhere.mkv")
    os.mkfifo(shows / "fifo.mkv")
    (shows / "dir.mp4").mkdir()
    try:
        os.mknod(shows / "dev.mkv", 0o600 | 0o020000, os.makedev(1, 5))
        why["dev.mkv"] = "is a device, not a file"
    except PermissionError:
        pass
    return why


def listed(done):
    """The bad files of a scan's or assets' JSON, by name."""
    told = json.loads(done.stdout)
    return {f["path"].rpartition("/")[2]: f.get("reason", f.get("bad"))
            for f in told.get("bad", told.get("assets"))}


def test_every_broken_file_is_listed_with_its_reason(library):
    why = spoil(library.media / "shows")
    done = library.ctl("--json", "scan")
    assert done.returncode == 0
    assert listed(done) == why
    assert json.loads(done.stdout)["assets"] == 6 + len(why)
    done = library.ctl("scan")
    assert done.returncode == 0
    assert "/shows/empty.mp4: warning: cannot air: is empty\n" in done.stdout
    assert done.stdout.endswith(f"{6 + len(why)} assets, 0 new, 0 changed, "
                                f"0 gone, {len(why)} bad\n")
    assert listed(library.ctl("--json", "assets", "--bad")) == why


def test_odd_names_are_found_and_told(library):
    shows = os.fsencode(library.media / "shows")
    names = [b"q'uo\"te.mkv", b"new\nline.mkv", b"%03d.mkv", b"-dash.mkv",
             b"a:b.mkv", b"\xff\xfe.mkv", b"\x1b[2J.mkv"]
    for name in names:
        os.link(shows + b"/a.mkv", shows + b"/" + name)
    assert library.ctl("scan").stdout.endswith(
        "13 assets, 13 new, 0 changed, 0 gone, 0 bad\n")
    text = library.ctl("assets").stdout
    assert "\x1b" not in text
    assert "/new\\x0aline.mkv\n" in text
    told = json.loads(library.ctl("--json", "assets").stdout)["assets"]
    uris = [f["path_uri"] for f in told if "path_uri" in f]
    assert [u.rpartition("/")[2] for u in uris] == ["%FF%FE.mkv"]
    assert {f["duration_us"] // 1000000 for f in told} >= {8, 7, 6, 2, 20}


def test_a_scan_counts_what_has_changed(library):
    shows = library.media / "shows"
    assert " 6 new, 0 changed, 0 gone," in library.ctl("scan").stdout
    assert " 0 new, 0 changed, 0 gone," in library.ctl("scan").stdout
    (shows / "a.mkv").rename(shows / "d.mkv")
    (shows / "b.mkv").unlink()
    clip(shows / "b.mkv", 1, "25", 0)
    # Its sidecar has markers beyond the second that it now lasts.
    done = library.ctl("scan")
    assert " 1 new, 1 changed, 1 gone, 1 bad" in done.stdout
    assert "/shows/b.mkv.yaml:" in done.stdout


def test_assets_are_filtered(library):
    library.ctl("scan")

    def names(*args):
        told = json.loads(library.ctl("--json", "assets", *args).stdout)
        return [f["title"] for f in told["assets"]]
    assert names() == ["still", "a", "b", "c", "x", "y"]
    assert names("--type", "commercial") == ["x", "y"]
    assert names("STILL") == ["still"]
    assert names("[ab].mkv") == ["a", "b"]
    assert names("--bad") == []
    done = library.ctl("assets", "--type", "episod")
    assert done.returncode == 2
    assert "did you mean 'episode'?" in done.stderr


def test_assets_are_chosen_as_a_pool_would_choose(library):
    shows = library.media / "shows"
    shutil.copy(shows / "a.mkv", shows / "Show (1982) - S01E02 - Name.mkv")
    (shows / "Show (1982) - S01E02 - Name.nfo").write_text(
        "<episodedetails><plot>It is told.</plot><genre>Comedy</genre>"
        "</episodedetails>")
    library.ctl("scan")
    done = library.ctl("--json", "assets", "--match",
                       "series_title: Show, season: 1..2, genre: [comedy]")
    (told,) = json.loads(done.stdout)["assets"]
    assert (told["title"], told["series"], told["series_year"],
            told["season"], told["episode"], told["plot"]) == (
                "Name", "Show", 1982, 1, 2, "It is told.")
    assert told["loudness"] is None and told["lulls"] == []
    assert "Show (1982) S01E02 Name " in library.ctl("assets", "show").stdout
    done = library.ctl("assets", "--match", "serie: x")
    assert done.returncode == 2
    assert "--match:1:1: unknown key 'serie'" in done.stderr


def test_paths_stand_below_each_other(library):
    shows = library.media / "shows"
    for name in ("\u6620\u753b", "A title that is longer than its column "
                 "is, by much"):
        shutil.copy(shows / "a.mkv", shows / f"{name}.mkv")
    library.ctl("scan")
    lines = library.ctl("assets", "shows").stdout.splitlines()[:-1]
    assert len(lines) >= 3
    wide = {line.index("/") + line[:line.index("/")].count("\u6620") +
            line[:line.index("/")].count("\u753b") for line in lines}
    assert len(wide) == 1, lines


def test_assets_before_the_first_scan_say_so(library):
    done = library.ctl("assets")
    assert done.returncode == 1
    assert "nothing has been scanned yet" in done.stderr


def markers(library, path):
    done = library.ctl("--json", "markers", str(path))
    assert done.returncode == 0, done.stderr
    return [(m["source"], m["kind"], m["start"], m.get("end"))
            for m in json.loads(done.stdout)["markers"]]


def with_chapters(path, to, chapters):
    meta = ";FFMETADATA1\n".encode()
    for start, end, title in chapters:
        meta += (f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\n"
                 "title=").encode() + title + b"\n"
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-i", "-",
                    "-map", "0", "-map_metadata", "1", "-c", "copy", str(to)],
                   input=meta, check=True, timeout=30)


def test_chapters_are_markers_unless_the_sidecar_has_some(library):
    shows = library.media / "shows"
    path = shows / "z.mkv"
    with_chapters(shows / "a.mkv", path, [
        (0, 1500, b"Opening"), (1500, 4000, b"caf\xe9 \"1\""),
        (4000, 5000, b"Commercial"), (5000, 7000, b"Two"),
        (7000, 8000, b"End Credits")])
    chapters = [
        ("chapter", "intro", "0:00:00.000", "0:00:01.500"),
        ("chapter", "chapter", "0:00:01.500", None),
        ("chapter", "avail", "0:00:04.000", "0:00:05.000"),
        ("chapter", "chapter", "0:00:05.000", None),
        ("chapter", "outro", "0:00:07.000", "0:00:08.000")]
    assert markers(library, path) == chapters       # probed now
    library.ctl("scan")
    library.env["PATH"] = "/nowhere"
    assert markers(library, path) == chapters       # known
    (shows / "z.mkv.yaml").write_text("title: Zed\n")
    assert markers(library, path) == chapters
    (shows / "z.mkv.yaml").write_text("markers: [{kind: avail, start: 2.5}]")
    assert markers(library, path) == [
        ("sidecar", "avail", "0:00:02.500", None)]
    text = library.ctl("markers", str(path)).stdout
    assert text.splitlines()[1] == "sidecar  avail    0:00:02.500"


def test_a_faulty_sidecar_is_pointed_at(library):
    path = library.media / "shows" / "a.mkv"
    (path.parent / "a.mkv.yaml").write_text(
        "markers:\n  - {kind: avail, start: 99}\n")
    done = library.ctl("markers", str(path))
    assert done.returncode == 1
    assert f"{path}.yaml:2:26: " in done.stderr
    done = library.ctl("scan")
    assert done.returncode == 0
    assert f"{path}.yaml:2:26: " in done.stdout
    bad = listed(library.ctl("--json", "assets", "--bad"))
    assert bad["a.mkv"].startswith(
        f"its sidecar is faulty: {path}.yaml:2:26: ")


def test_a_scan_that_is_interrupted_goes_on_later(library):
    ffprobe = library.dir / "bin" / "ffprobe"
    ffprobe.parent.mkdir()
    ffprobe.write_text("#!/bin/sh\necho >>${0%/*}/asked\nexec sleep 60\n")
    ffprobe.chmod(0o755)
    library.extend("ffmpeg: {sandbox: off}")
    env = dict(os.environ, PATH=f"{ffprobe.parent}:{os.environ['PATH']}")
    scan = subprocess.Popen([str(CTL), "-c", str(library.config), "scan"],
                            env=env, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)
    wait_for((ffprobe.parent / "asked").exists, "an ffprobe runs")
    scan.send_signal(signal.SIGINT)
    _, said = scan.communicate(timeout=30)
    assert scan.returncode == 1
    assert "the next scan goes on from here" in said
    assert " 6 new," in library.ctl("scan").stdout


def test_a_database_that_cannot_be_written_is_said(library):
    library.ctl("scan")
    (library.dir / "state" / "library.db").unlink()
    (library.dir / "state" / "library.db").mkdir()
    done = library.ctl("scan")
    assert done.returncode == 1
    assert "library.db: warning: cannot be written" in done.stdout


class Daemon(socketserver.ThreadingUnixStreamServer):
    """What retrovued answers about a scan: busy twice, then idle."""

    daemon_threads = True

    def __init__(self, path):
        self.asked = []
        super().__init__(str(path), Answers)


class Answers(http.server.BaseHTTPRequestHandler):
    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.reply({})

    def do_GET(self):
        busy = len(self.server.asked) < 3
        self.reply({"state": "scanning" if busy else "idle", "done": 3,
                    "total": 7, "assets": 7, "bad": 1,
                    "finished": "2026-01-15T14:30:00Z"})

    def reply(self, body):
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def test_a_daemon_is_asked_to_scan_and_followed(library):
    (library.media / "shows" / "bad.mkv").write_text("x")
    library.ctl("scan")
    with Daemon(library.dir / "c.sock") as daemon:
        threading.Thread(target=daemon.serve_forever, daemon=True).start()
        done = library.ctl("scan")
        daemon.shutdown()
    assert done.returncode == 0, done.stderr
    assert daemon.asked == ["POST /scan"] + 3 * ["GET /scan"]
    lines = done.stdout.splitlines()
    assert lines[0].endswith(f"/shows/bad.mkv: cannot air: {NO_MEDIA}")
    assert lines[-1] == "7 assets, 1 bad"
