"""What airs when something failed: the operator's own picture, from memory."""

import os
import shutil
import signal
import subprocess

import tsread
from conftest import wait_for
from test_stream import check_clock, check_decodes, check_unbroken

START = "2026-01-15T14:30:06Z"
RED = (200, 40, 40)
WRAPPER = """\
#!/bin/sh
if [ -e {dir}/broken ]; then echo Input/output error >&2; exit 1; fi
exec {ffmpeg} "$@"
"""


def draw(path, source, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi",
                    "-i", source, *options, str(path)], check=True,
                   timeout=60)


def colours(data, path):
    """Each picture of a capture as one colour."""
    path.write_bytes(data[:len(data) - len(data) % 188])
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i",
                           str(path), "-vf", "scale=1:1:flags=area",
                           "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
                          check=True, capture_output=True, timeout=60).stdout
    return [tuple(done[i:i + 3]) for i in range(0, len(done), 3)]


def is_red(colour):
    return all(abs(a - b) < 30 for a, b in zip(colour, RED))


def add_slate(station, name):
    path = station.dir / "channels" / "two.yaml"
    text = path.read_text().replace("duration: 24h", "duration: 1h")
    path.write_text(f"{text}slate: {station.dir}/{name}\n")


def with_slate(station, name):
    """A station whose children can be made to fail, and whose channel has
    that slate and airs its filler but for an hour of the day."""
    # That is a shell script, which may do more than ffmpeg.
    station.extend("ffmpeg: {sandbox: off}")
    add_slate(station, name)
    (station.dir / "ffmpeg").write_text(WRAPPER.format(
        dir=station.dir, ffmpeg=shutil.which("ffmpeg")))
    (station.dir / "ffmpeg").chmod(0o755)
    station.env["PATH"] = f"{station.dir}:{station.env['PATH']}"
    return station


def break_children(station, broken=True):
    if not broken:
        (station.dir / "broken").unlink()
        return
    (station.dir / "broken").touch()
    for pid in station.children():
        os.kill(pid, signal.SIGKILL)


def check_sets(data):
    """All pictures have the same parameter sets, byte for byte: a decoder
    that meets another sequence parameter set begins anew.  Text has a picture
    parameter set of its own, of another id, beside the programmes'."""
    sequence, picture = tsread.parameter_sets(data)
    assert len(sequence) > 7
    assert len(set(sequence)) == 1
    # The id is the first field: 1 for 0, 010 for 1.
    assert len({p for p in picture if p[1] & 0x80}) == 1
    assert len({p for p in picture if not p[1] & 0x80}) <= 1


def slates(station):
    return sorted((station.dir / "state").glob("slate-*"))


def air_slate(station, watch):
    """What a viewer gets who sees programme, slate and programme again."""
    viewer = watch(station, 2).watch(8)
    break_children(station)
    wait_for(lambda: any(e.get("event") == "pad"
                         for e in station.log("mpegts_stream")), "slate")
    content = station.status(2)["content"]
    assert (content["kind"], content["path"]) == ("slate", None)
    viewer.watch(viewer.stream.span() + 5)
    break_children(station, False)
    wait_for(lambda: viewer.watch(viewer.stream.span() + 1) and
             station.status(2)["content"]["kind"] != "slate", "programme", 30)
    viewer.watch(viewer.stream.span() + 3)
    stream = viewer.close()
    check_sets(viewer.data)
    return viewer, stream


def test_a_picture_airs_while_children_fail(make, watch, tmp_path):
    station = with_slate(make(), "slate.png")
    draw(station.dir / "slate.png", "color=0xc82828:s=64x48",
         "-frames:v", "1")
    station.start("-T", START)
    assert len(slates(station)) == 1
    viewer, stream = air_slate(station, watch)
    check_unbroken(stream, 2)
    check_clock(stream)
    # 4:3 in 16:9: the colour is three quarters red.
    reds = [c[0] > 120 and c[1] < 60 for c in colours(viewer.data,
                                                      tmp_path / "c.ts")]
    assert sum(reds) >= 4 * 25
    first, last = reds.index(True), len(reds) - reds[::-1].index(True)
    assert all(reds[first:last])
    assert not reds[0] and not reds[-1]


def test_how_many_pictures_were_held_is_told_exactly(make, watch):
    station = make()
    film = station.dir / "short.mkv"
    draw(film, "testsrc=s=320x180:r=25:d=4", "-f", "lavfi", "-i",
         "sine=440:r=48000:d=6", "-map", "0:v", "-map", "1:a", "-c:v",
         "libx264", "-preset", "ultrafast", "-c:a", "aac")
    path = station.dir / "channels" / "two.yaml"
    text = path.read_text().replace("duration: 24h", "duration: 1h")
    old = f"filler: {station.media}/filler/still.mkv"
    assert old in text
    path.write_text(text.replace(old, f"filler: {film}"))
    station.start("-T", START)
    watch(station, 2)
    ended = wait_for(lambda: [
        e for e in station.log("stream_ended") if e["channel"] == "2"][1:],
        "two have ended", 60)
    # The first one was joined in progress.
    for e in ended:
        assert (e["slate"], e["pad"], e["filler"]) == ("0", "0", "0")
        assert int(e["asset"]) - int(e["held"]) == 100


def test_a_slate_is_made_by_an_ffmpeg_that_may_read_nothing_else(make):
    station = make()
    draw(station.dir / "slate.jpg", "color=green:s=640x480", "-frames:v", "1")
    add_slate(station, "slate.jpg")
    assert len(slates(station.start("-T", START))) == 1


def test_a_video_goes_round_and_is_made_anew_when_it_changes(make, watch,
                                                              tmp_path):
    station = with_slate(make(), "slate.mkv")
    draw(station.dir / "slate.mkv", "color=0xc82828:s=320x180:r=25:d=3",
         "-c:v", "libx264")
    station.start("-T", START)
    first = slates(station)
    viewer, stream = air_slate(station, watch)
    check_unbroken(stream, 2)
    reds = [is_red(c) for c in colours(viewer.data, tmp_path / "c.ts")]
    assert sum(reds) >= 4 * 25
    draw(station.dir / "slate.mkv", "color=blue:s=320x180:r=25:d=5",
         "-c:v", "libx264")
    assert station.ctl("reload").returncode == 0
    second = wait_for(lambda: slates(station) != first and slates(station),
                      "another slate")
    assert len(second) == 1


def test_the_text_says_what_failed(make, watch, tmp_path):
    station = with_slate(make(), "none.png\nslate_text: noc")
    station.start("-T", START)
    viewer, stream = air_slate(station, watch)
    check_unbroken(stream, 2)
    check_clock(stream)
    check_decodes(viewer.data, tmp_path)
    # A dark blue plane with a little ink.
    blues = [max(c) < 80 and c[2] > c[0] + 10
             for c in colours(viewer.data, tmp_path / "c.ts")]
    assert sum(blues) >= 4 * 25


def test_a_slate_that_is_none_is_a_warning_and_pad_airs(make, watch,
                                                        tmp_path):
    station = with_slate(make(), "slate.png")
    (station.dir / "slate.png").write_text("no picture")
    station.start("-T", START)
    wait_for(lambda: "the slate cannot be made" in "\n".join(station.lines()),
             "it is said")
    viewer, stream = air_slate(station, watch)
    check_unbroken(stream, 2)
    shown = colours(viewer.data, tmp_path / "c.ts")
    assert sum(c == (0, 0, 0) for c in shown) >= 4 * 25
