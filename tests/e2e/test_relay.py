"""The relay as the station file wants it; what it does by itself is tested in
tests/io."""

import pathlib

from conftest import wait_for
from test_stream import check_unbroken
from tsread import ticks_apart


def target(link):
    """Of a descriptor, which may just have been closed."""
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def rings(station):
    """How many rings are files."""
    links = pathlib.Path(f"/proc/{station.process.pid}/fd").iterdir()
    return sum("retrovue-ring" in target(link) for link in links)


def test_a_relay_that_copies_at_once_with_a_short_backlog(make, watch):
    station = make().extend("relay: {sendfile: no, coalesce_ms: 0, "
                            "backlog: 10s}")
    with open(station.dir / "channels" / "two.yaml", "a") as channel:
        channel.write("backlog: 1s\n")
    station.start()
    assert rings(station) == 0
    one = watch(station, 2).watch(3)
    newest = one.stream.video[-1].pts
    two = watch(station, 2).watch(1)
    assert ticks_apart(newest, two.stream.video[0].pts) < 4 * 90000
    assert check_unbroken(one.close(), 2) is None
    check_unbroken(two.close(), 2)


def test_a_relay_sends_pages_of_a_file_and_five_seconds_at_once(station,
                                                                watch):
    assert rings(station) == 2
    one = watch(station, 1).watch(6)
    two = watch(station, 1)
    wait_for(lambda: two.stream.video, "a picture")
    late = ticks_apart(one.stream.video[-1].pts, two.stream.video[0].pts)
    assert late >= 4.9 * 90000


def test_a_viewer_may_ask_for_another_backlog(station, watch):
    one = watch(station, 1).watch(6)
    newest = one.stream.video[-1].pts
    two = watch(station, 1, "?xbacklog=9&backlog=0")
    wait_for(lambda: two.stream.video, "a picture")
    assert ticks_apart(newest, two.stream.video[0].pts) < 4 * 90000
