"""HTTP: what is answered to whom."""

import resource
import socket

import proc
import requests

from conftest import wait_for


def test_head_starts_nothing(make):
    station = make().start()
    answer = requests.head(station.url("/channel/1/stream.ts"), timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "video/mp2t"
    assert station.status(1)["active"] is False
    assert station.children() == []


def test_a_client_gets_a_stream(station):
    with station.get("/channel/one.ts", stream=True) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "video/mp2t"
        first = next(answer.iter_content(1024))
    assert first[0] == 0x47


def test_an_unknown_channel_is_one_line(station):
    answer = station.get("/channel/99/stream.ts")
    assert answer.status_code == 404
    assert answer.text.endswith("\n")
    assert len(answer.text.splitlines()) == 1


def test_another_method_is_told_what_is_allowed(station):
    answer = requests.post(station.url("/channel/1/stream.ts"), timeout=30)
    assert answer.status_code == 405
    assert {w.strip() for w in answer.headers["Allow"].split(",")} == {
        "GET", "HEAD"}


def test_the_house_clock_starts_where_it_is_told(make):
    station = make().start("-T", "2026-12-31T23:55:00Z")
    assert station.status(1)["time"].startswith("2026-12-31T23:55:")


def test_the_log_says_by_which_name_it_was_asked_in_vain(station):
    for host in ("tv.example", "other.example"):
        answer = requests.get(station.url("/health"), timeout=30,
                              headers={"Host": host})
        assert answer.status_code == 421 and "http.hosts" in answer.text
    told = wait_for(lambda: station.log("http_host"), "a word in the log")
    assert [t["host"] for t in told] == ["tv.example"]	# not of each


def knock(station):
    """(status of the answer, the socket)"""
    s = socket.create_connection(("127.0.0.1", station.port), 30)
    s.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    got = s.recv(100)
    return got.split()[1].decode() if got else "closed", s


def test_without_descriptors_newcomers_get_503(make, watch):
    station = make().start("-T", "2026-01-15T14:30:06Z")
    viewer = watch(station, 1).watch(6)
    pid = station.process.pid
    was = proc.limit_descriptors(pid, 8)
    inside, answers = [], []
    try:
        # What the daemon itself opens for a moment can have filled the room.
        while answers[-5:] != ["503"] * 5 and len(answers) < 64:
            status, s = knock(station)
            answers.append(status)
            inside.append(s)
        assert answers[-5:] == ["503"] * 5
        assert "200" in answers
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, was)
        for s in inside:
            s.close()
    wait_for(lambda: knock(station)[0] == "200", "there is room again")
    stream = viewer.watch(viewer.stream.span() + 2).close()
    assert stream.cc_errors == stream.sync_errors == 0
