"""Loudness: measured behind everybody's back, corrected on the air."""

import json
import re
import shutil
import subprocess

import pytest

from conftest import wait_for

SECONDS = 20
NAME = "Tone (1980) - S01E01 - Hum.mkv"


def tone(path, lufs):
    """A film with a tone that loud, without loss."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin",
         "-f", "lavfi", "-i", f"testsrc=s=320x180:r=25:d={SECONDS}",
         "-f", "lavfi", "-i", f"sine=997:r=48000:d={SECONDS},"
         "aformat=channel_layouts=stereo",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
         "-c:a", "pcm_s16le", "-af", f"volume={gain_to(lufs)}dB",
         str(path)], check=True, timeout=60)


def gain_to(lufs):
    """What a sine of lavfi's takes to be that loud, by ebur128's own word."""
    return lufs - loudness(["-f", "lavfi", "-i", "sine=997:r=48000:d=5,"
                            "aformat=channel_layouts=stereo"])


def loudness(source):
    done = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", *source, "-vn",
         "-af", "ebur128=framelog=verbose", "-f", "null", "-"],
        check=True, timeout=60, capture_output=True, text=True)
    return float(re.findall(r"^    I: +(-?[\d.]+) LUFS", done.stderr,
                            re.M)[-1])


@pytest.fixture(scope="module")
def hum(tmp_path_factory):
    path = tmp_path_factory.mktemp("hum") / NAME
    tone(path, -30)
    return path


def make_quiet(make, media, tmp_path, hum, audio=""):
    """A station that airs nothing but tones of -30 LUFS."""
    copy = tmp_path / "media"
    shutil.copytree(media, copy)
    for old in [*(copy / "shows").iterdir(), *(copy / "spots").iterdir()]:
        old.unlink()
    shutil.copy(hum, copy / "shows")
    shutil.copy(hum, copy / "filler" / "still.mkv")
    station = make(copy)
    for name in ("one", "two"):
        path = station.dir / "channels" / f"{name}.yaml"
        path.write_text(path.read_text().replace(
            "bitrate: 64k}", "bitrate: 128k" + audio + "}"))
    station.measure = "yes"
    station.write()
    return station


def measured(station):
    """The loudness of every asset that can air, once all are known."""
    done = station.ctl("--json", "assets")
    told = json.loads(done.stdout)["assets"] if done.returncode == 0 else []
    levels = [a["loudness"] for a in told if a["title"] in ("Hum", "still")]
    return all(levels) and [v["integrated"] for v in levels]


def await_measured(station):
    """Measured, and read anew: what was read before may not know it all."""
    levels = wait_for(lambda: measured(station), "all are measured", 60)
    wait_for(lambda: station.log("measure"), "all of it is over")
    seen = len(station.log("ready"))
    assert station.ctl("reload").returncode == 0
    wait_for(lambda: len(station.log("ready")) > seen, "it is in use")
    return levels


def aired(station, watch, path):
    """How loud 10 s of channel 2 are."""
    viewer = watch(station, 2).watch(10)
    viewer.close()
    path.write_bytes(viewer.data)
    return loudness(["-i", str(path)])


def test_a_quiet_tone_airs_at_the_house_s_loudness(make, media, watch,
                                                   tmp_path, hum):
    station = make_quiet(make, media, tmp_path, hum).start()
    levels = await_measured(station)
    assert len(levels) == 2
    assert all(abs(v + 30) <= 0.1 for v in levels)
    assert abs(aired(station, watch, tmp_path / "on.ts") + 23) <= 0.5
    # Measured once: the next start has nothing to do.
    assert [e["left"] for e in station.log("measure")] == ["0"]
    assert "measured lull" not in station.ctl(
        "markers", str(station.media / "shows" / NAME)).stdout


def test_loudness_may_be_left_alone(make, media, watch, tmp_path, hum):
    station = make_quiet(make, media, tmp_path, hum,
                         ", loudness: off").start()
    await_measured(station)
    assert abs(aired(station, watch, tmp_path / "off.ts") + 30) <= 0.5


def test_the_air_does_not_feel_the_measuring(make, media, watch, tmp_path,
                                             hum):
    station = make_quiet(make, media, tmp_path, hum).start()
    viewer = watch(station, 2)
    await_measured(station)
    stream = viewer.watch(10).close()
    assert stream.cc_errors == 0 and stream.discontinuities == 0
    assert len(set(stream.dts_deltas())) == 1
    assert len(set(stream.audio_deltas())) == 1
