"""A library that takes its time: what is known airs meanwhile.  Programs of
these tests' own wait, where a file's name says so, until they may go on."""

import os
import shutil
import signal

import faketime
import pytest
import requests

from conftest import CHANNEL, use_fakes, wait_for

WAITS = """\
#!/bin/sh
case "$*" in *%s*)
        while [ ! -e "${0%%/*}/go" ]; do sleep 0.1; done;;
esac
exec %s "$@"
"""


def program_waits(station, name, word):
    """The program does not get on where word is on its command line."""
    bin = station.dir / "bin"
    bin.mkdir(exist_ok=True)
    program = shutil.which(name, path=station.env["PATH"])
    (bin / name).write_text(WAITS % (word, program))
    (bin / name).chmod(0o755)
    station.env["PATH"] = f"{bin}:{station.env['PATH']}"


def program_fails(station, name):
    """The program ends at once where there is a file bin/fail."""
    path = station.dir / "bin" / name
    program = shutil.which(name, path=station.env["PATH"])
    path.write_text("#!/bin/sh\nif [ -e \"${0%/*}/fail\" ]; then exit 1; fi\n"
                    f"exec {program} \"$@\"\n")
    path.chmod(0o755)


def impatient(station):
    station.patience = "1s"
    return use_fakes(station)


def go_on(station):
    (station.dir / "bin" / "go").touch()


def read_all(station):
    """Start it, and have it wait for ffprobe only from here on."""
    go_on(station)
    station.start()
    wait_for(lambda: not station.status()["reading"], "all is read")
    (station.dir / "bin" / "go").unlink()


def add_slow(station):
    """One more file that takes its time."""
    later = station.media / "later"
    shutil.copy(later / "slow1.mkv", later / "slow9.mkv")


def waits(station):
    """Once it does not air what is known so far."""
    wait_for(lambda: any("text" in e for e in station.log("reload")),
             "the reload waits for the library")


def channel(station, number, name, shows, height=180):
    text = CHANNEL.format(name=name, number=number, rate="25",
                          media=station.media)
    text = text.replace(f"{station.media}/shows", str(shows))
    text = text.replace("height: 180", f"height: {height}")
    (station.dir / "channels" / f"{name}.yaml").write_text(text)


@pytest.fixture
def slow(make, fakes, tmp_path):
    """A station of two channels; what the first needs is known, the second's
    films are new, and no ffprobe comes back from them."""
    copy = tmp_path / "media"
    shutil.copytree(fakes, copy)
    station = impatient(make(copy))
    assert station.ctl("scan").returncode == 0
    (copy / "later").mkdir()
    for i in range(3):
        (copy / "later" / f"slow{i}.mkv").write_bytes(b"x")
    text = station.config.read_text()
    station.config.write_text(text.replace(
        "libraries:\n", f"libraries:\n  - {{path: {copy}/later}}\n"))
    channel(station, 2, "two", copy / "later")
    program_waits(station, "ffprobe", "slow")
    return station


def reason(station, number):
    """Why the channel cannot air, None where it can."""
    answer = station.get(f"/channel/{number}/health")
    return answer.json().get("reason")


def is_on(station, number):
    try:
        return reason(station, number) is None
    except requests.ConnectionError:
        return False


def await_on(station, *numbers):
    """What it has to wait for on a busy machine is not what never comes."""
    for n in numbers:
        wait_for(lambda n=n: is_on(station, n), f"channel {n} is on")


def test_what_is_known_airs_while_a_library_is_read(slow, watch):
    slow.start()
    assert slow.status()["reading"]
    await_on(slow, 1)
    watch(slow, 1).watch(2)
    wait_for(lambda: reason(slow, 2) ==
             "the library is still being read: 6 of 9 files",
             "the second channel says how far things are")
    stream = slow.get("/channel/2/stream.ts")
    assert stream.status_code == 503
    assert "6 of 9 files" in stream.text
    go_on(slow)
    wait_for(lambda: not slow.status()["reading"], "all is read")
    watch(slow, 2).watch(2)
    plans = wait_for(lambda: [p["changed"] for p in slow.log("plan")
                              if p["channel"] == "1"], "a word about the plan")
    assert plans == ["no"]


@pytest.mark.skipif(not faketime.is_there(), reason="no libfaketime")
def test_a_clock_that_is_set_by_weeks_waits_for_no_library(slow, watch):
    clock = faketime.Clock(slow)
    read_all(slow)
    watch(slow, 1).watch(1)
    add_slow(slow)
    clock.move(60 * 86400)
    wait_for(lambda: slow.log("clock_step"), "a step")
    wait_for(lambda: slow.status(1)["content"]["kind"] in (
        "programme", "spot", "filler"), "it is on again")
    assert slow.status()["reading"]


def test_a_channel_is_on_as_soon_as_something_of_its_own_is_known(slow):
    for i in range(2):
        path = slow.media / "later" / f"slow{i}.mkv"
        path.rename(path.parent / f"quick{i}.mkv")
    slow.start()
    await_on(slow, 2)
    assert slow.status()["reading"]


def test_a_restart_probes_nothing_before_it_airs(slow):
    go_on(slow)
    assert slow.ctl("scan").returncode == 0
    (slow.dir / "bin" / "go").unlink()
    shutil.copy(slow.media / "later" / "slow0.mkv",
                slow.media / "later" / "slow9.mkv")
    slow.start()
    await_on(slow, 1, 2)
    assert slow.status()["reading"]


def test_a_reload_does_not_wait_for_a_long_reading(slow):
    slow.start()
    channel(slow, 3, "three", slow.media / "shows")
    slow.process.send_signal(signal.SIGHUP)
    wait_for(lambda: slow.get("/channel/3/health").status_code == 200,
             "the new channel is on")
    await_on(slow, 1)
    assert slow.status()["reading"]


def test_a_refused_reload_does_not_end_a_long_reading(slow):
    slow.start()
    broken = slow.dir / "channels" / "three.yaml"
    broken.write_text("channel: [")
    slow.process.send_signal(signal.SIGHUP)
    wait_for(lambda: slow.log("reload_refused"), "the reload is refused")
    await_on(slow, 1)
    assert slow.status()["reading"]
    go_on(slow)
    await_on(slow, 2)
    wait_for(lambda: not slow.status()["reading"], "all is read")


def test_a_channel_keeps_its_pad_where_none_can_be_made_any_more(slow, watch):
    program_fails(slow, "ffmpeg")
    slow.start()
    await_on(slow, 1)
    viewer = watch(slow, 1).watch(2)
    for pad in (slow.dir / "state").glob("pad-*"):
        pad.unlink()
    (slow.dir / "bin" / "fail").touch()
    # A refused reload: what was begun with is read once more.
    (slow.dir / "channels" / "three.yaml").write_text("channel: [")
    slow.process.send_signal(signal.SIGHUP)
    wait_for(lambda: slow.log("reload_refused"), "the reload is refused")
    go_on(slow)
    wait_for(lambda: not slow.status()["reading"], "all is read")
    wait_for(lambda: slow.log("tlog"), "its days are planned")
    viewer.watch(viewer.stream.span() + 2)
    assert is_on(slow, 1)
    assert reason(slow, 2).startswith("no pad could be made")


def test_a_long_reading_takes_no_channel_off_the_air(slow, watch):
    read_all(slow)
    viewer = watch(slow, 2).watch(2)
    for path in (slow.media / "later").iterdir():
        os.utime(path, (1, 1))
    slow.process.send_signal(signal.SIGHUP)
    waits(slow)
    assert is_on(slow, 2)
    viewer.watch(viewer.stream.span() + 2)


@pytest.mark.parametrize("asked", [False, True])
def test_a_part_of_a_library_does_not_replace_all_of_it(slow, asked):
    later = slow.media / "later"
    (later / "slow0.mkv").rename(later / "quick.mkv")
    if not asked:
        text = slow.config.read_text()
        slow.config.write_text(text.replace("rescan: 24h", "rescan: 1s"))
    read_all(slow)
    for i in (1, 2):
        os.utime(later / f"slow{i}.mkv", (1, 1))
    if asked:
        slow.process.send_signal(signal.SIGHUP)
    waits(slow)
    seen = len(slow.log("ready"))
    go_on(slow)
    wait_for(lambda: len(slow.log("ready")) > seen, "all is read once more")
    whole = [e for e in slow.log("ready") if e["assets"] == "9"]
    assert whole[0]["reading"] == "no"
    assert slow.log("ready")[slow.log("ready").index(whole[0]):] == whole


def test_a_refused_reload_does_not_air_after_a_long_reading(slow):
    read_all(slow)
    add_slow(slow)
    (slow.dir / "empty").mkdir()
    file = slow.dir / "channels" / "one.yaml"
    good = file.read_text()
    file.write_text(good.replace(f"shows: {{path: {slow.media}/shows}}",
                                 f"shows: {{path: {slow.dir}/empty}}"))
    assert file.read_text() != good
    slow.process.send_signal(signal.SIGHUP)
    waits(slow)
    go_on(slow)
    wait_for(lambda: slow.log("reload_refused"), "the reload is refused")
    seen = len(slow.log("ready"))
    file.write_text(good)
    assert slow.ctl("reload").returncode == 0
    wait_for(lambda: len(slow.log("ready")) > seen, "the good one is on")
    assert len(slow.log("ready")) == seen + 1
    plans = [p for p in slow.log("plan") if p["channel"] == "1"]
    assert {p["changed"] for p in plans} <= {"no"}


def test_a_block_that_may_be_refused_is_not_aired_meanwhile(slow):
    """The channel has something to air in its other block."""
    read_all(slow)
    add_slow(slow)
    (slow.dir / "empty").mkdir()
    file = slow.dir / "channels" / "one.yaml"
    text = file.read_text().replace(
        "schedule:", f"  none: {{path: {slow.dir}/empty}}\nschedule:")
    text = text.replace("duration: 24h", "duration: 12h")
    file.write_text(text + """\
    - block: {start: "12:00", duration: 12h, title: Late, pool: none,
              mode: sequential}
""")
    slow.process.send_signal(signal.SIGHUP)
    waits(slow)
    go_on(slow)
    wait_for(lambda: slow.log("reload_refused"), "the reload is refused")
    assert slow.log("ready")[-1]["reading"] == "no"


def test_a_reload_that_is_refused_once_it_airs_is_taken_back(slow):
    program_fails(slow, "ffmpeg")
    read_all(slow)
    add_slow(slow)
    channel(slow, 3, "three", slow.media / "shows", height=270)
    (slow.dir / "bin" / "fail").touch()
    slow.process.send_signal(signal.SIGHUP)
    wait_for(lambda: slow.status()["reading"], "the rest does not wait")
    assert slow.get("/channel/3/health").status_code == 503
    go_on(slow)
    wait_for(lambda: slow.log("reload_refused"), "the reload is refused")
    wait_for(lambda: not slow.status()["reading"], "all of it is on again")
    assert slow.get("/channel/3/health").status_code == 404
    assert is_on(slow, 1) and is_on(slow, 2)
    assert len(slow.log("reload_refused")) == 1


def test_a_channel_whose_pad_is_there_does_not_wait_for_another_s(
        make, fakes):
    station = impatient(make(fakes))
    assert station.ctl("scan").returncode == 0
    channel(station, 2, "two", station.media / "shows", height=270)
    program_waits(station, "ffmpeg", "x270")
    station.start()
    await_on(station, 1)
    wait_for(lambda: reason(station, 2) == "its pad is still being encoded",
             "the second channel says what it waits for")
    go_on(station)
    await_on(station, 2)
    wait_for(lambda: not station.status()["reading"], "all is read")


def test_a_long_reading_is_no_reason_not_to_end(slow):
    slow.start()
    slow.process.terminate()
    assert slow.ends(3) == 0


def test_a_channel_that_waits_has_what_is_all_of_it_in_the_end(slow):
    (slow.media / "later" / "quick.3s.mkv").write_bytes(b"x")
    slow.start()
    await_on(slow, 2)
    go_on(slow)
    wait_for(lambda: not slow.status()["reading"], "all is read")
    plans = wait_for(lambda: [p for p in slow.log("plan")
                              if p["channel"] == "2"], "a word about the plan")
    assert plans[-1]["changed"] == "yes"
    assert 540 <= int(plans[-1]["kept_s"]) <= 720
