"""Starts that fail, and the operator's desk."""

import json
import os
import pathlib
import re
import signal
import shutil
import socket
import sqlite3
import subprocess

import pytest

from conftest import BUILD, ROOT, wait_for


def test_a_port_in_use_is_named(make):
    station = make()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        station.port = other.getsockname()[1]
        station.write()
        done = station.run()
    assert done.returncode == 69
    assert str(station.port) in done.stderr


def test_broken_yaml_is_pointed_at(make):
    station = make()
    path = station.dir / "channels" / "one.yaml"
    path.write_text("channel: one\nname: [\n")
    done = station.run()
    assert done.returncode == 78
    assert re.search(re.escape(str(path)) + r":\d+:\d+: ", done.stderr)


def test_a_second_start_is_refused(station, make):
    second = make()
    text = second.config.read_text()
    second.config.write_text(text.replace(f"{second.dir}/c.sock",
                                          f"{station.dir}/c.sock"))
    assert second.run().returncode == 75
    assert station.status()["ready"]


def test_in_the_background_too_a_start_says_what_is_in_its_way(station, make):
    second = make()
    argv = [a for a in second.argv() if a != "-f"]
    text = second.config.read_text()
    for old, new, code in (
            (f"{second.dir}/c.sock", f"{station.dir}/c.sock", 75),
            (f":{second.port}", f":{station.port}", 69)):
        second.config.write_text(text.replace(old, new))
        done = subprocess.run(argv, capture_output=True, text=True,
                              timeout=60)
        assert done.returncode == code
        assert done.stderr != ""


@pytest.mark.parametrize("path, thread", [
    (".nfo", False), ("tlog/two/", True), ("library.db", True)])
def test_a_disk_that_hangs_keeps_no_daemon_from_its_end(make, media, tmp_path,
                                                        path, thread):
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)
    copy = shutil.copytree(media, tmp_path / "media")
    (copy / "shows" / "a.nfo").write_text("<episodedetails/>")
    station = make(copy)
    mark = station.dir / "hangs"
    station.env.update(LD_PRELOAD=str(BUILD / "fake" / "hang.so"),
                       HANG_PATH=path, HANG_MARK=str(mark))
    station.launch()
    wait_for(mark.exists, "a thread is held")
    if not thread:
        # Nobody else has to wait for that disk to write what he knows.
        with sqlite3.connect(station.dir / "state" / "library.db",
                             timeout=10) as db:
            db.execute("BEGIN IMMEDIATE")
    station.process.terminate()
    assert station.ends(2) == 0
    held = any("thread that has not ended" in line for line in
               (station.dir / "log" / "playout.log").open())
    assert held == thread


def test_a_disk_that_hangs_takes_no_thread_for_each_look(make):
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)
    station = make()
    channel = station.dir / "channels" / "one.yaml"
    channel.write_text(channel.read_text() + "logo: logo.svg\n")
    (station.dir / "logo.svg").write_text("<svg/>")
    mark = station.dir / "hangs"
    station.env.update(LD_PRELOAD=str(BUILD / "fake" / "hang.so"),
                       HANG_PATH="logo.svg", HANG_MARK=str(mark))
    station.start()
    wait_for(mark.exists, "a thread is held")
    threads = pathlib.Path(f"/proc/{station.process.pid}/task")
    first = 0
    for n in range(1, 5):
        wait_for(lambda: len(station.log("guide")) >= n, "its guide", 60)
        first = first or len(list(threads.iterdir()))
        assert station.ctl("reload").returncode == 0
    wait_for(lambda: len(list(threads.iterdir())) <= first,
             "the threads are no more than they were")


def test_it_goes_to_the_background(make):
    station = make()
    argv = [a for a in station.argv() if a != "-f"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")

    def ready():
        return json.loads(station.ctl("--json", "status").stdout)["ready"]
    wait_for(ready, "ready", 60)
    assert station.ctl("start", "1").returncode == 0
    wait_for(lambda: station.log("stream_created"), "on the air")
    os.kill(int((station.dir / "retrovued.pid").read_text()), signal.SIGTERM)
    wait_for(lambda: not daemon_pids(station), "its end")


def daemon_pids(station):
    """The retrovueds with this station's configuration, zombies apart; for a
    moment, children that are yet to become another program too."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if (str(station.config).encode() in words
                and words[0].endswith(b"/retrovued")):
            found.append(int(path.parent.name))
    return found


def test_without_ffmpeg_a_channel_says_why(make):
    station = make()
    (station.dir / "empty").mkdir()
    station.env["PATH"] = str(station.dir / "empty")
    station.start()
    answer = station.get("/channel/1/stream.ts")
    assert answer.status_code == 503
    assert answer.text.strip() != ""
    assert station.status(1)["reason"] == answer.text.strip()
    health = station.get("/health")
    assert health.status_code == 503
    assert [c["channel"] for c in health.json()["unhealthy"]] == ["one",
                                                                  "two"]
    assert 'retrovue_channel_healthy{channel="one"} 0' in \
        station.get("/metrics").text
    assert station.process.poll() is None


def test_status_is_a_table(station):
    done = station.ctl("status")
    assert done.returncode == 0
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[:2] for row in rows[-2:]] == [["1", "one"], ["2", "two"]]


def test_validate_passes_what_is_right_and_finds_a_fault(make):
    station = make()
    assert station.ctl("validate").returncode == 0
    path = station.dir / "channels" / "two.yaml"
    path.write_text(path.read_text().replace("grid_minutes: 1",
                                             "grid_minutes: 7"))
    done = station.ctl("validate")
    assert done.returncode == 1
    assert re.search(r"two\.yaml:\d+:\d+: .*grid_minutes",
                     done.stdout + done.stderr)
