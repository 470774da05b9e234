"""What the system refuses, once: the daemon ends with a defined code or goes
on.  A few cases of what tests/bench/inject.py (make inject) tries at random."""

import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "bench"))
import inject  # noqa: E402


@pytest.mark.parametrize("number", [1, 500, 5000])
def test_without_memory_the_exit_code_is_71(number):
    assert inject.once(inject.preload(own=number), {71}) == ("", 71)


@pytest.mark.parametrize("calls, error, number", [
    ("epoll_create1", "EMFILE", 1),     # the loop
    ("clone,clone3", "EAGAIN", 1),      # the log's thread
    ("clone,clone3", "EAGAIN", 2),      # libuv's own, which would abort
])
def test_without_a_loop_or_a_thread_at_the_start_it_is_71(calls, error,
                                                          number):
    assert inject.once(inject.strace(calls, error, None, number, False),
                       {71}) == ("", 71)


def test_a_socket_without_room_for_viewers_has_room_the_next_time():
    assert inject.once(inject.strace("accept4", "EMFILE", None, 2, False),
                       {0}) == ("", 0)
