"""Files that come and go while the daemon runs, and nobody tells it."""

import shutil

import pytest

from conftest import wait_for


@pytest.fixture
def library(make, media, tmp_path):
    """A station with a library of its own, looked through all the time."""
    copy = tmp_path / "media"
    shutil.copytree(media, copy)
    station = make(copy)
    station.rescan = "1s"
    station.write()
    return station


def assets(station):
    """How many the last edition had."""
    wait_for(lambda: station.log("ready"), "its line")
    return int(station.log("ready")[-1]["assets"])


def test_files_that_come_and_go_are_seen(library):
    library.start()
    n = assets(library)
    new = library.media / "shows" / "new.mkv"
    shutil.copy(library.media / "shows" / "b.mkv", new)
    wait_for(lambda: assets(library) == n + 1, "the new file is known")
    new.unlink()
    wait_for(lambda: assets(library) == n, "it is known to be gone")


def test_what_is_being_edited_is_not_read(library):
    library.start()
    (library.dir / "channels" / "one.yaml").write_text("channel: [half")
    seen = len(library.log("ready"))
    wait_for(lambda: len(library.log("ready")) > seen + 1, "another look")
    assert not library.log("reload_refused")
    assert library.ctl("reload").returncode != 0
    wait_for(lambda: library.log("reload_refused"), "a word about it")


def test_a_disk_that_is_mounted_late_airs_unasked(library, watch):
    """Looked at again after ten seconds, however seldom that is otherwise."""
    library.rescan = "24h"
    library.write()
    away = library.media.with_name("away")
    library.media.rename(away)
    library.start()
    assert assets(library) == 1         # the filler, which is named
    away.rename(library.media)
    wait_for(lambda: assets(library) > 1, "the files are found", 60)
    watch(library, 1)
    wait_for(lambda: "/shows/" in (library.status("1")["content"]["path"] or
                                   ""), "they air")
