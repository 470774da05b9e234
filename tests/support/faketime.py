"""A system clock of a station's own, that can be set while it runs."""

import os

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def is_there():
    return os.path.exists(LIBRARY)


class Clock:
    """Of a station that is yet to start.  Its file is looked at once a second:
    while one thread does that, another may be told a wrong time.  Under it
    waits with a deadline, and so the daemon's patience, end at once."""

    def __init__(self, station):
        self.offset = 0         # s
        self.path = station.dir / "clock"
        self.path.write_text("+0")
        station.env.update(LD_PRELOAD=LIBRARY, FAKETIME_CACHE_DURATION="1",
                           FAKETIME_TIMESTAMP_FILE=str(self.path),
                           DONT_FAKE_MONOTONIC="1")

    def move(self, by):
        """Set it forward by so many seconds."""
        self.offset += by
        new = self.path.with_name("clock.new")
        new.write_text(f"{self.offset:+}")
        new.replace(self.path)
