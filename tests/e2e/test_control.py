"""The operator's desk: what changes a running station."""

import contextlib
import grp
import json
import os
import shutil
import signal
import socket
import subprocess

import pytest
import requests

import conftest
from conftest import wait_for
from test_stream import check_unbroken


def control(station, request):
    """What the control socket answers to raw bytes."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(str(station.dir / "c.sock"))
        s.sendall(request)
        answer = b""
        while chunk := s.recv(65536):
            answer += chunk
    return answer


def ask(station, method, target):
    request = f"{method} {target} HTTP/1.0\r\nHost: x\r\n\r\n".encode()
    head, _, body = control(station, request).partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def edit(station, channel, old, new):
    path = station.dir / "channels" / f"{channel}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def is_dead(pid):
    """Gone, or only to be reaped by whoever inherits it."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(") ")[2].startswith("Z")
    except FileNotFoundError:
        return True


def editions(station):
    return json.loads(ask(station, "GET", "/reload")[1])["number"]


def test_a_reload_without_a_change_loses_nothing(make, watch):
    station = make().start("-v", "-T", "2026-01-15T14:30:06Z")
    viewers = {n: watch(station, n).watch(2) for n in (1, 2)}
    for _ in range(3):
        done = station.ctl("reload")
        assert (done.returncode, done.stdout.splitlines()[-1]) == (
            0, "done: 6 assets, 0 of them bad")
    assert {e["why"] for e in wait_for(lambda: station.log("child_exit"),
                                       "a child that ends")} == {"done"}
    for n, viewer in viewers.items():
        check_unbroken(viewer.watch(8).close(), n)
    assert {e["changed"] for e in station.log("plan")} == {"no"}


def test_a_faulty_file_refuses_the_reload_and_disturbs_nobody(fake, watch):
    station = fake().start()
    viewer = watch(station, 1).watch(1)
    edit(station, "two", "mode: sequential", "mode: sideways")
    done = station.ctl("reload")
    assert done.returncode == 1
    assert "two.yaml:21:15:" in done.stdout, done.stdout
    assert "refused" in done.stdout
    wait_for(lambda: station.log("reload_refused"), "its end in the log")
    assert [(e["file"].rpartition("/")[2], e["line"])
            for e in station.log("config")] == [("two.yaml", "21")]
    assert station.log("library") == []
    assert [e["faults"] for e in station.log("reload_refused")] == ["1"]
    assert station.status(2)["number"] == "2"
    check_unbroken(viewer.watch(6).close(), 1)


def test_sighup_takes_up_a_new_channel_and_drops_one(fake, watch):
    station = fake().start()
    viewer, other = watch(station, 1).watch(1), watch(station, 2).watch(1)
    text = (station.dir / "channels" / "two.yaml").read_text()
    (station.dir / "channels" / "two.yaml").unlink()
    (station.dir / "channels" / "nine.yaml").write_text(
        text.replace("channel: two", "channel: nine").replace(
            "channel_number: 2", "channel_number: 9"))
    before = editions(station)
    station.process.send_signal(signal.SIGHUP)
    wait_for(lambda: editions(station) > before, "another edition")
    assert station.get("/channel/2/status").status_code == 404
    assert station.status("nine")["number"] == "9"
    other.join(30)
    assert not other.is_alive()
    watch(station, 9).watch(1)
    check_unbroken(viewer.watch(6).close(), 1)


def test_what_airs_and_comes_next_outlives_a_changed_plan(make, watch):
    station = make().start("-T", "2026-01-15T14:30:06Z")
    viewer = watch(station, 1).watch(1)
    before = station.status(1)
    edit(station, "one", "{path: %s/shows}" % station.media,
         "{files: %s/shows/c.mkv}" % station.media)
    assert station.ctl("reload").returncode == 0
    after = station.status(1)
    assert after["next"] == before["next"]
    if after["time"] < before["content"]["ends"]:
        assert after["content"] == {**before["content"], "frame":
                                    after["content"]["frame"]}
    plans = wait_for(lambda: [e["changed"] for e in station.log("plan")
                              if e["channel"] == "1"], "a word about the plan")
    assert plans == ["yes"]
    check_unbroken(viewer.watch(8).close(), 1)
    # An operator who will not wait takes the new plan at once.
    assert station.ctl("restart", "1").returncode == 0
    wait_for(lambda: "c.mkv" in (station.status(1)["content"]["path"] or "")
             or station.status(1)["next"]["title"] == "All day", "new plan")


def without_host(station, path):
    """What it answers to who does not say how it was reached."""
    with socket.create_connection(("127.0.0.1", station.port), 10) as s:
        s.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while chunk := s.recv(65536):
            answer += chunk
    return answer.decode()


def test_a_reload_says_what_takes_effect_at_the_next_start(fake):
    station = fake().start()
    text = station.config.read_text()
    station.config.write_text(text.replace("c.sock}", "c.sock, group: tv}")
                              .replace(f":{station.port}\"", ":9\""))
    what = "http.listen, control.group take effect at the next start"
    for n in (1, 2):            # as long as it is so
        done = station.ctl("reload")
        assert done.returncode == 0
        assert done.stdout.splitlines()[0] == \
            f"{station.config}: warning: {what}"
    wait_for(lambda: len(station.log("config")) == 2, "it is in the log")
    assert what in (station.dir / "log" / "playout.log").read_text()
    # Nobody is sent to where it does not listen yet.
    playlist = without_host(station, "/iptv/channels.m3u")
    assert f"//127.0.0.1:{station.port}/channel/one/" in playlist
    station.config.write_text(text)
    done = station.ctl("reload")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_a_changed_house_format_begins_a_new_stream(make, watch):
    station = make().start()
    viewer = watch(station, 1).watch(1)
    edit(station, "one", "height: 180", "height: 240")
    assert station.ctl("reload").returncode == 0
    viewer.join(30)
    assert not viewer.is_alive()
    watch(station, 1).watch(2)


def test_many_signals_in_a_row_are_few_reloads(fake, watch):
    station = fake().start()
    viewer = watch(station, 1).watch(1)
    before = editions(station)
    for _ in range(200):
        station.process.send_signal(signal.SIGHUP)
    number = json.loads(ask(station, "POST", "/reload")[1])["number"]
    wait_for(lambda: editions(station) >= number, "the last reload")
    assert editions(station) - before < 100
    check_unbroken(viewer.watch(6).close(), 1)


def test_start_keeps_a_channel_on_the_air_and_stop_refuses_viewers(fake,
                                                                  watch):
    station = fake().start()
    assert station.ctl("start", "2").returncode == 0
    wait_for(lambda: station.status(2)["active"], "on the air")
    viewer = watch(station, 2).watch(1)
    assert station.ctl("stop", "two").returncode == 0
    viewer.join(30)
    assert not viewer.is_alive()
    answer = station.get("/channel/2/stream.ts")
    assert answer.status_code == 503
    assert "stopped by the operator" in answer.text
    wait_for(lambda: not station.children(), "no child")
    assert station.ctl("start", "2").returncode == 0
    watch(station, 2).watch(1)


def test_a_channel_may_always_be_on(make, watch):
    station = make()
    edit(station, "two", "linger: 1", "linger: 1\nmode: always")
    station.start("-T", "2026-01-15T14:30:06Z")
    wait_for(lambda: station.status(2)["active"], "on the air by itself")
    wait_for(station.children, "a child")
    viewer = watch(station, 2).watch(2)
    viewer.close()
    wait_for(lambda: station.status(2)["viewers"] == 0, "nobody")
    # A whole segment is longer than it would linger.
    on = set()
    wait_for(lambda: on.add(station.status(2)["content"]["event_id"]) or
             len(on) > 2, "the one after the next", 60)
    assert station.status(2)["active"]
    assert "stop" not in {e["event"] for e in station.log("mpegts_stream")}
    assert not station.status(1)["active"]


def test_a_restart_is_not_seen_by_viewers(make, watch):
    station = make().start("-T", "2026-01-15T14:30:06Z")
    viewer = watch(station, 1).watch(4)
    before = set(wait_for(station.children, "a child"))
    assert station.ctl("restart", "1").returncode == 0
    wait_for(lambda: set(station.children()) - before, "another child")
    check_unbroken(viewer.watch(9).close(), 1)
    assert "pad" not in {e["event"] for e in station.log("mpegts_stream")}


def test_a_start_does_not_stop_the_end(make, watch):
    station = make().start()
    watch(station, 1).watch(1)
    station.process.send_signal(signal.SIGTERM)
    try:
        ask(station, "POST", "/channel/1/start")
        ask(station, "POST", "/channel/2/start")
    except (OSError, IndexError):
        pass			# it was quicker
    assert station.ends(3) == 0


def test_children_die_with_a_daemon_that_is_killed(make, watch):
    station = make().start()
    watch(station, 1).watch(1)
    pids = wait_for(station.children, "a child")
    # One that is stopped would not even notice that its pipe has closed.
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    station.kill()
    wait_for(lambda: all(is_dead(p) for p in pids), "no child")


def test_what_a_child_has_started_ends_with_it(make, watch):
    station = make()
    (station.dir / "bin").mkdir()
    wrapper = station.dir / "bin" / "ffmpeg"
    wrapper.write_text(f"#!/bin/sh\n{shutil.which('ffmpeg')} \"$@\"\n")
    wrapper.chmod(0o755)
    station.env["PATH"] = f"{station.dir / 'bin'}:{station.env['PATH']}"
    station.extend("ffmpeg: {sandbox: off}")
    station.start("-T", "2026-01-15T14:30:20Z")
    watch(station, 1).watch(1)
    station.process.send_signal(signal.SIGTERM)
    assert station.ends(3) == 0


def test_tables_for_people(station):
    assert "320x180" in station.ctl("channels").stdout
    now = station.ctl("now", "one").stdout.splitlines()
    assert len(now) == 2 and now[1].split()[0] == "1"
    assert json.loads(station.ctl("--json", "channels").stdout)
    some = json.loads(station.ctl("--json", "now", "two").stdout)
    assert [c["number"] for c in some["channels"]] == ["2"]


def test_a_channel_that_is_not_there_is_said_so_by_every_verb(station):
    for words in (["now", "7"], ["--json", "now", "7"], ["start", "7"],
                  ["stop", "7"], ["--json", "restart", "7"]):
        done = station.ctl(*words)
        assert (done.returncode, done.stdout, done.stderr) == (
            1, "", "retrovuectl: no channel '7'; see 'retrovuectl "
            "channels'\n")


def test_a_faulty_station_file_does_not_hide_its_daemon(make):
    station = make().start()
    text = station.config.read_text()
    station.config.write_text(text + "sideways: 1\n")
    assert "Test Station" in station.ctl("status").stdout
    station.config.write_text(text.replace("control: {", "control: {{"))
    for verb in ("status", "reload", "scan"):
        done = station.ctl(verb)
        assert (done.returncode, done.stdout) == (1, "")
        lines = done.stderr.splitlines()
        assert lines[0].startswith(f"{station.config}:3:")
        assert lines[-1] == ("retrovuectl: where the daemon listens is not "
                             "known; name its socket with -s")
    assert station.ctl("-s", str(station.dir / "c.sock"),
                       "status").returncode == 0


def test_validate_tells_programs_where_the_faults_are(make):
    station = make()
    good = station.ctl("--json", "validate")
    assert good.returncode == 0
    assert json.loads(good.stdout)["ok"] is True
    edit(station, "two", "mode: sequential", "mode: sideways")
    bad = station.ctl("--json", "validate")
    report = json.loads(bad.stdout)
    assert (bad.returncode, report["ok"]) == (1, False)
    assert [(f["file"], f["line"], f["column"]) for f in report["faults"]
            ] == [(str(station.dir / "channels" / "two.yaml"), 21, 15)]


def ctl(*words):
    return subprocess.run([str(conftest.CTL), *words], capture_output=True,
                          text=True, timeout=60)


def test_every_verb_answers_help_with_its_own():
    table = ctl("--help").stdout.split("\n\n")[2]
    verbs = [line.split()[0] for line in table.splitlines()]
    assert "check" in verbs and len(verbs) > 10
    for verb in verbs:
        for option in ("--help", "-h"):
            done = ctl(verb, option)
            assert (done.returncode, done.stderr) == (0, "")
            first = done.stdout.splitlines()[0]
            assert f"{first} ".startswith(f"usage: retrovuectl {verb} ")
            assert first == first.strip()


@pytest.mark.parametrize("words, why", [
    ("status x", ["usage: retrovuectl status"]),
    ("now a b", ["usage: retrovuectl now [CH]"]),
    ("check a b", ["retrovuectl: check: one FILE or URL, not 2",
                   "usage: retrovuectl check [-q] [--seconds N] FILE|URL"]),
    ("check --no x", ["retrovuectl: check: unrecognized option '--no'",
                      "usage: retrovuectl check [-q] [--seconds N] FILE|URL"]),
    ("now --no", ["retrovuectl: now: unrecognized option '--no'",
                  "usage: retrovuectl now [CH]"]),
    ("statsu", ["retrovuectl: unknown verb 'statsu'; did you mean 'status'?"]),
])
def test_a_wrong_command_line_is_told_what_is_wrong(words, why):
    done = ctl(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == why


def test_a_daemon_scans_for_who_has_no_station_file(fake):
    station = fake().start()
    (station.dir / "none.yaml").symlink_to("nowhere")
    done = subprocess.run([str(conftest.CTL), "-s",
                           str(station.dir / "c.sock"), "-c",
                           str(station.dir / "none.yaml"), "scan"],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (
        0, "6 assets, 0 new, 0 changed, 0 gone, 0 bad\n")
    assert "none.yaml" in done.stderr and "not listed" in done.stderr


def test_a_stopped_channel_is_not_restarted(fake):
    station = fake().start()
    assert station.ctl("stop", "2").returncode == 0
    done = station.ctl("restart", "2")
    assert (done.returncode, done.stderr) == (
        1, "retrovuectl: channel '2': stopped by the operator: start it "
        "first\n")
    assert station.ctl("start", "2").returncode == 0
    assert station.ctl("restart", "2").returncode == 0

    def events():
        return [e["event"] for e in station.log("mpegts_stream")]
    wait_for(lambda: "restart" in events(), "the restart's line")
    assert events().index("restart") > events().index("started")


def test_what_was_stopped_stays_so_in_another_house_format(fake, watch):
    station = fake().start()
    assert station.ctl("stop", "2").returncode == 0
    assert station.ctl("start", "1").returncode == 0
    for name in ("one", "two"):
        edit(station, name, "height: 180", "height: 120")
    assert station.ctl("reload").returncode == 0
    answer = station.get("/channel/2/stream.ts")
    assert (answer.status_code, "operator" in answer.text) == (503, True)
    wait_for(lambda: station.status(1)["active"], "the other goes on", 30)
    assert station.ctl("start", "2").returncode == 0
    watch(station, 2).watch(1)


def test_the_log_level_is_set(fake):
    station = fake().extend("log: {level: warn}").start()
    assert station.log("ready") == []
    assert station.ctl("log", "info").returncode == 0
    assert station.ctl("log", "loud").returncode == 2
    status, text = ask(station, "POST", "/log?level=loud")
    assert status == 400 and "debug" in text
    wait_for(lambda: len(station.log("control")) == 2, "both in the log")
    assert {e["status"] for e in station.log("control")} == {"200", "400"}
    assert {e["uid"] for e in station.log("control")} == {str(os.getuid())}

    # What was set holds until the file says something else.
    assert station.ctl("reload").returncode == 0
    wait_for(lambda: len(station.log("ready")) == 1, "the reload's line")
    text = station.config.read_text()
    station.config.write_text(text.replace("level: warn", "level: error"))
    assert station.ctl("reload").returncode == 0
    assert station.ctl("log", "info").returncode == 0
    wait_for(lambda: len([e for e in station.log("control")
                          if "info" in e["query"]]) == 2, "the last line")
    assert len(station.log("ready")) == 1


def test_a_verbose_daemon_logs_all_whatever_its_file_says(fake):
    station = fake().extend("log: {level: error}").start("-v")
    wait_for(lambda: station.log("ready"), "what is no error")


def test_the_control_socket_has_the_mode_and_group_it_is_told(fake):
    station = fake()
    text = station.config.read_text()
    station.config.write_text(text.replace(
        "c.sock}", "c.sock, mode: 0600, group: daemon}"))
    if os.getuid() == 0:
        station.start()
        stat = os.stat(station.dir / "c.sock")
        assert stat.st_mode & 0o777 == 0o600
        assert stat.st_gid == grp.getgrnam("daemon").gr_gid
    station.config.write_text(text.replace(
        "c.sock}", "d.sock, group: no-such-group}"))
    done = station.run("-P", str(station.dir / "d.pid"))
    assert done.returncode == 78
    assert "no group 'no-such-group'" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_a_foreign_user_may_look_but_change_nothing(fake):
    station = fake()
    text = station.config.read_text()
    station.config.write_text(text.replace("c.sock}", "c.sock, mode: 0666}"))
    station.start()
    station.dir.chmod(0o755)
    argv = [str(conftest.CTL), "-s", str(station.dir / "c.sock")]
    done = {verb: subprocess.run([*argv, *verb.split()], user="nobody",
                                 group="nogroup", extra_groups=[],
                                 capture_output=True, text=True, timeout=60)
            for verb in ("status", "reload", "stop 1")}
    assert done["status"].returncode == 0
    for verb in ("reload", "stop 1"):
        assert done[verb].returncode == 1
        assert "only for root" in done[verb].stderr
    wait_for(lambda: len(station.log("control")) == 2, "both in the log")
    assert {e["status"] for e in station.log("control")} == {"403"}


def test_nothing_that_changes_state_is_reachable_over_tcp(station):
    for path in ("/reload", "/scan", "/channel/1/stop", "/log?level=debug"):
        assert requests.post(station.url(path), timeout=5).status_code == 405
        assert requests.get(station.url(path), timeout=5).status_code == 404


@pytest.mark.parametrize("request_, status", [
    (b"\x00\xff\x16\x03garbage\r\n\r\n", b"400"),
    (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n", b"414"),
    (b"POST /nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
    (b"POST /channel/99/stop HTTP/1.1\r\nHost: x\r\n"
     b"Connection: close\r\n\r\n", b"404"),
    (b"DELETE /reload HTTP/1.1\r\nHost: x\r\n"
     b"Connection: close\r\n\r\n", b"405"),
])
def test_the_control_socket_takes_no_nonsense(station, request_, status):
    if b"close" not in request_ and b"POST" in request_:
        request_ = request_.replace(b"\r\n\r\n",
                                    b"\r\nConnection: close\r\n\r\n")
    assert control(station, request_).split()[1] == status
    assert station.status()["ready"]
