"""HTTP: what is answered to whom."""

import requests


def test_head_starts_nothing(make):
    station = make().start()
    answer = requests.head(station.url("/channel/1/stream.ts"), timeout=5)
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
    answer = requests.post(station.url("/channel/1/stream.ts"), timeout=5)
    assert answer.status_code == 405
    assert {w.strip() for w in answer.headers["Allow"].split(",")} == {
        "GET", "HEAD"}


def test_the_house_clock_starts_where_it_is_told(make):
    station = make().start("-T", "2026-12-31T23:55:00Z")
    assert station.status(1)["time"].startswith("2026-12-31T23:55:")
