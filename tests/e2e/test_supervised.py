"""Who starts the daemon: readiness, the PID file, a second start."""

import fcntl
import os
import signal
import socket
import subprocess

import pytest

from conftest import DAEMON, wait_for


class Manager:
    """The end of systemd: a socket that keeps what it is told."""

    def __init__(self, name):
        self.said = []
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(name)
        self.sock.setblocking(False)

    def heard(self, line):
        try:
            while True:
                self.said += self.sock.recv(4096).decode().split("\n")
        except BlockingIOError:
            pass
        return line in self.said


@pytest.fixture(params=["path", "abstract"])
def managed(request, fake):
    """A station, not started, and its manager."""
    station = fake()
    name = f"{station.dir}/notify"
    if request.param == "abstract":
        station.env["NOTIFY_SOCKET"] = "@" + name
        name = "\0" + name
    else:
        station.env["NOTIFY_SOCKET"] = name
    station.manager = Manager(name)
    yield station
    station.manager.sock.close()


def pidfile(station):
    return station.dir / "retrovued.pid"


def pid_in(station):
    return int(pidfile(station).read_text())


def test_a_manager_hears_that_it_is_ready_and_that_it_ends(managed):
    managed.launch()
    wait_for(lambda: managed.manager.heard("READY=1"), "READY=1")
    wait_for(lambda: managed.log("ready"), "the same in the log")
    assert "STATUS=2 channels, 6 assets" in managed.manager.said
    assert not managed.manager.heard("STOPPING=1")
    managed.process.terminate()
    assert managed.ends(5) == 0
    assert managed.manager.heard("STOPPING=1")


def test_a_manager_hears_of_a_reload_and_of_its_end(managed):
    managed.start()
    wait_for(lambda: managed.manager.heard("READY=1"), "READY=1")
    managed.manager.said = []
    (managed.dir / "channels" / "two.yaml").write_text("channel: [\n")
    assert managed.ctl("reload").returncode == 1
    wait_for(lambda: managed.manager.heard("READY=1"), "READY=1")
    said = managed.manager.said
    assert said[0] == "RELOADING=1"
    assert said[1].startswith("MONOTONIC_USEC=")
    assert [s for s in said if s.startswith("STATUS=configuration refused")]


def test_the_loop_pats_the_watchdog_that_is_meant_for_it(managed):
    managed.env["WATCHDOG_USEC"] = "100000"
    managed.start()
    wait_for(lambda: managed.manager.heard("WATCHDOG=1") and
             managed.manager.said.count("WATCHDOG=1") > 3, "pats")


def test_another_ones_watchdog_is_left_alone(managed):
    managed.env.update(WATCHDOG_USEC="100000", WATCHDOG_PID="1")
    managed.start()
    managed.process.terminate()
    managed.process.wait(30)
    assert not managed.manager.heard("WATCHDOG=1")


def test_a_newline_on_the_descriptor_says_ready(fake):
    station = fake()
    ours, theirs = os.pipe()
    station.launch("-R", str(theirs), pass_fds=[theirs])
    os.close(theirs)
    os.set_blocking(ours, False)
    got = []

    def closed():
        try:
            got.append(os.read(ours, 10))
        except BlockingIOError:
            return False
        return got[-1] == b""
    wait_for(closed, "a word and the end")
    os.close(ours)
    assert got == [b"\n", b""]
    assert station.status()["ready"]


@pytest.mark.parametrize("fd", ["9", "-1", "2", "x", "", "3x"])
def test_a_descriptor_that_is_none_is_refused(fake, fd):
    done = fake().run("-R", fd)
    assert done.returncode == 64
    assert f"-R {fd}: " in done.stderr


def test_without_ffmpeg_it_is_ready_all_the_same(managed):
    (managed.dir / "empty").mkdir()
    managed.env["PATH"] = str(managed.dir / "empty")
    managed.launch()
    wait_for(lambda: managed.manager.heard("READY=1"), "READY=1")


def test_the_pid_file_holds_its_pid_until_it_ends(fake):
    station = fake().start()
    assert pid_in(station) == station.process.pid
    station.process.terminate()
    assert station.ends(5) == 0
    assert not pidfile(station).exists()


def test_a_start_in_the_background_returns_with_the_pid_file_right(fake):
    station = fake()
    argv = [a for a in station.argv() if a != "-f"]
    subprocess.run(argv, check=True, timeout=60)
    pid = pid_in(station)
    with open(f"/proc/{pid}/cmdline", encoding="utf-8") as f:
        assert str(station.config) in f.read()
    assert os.getsid(pid) == pid
    done = station.run()
    assert done.returncode == 75
    assert f"pid {pid}" in done.stderr
    os.kill(pid, signal.SIGTERM)
    wait_for(lambda: not pidfile(station).exists(), "its end")


def test_a_second_start_names_the_one_that_runs(fake):
    station = fake().start()
    wait_for(lambda: len(station.log("tlog")) == 2,
             "the last of what a start has to tell")
    log = station.lines()
    done = station.run()
    assert done.returncode == 75
    assert f"pid {station.process.pid}" in done.stderr
    assert pid_in(station) == station.process.pid
    assert station.lines() == log
    assert station.status()["ready"]


def start_as_nobody(station):
    """Run a daemon that is to end by itself."""
    return subprocess.run([str(DAEMON), "-f", "-c", str(station.config)],
                          user="nobody", group="nogroup", extra_groups=[],
                          capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_another_user_too_is_told_which_one_runs(fake):
    station = fake().start()
    station.dir.chmod(0o755)
    done = start_as_nobody(station)
    assert done.returncode == 75
    assert f"pid {station.process.pid}" in done.stderr
    station.kill()
    done = start_as_nobody(station)
    assert done.returncode == 77
    assert "Permission denied" in done.stderr


def test_with_a_pid_file_of_its_own_the_socket_still_tells(fake):
    station = fake().start()
    other = station.dir / "other.pid"
    done = station.run("-P", str(other))
    assert done.returncode == 75
    assert "another retrovued answers there" in done.stderr
    assert not other.exists()


def test_what_a_killed_daemon_left_is_taken_over(fake):
    station = fake().start()
    station.kill()
    assert pid_in(station) == station.process.pid
    assert (station.dir / "c.sock").is_socket()
    station.start()
    assert pid_in(station) == station.process.pid


@pytest.mark.parametrize("left", ["", "7\n", "4194304\n", "99\n45\n"])
def test_a_stale_pid_file_is_taken_over(fake, left):
    station = fake()
    pidfile(station).write_text(left)
    station.start()
    assert pidfile(station).read_text() == f"{station.process.pid}\n"


def test_a_lock_that_another_holds_is_respected(fake):
    station = fake()
    with open(pidfile(station), "w", encoding="ascii") as f:
        f.write("4711\n")
        f.flush()
        fcntl.flock(f, fcntl.LOCK_EX)
        done = station.run()
    assert done.returncode == 75
    assert "pid 4711" in done.stderr
    assert pid_in(station) == 4711


def test_what_is_no_pid_file_is_left_as_it_is(fake):
    station = fake()
    precious = station.dir / "precious"
    precious.write_text("1\n")
    text = station.dir / "text"
    text.write_text("12 monkeys\n")
    long = station.dir / "long"
    long.write_text("1" * 100)
    link, fifo = station.dir / "link", station.dir / "fifo"
    link.symlink_to(precious)
    dangling, hard = station.dir / "dangling", station.dir / "hard"
    dangling.symlink_to(station.dir / "made")
    os.link(precious, hard)
    os.mkfifo(fifo)
    for path in (text, long, link, dangling, hard, fifo, station.dir):
        done = station.run("-P", str(path))
        assert done.returncode == 71, path
        assert str(path) in done.stderr
    assert precious.read_text() == "1\n"
    assert text.read_text() == "12 monkeys\n"
    assert link.is_symlink() and fifo.is_fifo()
    assert not (station.dir / "made").exists()


def test_a_pid_file_that_became_anothers_is_not_removed(fake):
    station = fake().start()
    pidfile(station).unlink()
    pidfile(station).write_text("4711\n")
    station.process.terminate()
    assert station.ends(5) == 0
    assert pid_in(station) == 4711


def test_no_child_holds_the_pid_file(make, watch):
    station = make().start()
    watch(station, 1).watch(1)

    def held():
        try:
            return {os.readlink(entry.path) for pid in station.children()
                    for entry in os.scandir(f"/proc/{pid}/fd")}
        except OSError:  # it has just ended
            return set()
    assert str(pidfile(station)) not in wait_for(held, "a child")


def test_a_port_that_is_taken_ends_the_start_before_it_is_ready(managed):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        managed.port = other.getsockname()[1]
        managed.write()
        done = managed.run()
    assert done.returncode == 69
    assert str(managed.port) in done.stderr
    assert not managed.manager.heard("READY=1")
    assert not pidfile(managed).exists()
