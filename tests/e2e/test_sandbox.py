"""What the daemon and its children may do: who they are, what bounds them, and
what retrovuectl doctor says of it."""

import json
import os
import pathlib
import pwd
import shutil
import subprocess

import pytest

from conftest import BUILD, CTL, Station, free_port, wait_for

SHIM = BUILD / "retrovue-exec"
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can")


def facts(pid):
    """/proc/PID/status as a dictionary."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {key: value.split() for key, _, value in
            (line.partition(":") for line in text.splitlines())}


def behind_shim(*args, env=None):
    return subprocess.run([str(SHIM), "-p", str(os.getpid()), *args],
                          capture_output=True, text=True, timeout=10,
                          env=env)


def tries(tmp_path, *options):
    """Which of the self-test's tries were refused: name to errno."""
    allowed, other = tmp_path / "allowed", tmp_path / "other"
    for path in (allowed, other):
        path.write_text("x")
        path.chmod(0o644)
    done = behind_shim(*options, "-r", str(allowed), "--", str(SHIM), "-T",
                       str(allowed), str(other), shutil.which("true"))
    assert done.returncode == 0, done.stderr
    # The one that became another program has no number.
    lines = [line.split() + ["0"] for line in done.stdout.splitlines()]
    return {line[0]: int(line[1]) for line in lines}


def started(station, watch):
    """Facts of a child of a station that is watched."""
    watch(station, 1).watch(1)
    return facts(wait_for(station.children, "a child")[0])


def test_a_child_that_was_taken_over_can_do_nothing(tmp_path):
    refused = tries(tmp_path, "-s", "on")
    wanted = {"read", "thread"}
    assert {name for name, errno in refused.items() if errno == 0} <= wanted \
        | ({"read_other", "list_root", "exec"} if no_landlock() else set())
    assert all(refused[name] == 0 for name in wanted)
    assert (tmp_path / "other").read_text() == "x"


def no_landlock():
    report = subprocess.run([str(CTL), "-c", "/dev/null", "--json", "doctor"],
                            capture_output=True, text=True, timeout=60)
    rows = {c["name"]: c for c in json.loads(report.stdout)["checks"]}
    return rows["landlock"]["verdict"] != "good"


def test_without_a_sandbox_the_same_tries_succeed(tmp_path):
    # So the test above does test something.
    free = tries(tmp_path, "-s", "off")
    for name in ("read_other", "write", "create", "socket", "fork",
                 "kill_parent", "outlive_parent", "memfd", "exec"):
        assert free[name] == 0, name


def test_of_the_environment_only_what_is_named_is_left():
    env = {"PATH": os.environ["PATH"], "SECRET": "s", "KEPT": "k",
           "LD_BIND_NOW": "1"}
    done = behind_shim("-e", "KEPT", "-e", "UNSET", "--",
                       shutil.which("env"), env=env)
    assert set(done.stdout.splitlines()) == {
        f"PATH={env['PATH']}", "KEPT=k", "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
        "TZ=UTC", "HOME=/nonexistent"}
    done = behind_shim("-s", "off", "--", shutil.which("env"), env=env)
    assert "SECRET=s" in done.stdout


def test_descriptors_are_closed_from_where_it_is_told():
    argv = [str(SHIM), "-p", str(os.getpid()), "-s", "off"]
    out, keep = os.pipe()
    try:
        for options, open_fds in (([], "0 1 2"), (["-k", str(keep + 1)],
                                                  f"0 1 2 {out} {keep}")):
            done = subprocess.run(
                [*argv, *options, "--", "sh", "-c",
                 "for f in /proc/$$/fd/*; do echo ${f##*/}; done"],
                capture_output=True, text=True, pass_fds=(out, keep))
            # dash keeps none of its own for -c.
            assert " ".join(done.stdout.split()) == open_fds
    finally:
        os.close(out)
        os.close(keep)


def test_a_script_cannot_be_sandboxed_and_that_is_said(tmp_path):
    script = tmp_path / "ffmpeg"
    script.write_text("#!/bin/sh\necho ran\n")
    script.chmod(0o755)
    done = behind_shim("--", str(script))
    assert done.returncode == 126
    assert "is a script" in done.stderr and "sandbox: off" in done.stderr
    assert behind_shim("-s", "off", "--", str(script)).stdout == "ran\n"


def test_a_program_that_is_nowhere_is_named():
    done = behind_shim("--", "no-such-program")
    assert (done.returncode, done.stderr) == (
        127, "retrovue-exec: no-such-program: No such file or directory\n")


def test_children_are_sandboxed(make, watch):
    child = started(make().start(), watch)
    assert child["Seccomp"] == ["2"]
    assert child["NoNewPrivs"] == ["1"]


def test_a_nice_child_has_its_limits(make, watch):
    station = make().extend("ffmpeg: {nice: 7}").start()
    watch(station, 1).watch(1)
    pid = wait_for(station.children, "a child")[0]
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    assert stat.split()[16] == "7"
    limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
    rows = {line[:26].strip(): line[26:].split()[:2]
            for line in limits.splitlines()}
    assert rows["Max open files"] == ["64", "64"]
    assert rows["Max core file size"] == ["0", "0"]
    assert rows["Max file size"] == ["0", "0"]
    score = pathlib.Path(f"/proc/{pid}/oom_score_adj").read_text()
    assert score.strip() == "500"
    env = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
    assert b"HOME=/nonexistent" in env and b"PYTEST" not in env


def test_a_sandbox_that_is_off_is_off(make, watch):
    child = started(make().extend("ffmpeg: {sandbox: off}").start(), watch)
    assert child["Seccomp"] == ["0"]
    assert child["NoNewPrivs"] == ["0"]


def test_the_encoder_is_told_its_preset_and_threads(make, watch):
    station = make().extend("ffmpeg: {preset: superfast, threads: 1}").start()
    watch(station, 1).watch(1)
    pid = wait_for(station.children, "a child")[0]
    line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    assert line[line.index(b"-preset") + 1] == b"superfast"
    assert line[line.index(b"-threads:v") + 1] == b"1"


def test_a_media_file_that_is_no_media_file_opens_no_other(make, watch):
    # An HLS playlist that wants a file of the host, under a harmless name;
    # it is not even probed as one, and could not be read if it were.
    done = behind_shim("-r", "/dev/null", "--", "ffprobe", "-v", "error",
                       "-i", "file:/etc/passwd")
    assert "Permission denied" in done.stderr
    assert done.returncode == 1


def test_what_a_reload_cannot_change_is_said(make):
    station = make().start()
    station.extend("ffmpeg: {nice: 9}")
    assert station.ctl("reload").returncode == 0
    [line] = [e for e in (station.dir / "log" / "playout.log").read_text()
              .splitlines() if " reload " in e and "restart" in e]
    assert "ffmpeg" in line


def reachable(path):
    """Let another user to that directory, as a service's are."""
    path.chmod(0o755)
    return path


@as_root
def test_root_becomes_another_user_for_good(make, watch):
    station = make()
    reachable(station.dir)
    reachable(station.media)
    secret = station.media / "shows" / "a.mkv"
    secret.chmod(0o600)
    try:
        for name in ("state", "log", "asrun"):
            assert not (station.dir / name).exists()
        # c.sock goes into a directory that is there, and is root's.
        reachable(station.dir)
        station.start("-u", "nobody")
        watch(station, 1).watch(1)
        child = facts(wait_for(station.children, "a child")[0])
        for who in (facts(station.process.pid), child):
            assert set(who["Uid"]) == {str(NOBODY.pw_uid)}
            assert set(who["Gid"]) == {str(NOBODY.pw_gid)}
            assert set(who["Groups"]) <= {str(NOBODY.pw_gid)}
            assert who["CapEff"] == who["CapPrm"] == ["0" * 16]
        for name in ("state", "log", "asrun"):
            assert (station.dir / name).stat().st_uid == NOBODY.pw_uid
        log = station.dir / "log" / "playout.log"
        assert log.stat().st_uid == NOBODY.pw_uid
        assert [e["name"] for e in station.log("user")] == ["nobody"]
        bad = station.ctl("--json", "assets", "--bad").stdout
        assert "a.mkv" in bad and "Permission denied" in bad
        # What root could open, its child of another user dies with it, too.
        pid = station.children()[0]
        station.kill()
        wait_for(lambda: not pathlib.Path(f"/proc/{pid}").exists() or
                 facts(pid)["State"][0] == "Z", "no child", 2)
    finally:
        secret.chmod(0o644)


@as_root
def test_root_without_a_user_to_become_is_told_what_to_do(make):
    station = make().extend("")
    done = station.run("-u", "no-such-user")
    assert done.returncode == 78
    assert "useradd --system no-such-user" in done.stderr
    assert "-u root" in done.stderr


@as_root
def test_root_may_give_its_children_to_another(make, watch):
    station = make().extend("ffmpeg: {user: nobody}")
    child = started(station.start(), watch)
    assert set(child["Uid"]) == {str(NOBODY.pw_uid)}
    assert child["CapEff"] == ["0" * 16]


@as_root
def test_children_of_another_need_a_daemon_that_is_root(make):
    station = make().extend("ffmpeg: {user: nobody}")
    done = station.run("-u", "nobody")
    assert done.returncode == 78
    assert "ffmpeg.user" in done.stderr


@as_root
def test_only_root_can_become_another(make):
    station = make()
    station.dir.chmod(0o755)
    done = subprocess.run(station.argv("-u", "root"), capture_output=True,
                          text=True, timeout=10, user="nobody", group="nogroup",
                          extra_groups=[])
    assert done.returncode == 77
    assert "only root can become another user" in done.stderr
