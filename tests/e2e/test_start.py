"""Starts that fail, and the operator's desk."""

import re
import socket
import subprocess

import requests

from conftest import wait_for


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


def test_without_ffmpeg_a_channel_says_why(make):
    station = make()
    (station.dir / "empty").mkdir()
    station.env["PATH"] = str(station.dir / "empty")
    station.process = subprocess.Popen(station.argv(), env=station.env,
                                       stderr=subprocess.DEVNULL)

    def answered():
        try:
            return [station.get("/channel/1/stream.ts", stream=True)]
        except requests.ConnectionError:
            return []
    [answer] = wait_for(answered, "an answer")
    assert answer.status_code == 503
    assert answer.text.strip() != ""
    assert station.status(1)["reason"] == answer.text.strip()
    assert station.get("/health").status_code == 503
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
