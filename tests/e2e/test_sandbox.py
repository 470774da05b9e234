"""What the daemon and its children may do: who they are, what bounds them, and
what retrovuectl doctor says of it."""

import ctypes
import errno
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import struct
import subprocess

import pytest

from conftest import BUILD, CTL, ROOT, wait_for

SHIM = BUILD / "retrovue-exec"
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can")


def facts(pid):
    """/proc/PID/status as a dictionary."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {key: value.split() for key, _, value in
            (line.partition(":") for line in text.splitlines())}


def is_gone(pid):
    try:
        return facts(pid)["State"][0] == "Z"
    except OSError:
        return True


def of_a_child(station, find):
    """What find() says of the pid of a child that does not end meanwhile."""
    def found():
        for pid in station.children():
            try:
                return find(pid)
            except OSError:
                pass
        return None
    return wait_for(found, "a child")


def stop(pid):
    os.kill(pid, signal.SIGSTOP)
    return pid


def check_dies_with(station):
    """One that is stopped would not even notice that its pipe has closed."""
    pid = of_a_child(station, stop)
    station.kill()
    wait_for(lambda: is_gone(pid), "no child")


def with_groups(station):
    """Start it as one who is in two groups more."""
    argv = station.argv
    station.argv = lambda *options: ["setpriv", "--groups", "4,24",
                                     *argv(*options)]
    return station


def behind_shim(*args, **more):
    return subprocess.run([str(SHIM), "-p", str(os.getpid()), *args],
                          capture_output=True, text=True, timeout=60, **more)


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
    return of_a_child(station, facts)


def without_landlock():
    """From here on this process lives on a kernel that lacks landlock: a
    filter answers ENOSYS to landlock_create_ruleset(2), which has this number
    on every architecture but one."""
    def op(code, jt, jf, k):
        return struct.pack("HBBI", code, jt, jf, k)
    code = b"".join((op(0x20, 0, 0, 0),		# A = number of the call
                     op(0x15, 0, 1, 444),	# is it that one?
                     op(0x06, 0, 0, 0x00050000 | 38),
                     op(0x06, 0, 0, 0x7fff0000)))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(keep(code))))
    prctl = ctypes.CDLL(None).prctl
    prctl(38, 1, 0, 0, 0)
    if prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
        raise OSError("no filter")


kept = []


def keep(code):
    kept.append(ctypes.create_string_buffer(code, len(code)))
    return kept[-1]


def doctor(config, **more):
    """Exit status, and name to check: the worst one of that name."""
    done = subprocess.run([str(CTL), "-c", str(config), "--json", "doctor"],
                          capture_output=True, text=True, timeout=60, **more)
    report = json.loads(done.stdout)
    assert report["good"] == (done.returncode == 0)
    order = ["good", "note", "bad"]
    found = sorted(report["checks"], key=lambda c: order.index(c["verdict"]))
    return done.returncode, {c["name"]: c for c in found}


@pytest.fixture(scope="module")
def has_landlock():
    _, checks = doctor("/dev/null")
    return checks["landlock"]["verdict"] == "good"


def test_a_child_that_was_taken_over_can_do_nothing(tmp_path, has_landlock):
    refused = tries(tmp_path, "-s", "on")
    allowed = {"read", "thread"}
    if not has_landlock:
        allowed |= {"read_other", "list_root", "exec"}
    assert {name for name, why in refused.items() if why == 0} == allowed
    assert (tmp_path / "other").read_text() == "x"


def test_without_a_sandbox_the_same_tries_succeed(tmp_path):
    # So the test above does test something.
    free = tries(tmp_path, "-s", "off")
    for name in ("read_other", "write", "create", "socket", "fork",
                 "kill_parent", "outlive_parent", "memfd", "exec"):
        assert free[name] == 0, name


def name_of(pid):
    return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()


@pytest.mark.parametrize("options", [
    "", "-s off", pytest.param("-u nobody", marks=as_root)])
def test_a_program_dies_with_its_parent(options):
    parent = subprocess.Popen(
        ["sh", "-c", f"{SHIM} -p $$ {options} -- sleep 60 & echo $!; read x"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        pid = int(parent.stdout.readline())
        wait_for(lambda: name_of(pid) == "sleep", "it runs")
    finally:
        parent.kill()
        parent.wait(5)
        parent.stdin.close()
        parent.stdout.close()
    wait_for(lambda: is_gone(pid), "it is gone")


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
        for options, left in (([], ""), (["-k", str(keep + 1)],
                                         f"{out} {keep}")):
            done = subprocess.run(
                [*argv, *options, "--", "sh", "-c", f"for n in {out} {keep}; "
                 "do [ ! -e /proc/$$/fd/$n ] || echo $n; done"],
                capture_output=True, text=True, pass_fds=(out, keep))
            assert (done.stderr, " ".join(done.stdout.split())) == ("", left)
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
    station = make().extend("ffmpeg: {nice: 19}").start()
    watch(station, 1).watch(1)
    stat, limits, score, env = of_a_child(station, lambda pid: [
        pathlib.Path(f"/proc/{pid}/{name}").read_bytes() for name in
        ("stat", "limits", "oom_score_adj", "environ")])
    assert stat.rpartition(b") ")[2].split()[16] == b"19"
    rows = {line[:26].strip(): line[26:].split()[:2]
            for line in limits.decode().splitlines()}
    assert rows["Max open files"] == ["64", "64"]
    assert rows["Max core file size"] == ["0", "0"]
    assert rows["Max file size"] == ["0", "0"]
    assert score.strip() == b"500"
    assert b"HOME=/nonexistent" in env and b"PYTEST" not in env


def test_a_sandbox_that_is_off_is_off(make, watch):
    child = started(make().extend("ffmpeg: {sandbox: off}").start(), watch)
    assert child["Seccomp"] == ["0"]
    assert child["NoNewPrivs"] == ["0"]


def encoder(station):
    """The words that a child was started with: one that ends has none."""
    for pid in station.children():
        try:
            line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"-preset" in line:
            return line.split(b"\0")
    return None


def test_the_encoder_is_told_its_preset_and_threads(make, watch):
    station = make().extend("ffmpeg: {preset: superfast, threads: 1}").start()
    watch(station, 1).watch(1)
    line = wait_for(lambda: encoder(station), "a child that encodes")
    assert line[line.index(b"-preset") + 1] == b"superfast"
    assert line[line.index(b"-threads:v") + 1] == b"1"


def test_where_the_kernel_lacks_a_step_the_others_are_taken(tmp_path):
    done = behind_shim("--", "cat", "/proc/self/status",
                       preexec_fn=without_landlock)
    assert done.returncode == 0
    assert "Seccomp:\t2" in done.stdout
    assert "NoNewPrivs:\t1" in done.stdout
    done = behind_shim("-s", "required", "--", "cat", "/proc/self/status",
                       preexec_fn=without_landlock)
    assert (done.returncode, done.stdout, done.stderr) == (
        126, "", "retrovue-exec: landlock: Function not implemented\n")


def test_a_sandbox_that_is_required_and_not_there_is_said_in_the_log(make):
    station = make().extend("ffmpeg: {sandbox: required}")
    with open(station.dir / "stderr", "ab") as err:
        station.process = subprocess.Popen(
            station.argv(), stdin=subprocess.DEVNULL, stdout=err, stderr=err,
            env=station.env, preexec_fn=without_landlock)
    station.await_ready()
    wait_for(lambda: "landlock: Function not implemented" in
             "\n".join(station.lines()), "it is said")
    assert station.get("/channel/1/stream.ts").status_code == 503


def test_a_probe_reads_the_file_and_no_other(has_landlock):
    if not has_landlock:
        pytest.skip("this kernel has no landlock")
    done = behind_shim("-r", "/dev/null", "--", "ffprobe", "-v", "error",
                       "-i", "file:/etc/passwd")
    assert "Permission denied" in done.stderr
    assert done.returncode == 1


@pytest.fixture(scope="module")
def evil():
    subprocess.run(["make", "-s", "-C", str(ROOT), "fake"], check=True,
                   timeout=300)
    return BUILD / "fake" / "evil"


def words(text):
    """What the evil program says of its deeds; all of it, the same."""
    said = set(re.findall(r"evil ((?: ?\w+=\d+)+)", text))
    assert len(said) == 1, said
    return {k: int(v) for k, v in
            (word.split("=") for word in said.pop().split())}


def check_harmless(deeds, has_landlock):
    other = deeds.pop("other")
    assert other == errno.EACCES or not has_landlock
    assert set(deeds) == {"make", "socket", "kill", "fork"}
    assert set(deeds.values()) == {errno.ENOSYS}


def test_a_probe_that_was_taken_over_can_do_nothing(make, evil, has_landlock):
    station = make().extend(f"ffmpeg: {{ffprobe: {evil}}}")
    check_harmless(words(station.ctl("scan").stdout), has_landlock)


def test_a_child_of_the_daemon_that_was_taken_over_can_do_nothing(
        make, watch, evil, has_landlock):
    station = make()
    program = station.dir / "ffmpeg"
    program.symlink_to(shutil.which("ffmpeg"))
    station.extend(f"ffmpeg: {{ffmpeg: {program}}}").start()
    program.unlink()
    program.symlink_to(evil)
    watch(station, 1)

    def failed():
        return [line for line in station.lines() if "evil" in line]
    check_harmless(words(wait_for(failed, "it fails")[0]), has_landlock)


def test_without_a_sandbox_it_could(make, evil):
    station = make().extend(f"ffmpeg: {{ffprobe: {evil}, sandbox: off}}")
    assert set(words(station.ctl("scan").stdout).values()) == {0}


def test_doctor_finds_a_sound_station_sound(make, has_landlock):
    station = make().by_the_clock()
    assert station.ctl("scan").returncode == 0
    status, checks = doctor(station.config)
    assert status == 0, checks
    for name in ("files", "state", "log", "ffmpeg", "ffprobe", "encoders",
                 "filters", "ring", "time zones", "media", "holes",
                 "encoding", "socket", "fork", "outlive_parent"):
        assert checks[name]["verdict"] == "good", name
    assert "times real time" in checks["encoding"]["text"]
    assert "refused" in checks["read_other"]["text"]
    assert "only this machine can reach" in checks["network"]["text"]
    table = station.ctl("doctor")
    assert table.returncode == 0
    assert table.stdout.splitlines()[0].split() == ["PART", "CHECK", "FOUND"]


def test_doctor_names_what_is_wrong(make, tmp_path):
    station = make().by_the_clock()
    station.extend("ffmpeg: {ffmpeg: /no/ffmpeg}")
    text = station.config.read_text()
    station.config.write_text(text.replace(f"{station.media}/spots",
                                           f"{tmp_path}/gone"))
    with station_port(station):
        status, checks = doctor(station.config)
    assert status == 1
    bad = {name: c["text"] for name, c in checks.items()
           if c["verdict"] == "bad"}
    assert set(bad) == {"ffmpeg", "port", "media"}
    assert "gone: No such file or directory" in bad["media"]
    assert bad["ffmpeg"] == "/no/ffmpeg: No such file or directory"
    assert "in use" in bad["port"]


def station_port(station):
    s = socket.socket()
    s.bind(("127.0.0.1", station.port))
    s.listen(1)
    return s


def test_doctor_sees_the_daemons_own_port_and_its_holes(make, tmp_path):
    station = make().by_the_clock()
    for path in station.dir.glob("channels/*"):
        path.write_text(path.read_text().replace(
            "duration: 24h", "duration: 1h").replace(
            f"filler: {station.media}/filler/still.mkv\n", ""))
    station.start()
    _, checks = doctor(station.config)
    assert checks["daemon"]["text"].startswith("runs")
    assert checks["port"]["verdict"] == "good"
    assert "the daemon's" in checks["port"]["text"]
    assert checks["holes"]["verdict"] == "note"
    assert re.search(r": 2[34]:\d\d:\d\d of black .* by the channel's clock "
                     r"\(UTC\)$", checks["holes"]["text"])


def test_doctor_takes_off_air_for_no_hole_and_counts_what_can_air(
        make, media, tmp_path):
    station = make().by_the_clock()
    for path in station.dir.glob("channels/*"):
        path.write_text(path.read_text() +
                        "    - off_air: {start: 02:00, end: 06:00}\n")
    shutil.copytree(media / "shows", tmp_path / "more")
    (tmp_path / "more" / "broken.mkv").write_bytes(b"no film")
    station.config.write_text(station.config.read_text().replace(
        "libraries:", "libraries:\n"
        f"  - {{path: {tmp_path}/more, type: episode}}"))
    assert station.ctl("scan").returncode == 0
    _, checks = doctor(station.config)
    assert checks["holes"]["verdict"] == "good", checks["holes"]
    assert checks["library"]["verdict"] == "note"
    assert checks["library"]["text"] == (
        "9 of 10 files can air: see 'retrovuectl assets --bad'")


def test_doctor_tells_a_kernel_that_lacks_landlock(make):
    station = make().by_the_clock()
    status, checks = doctor(station.config, preexec_fn=without_landlock)
    assert status == 0
    assert checks["landlock"]["verdict"] == "note"
    assert checks["read_other"]["text"] == \
        "reading another file: NOT refused, the kernel lacks landlock"
    assert checks["write"]["text"] == "writing to a file: refused"
    station.extend("ffmpeg: {sandbox: required}")
    status, checks = doctor(station.config, preexec_fn=without_landlock)
    assert status == 1
    assert checks["self-test"]["verdict"] == "bad"
    assert "landlock" in checks["self-test"]["text"]


def test_what_a_reload_cannot_change_is_said(make):
    station = make().start()
    station.extend("ffmpeg: {nice: 9}")
    assert station.ctl("reload").returncode == 0
    wait_for(lambda: [e for e in station.lines() if " config " in e and
                      "ffmpeg.nice takes effect at the next start" in e],
             "it is said")


@as_root
def test_capabilities_that_a_daemon_was_given_are_not_its_childrens():
    ambient = ["setpriv", "--reuid", "nobody", "--clear-groups",
               "--inh-caps", "+net_bind_service",
               "--ambient-caps", "+net_bind_service"]
    show = ["grep", "Cap[AEP]", "/proc/self/status"]
    assert "400" in subprocess.run(ambient + show, capture_output=True,
                                   text=True).stdout
    # It is the parent: -p needs to know it, so a shell starts the shim.
    done = subprocess.run(
        ambient + ["sh", "-c", f"{SHIM} -p $$ -s off -- {' '.join(show)}; :"],
        capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert {line.split()[1] for line in done.stdout.splitlines()} == {
        "0" * 16}


@as_root
def test_root_becomes_another_user_for_good(make, watch):
    station = with_groups(make())
    for path in (station.dir, station.media):
        path.chmod(0o755)	# as a service's are
    secret = station.media / "shows" / "a.mkv"
    secret.chmod(0o600)
    try:
        for name in ("state", "log", "asrun"):
            assert not (station.dir / name).exists()
        # c.sock goes into a directory that is there, and is root's.
        station.start("-u", "nobody")
        watch(station, 1).watch(1)
        child = of_a_child(station, facts)
        for who in (facts(station.process.pid), child):
            assert set(who["Uid"]) == {str(NOBODY.pw_uid)}
            assert set(who["Gid"]) == {str(NOBODY.pw_gid)}
            assert set(who["Groups"]) <= {str(NOBODY.pw_gid)}
            assert who["CapEff"] == who["CapPrm"] == ["0" * 16]
        for name in ("state", "log", "asrun"):
            assert (station.dir / name).stat().st_uid == NOBODY.pw_uid
        log = station.dir / "log" / "playout.log"
        assert log.stat().st_uid == NOBODY.pw_uid
        assert [e["name"] for e in wait_for(
            lambda: station.log("user"), "who it is")] == ["nobody"]
        bad = station.ctl("--json", "assets", "--bad").stdout
        assert "a.mkv" in bad and "Permission denied" in bad
        check_dies_with(station)
    finally:
        secret.chmod(0o644)


@as_root
def test_what_root_scans_is_the_daemons(make):
    station = make()
    for path in (station.dir, station.media):
        path.chmod(0o755)
    text = station.config.read_text()
    station.config.write_text(text.replace("name: Test Station",
                                           "name: Test, user: nobody"))
    assert station.ctl("scan").returncode == 0
    for path in (station.dir / "state", station.dir / "state" / "library.db"):
        assert path.stat().st_uid == NOBODY.pw_uid


@as_root
def test_root_without_a_user_to_become_is_told_what_to_do(make):
    station = make().extend("")
    done = station.run("-u", "no-such-user")
    assert done.returncode == 78
    assert "useradd --system no-such-user" in done.stderr
    assert "-u root" in done.stderr


@as_root
def test_root_may_give_its_children_to_another(make, watch):
    station = with_groups(make().extend("ffmpeg: {user: nobody}"))
    child = started(station.start(), watch)
    assert set(child["Uid"]) == {str(NOBODY.pw_uid)}
    assert set(child["Groups"]) <= {str(NOBODY.pw_gid)}
    assert child["CapEff"] == ["0" * 16]
    check_dies_with(station)


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
                          text=True, timeout=60, user="nobody", group="nogroup",
                          extra_groups=[])
    assert done.returncode == 77
    assert "only root can become another user" in done.stderr
