"""What is told to those who watch over the station: /metrics, /health,
/ready, and what contrib/ makes of it."""

import json
import re
import resource
import shutil
import subprocess

import yaml

from conftest import ROOT, wait_for

SAMPLE = re.compile(r'([a-z_]+)(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)+\})? '
                    r'([-+.0-9]+|\+Inf)$')
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def scrape(station):
    """{family: {series: value}}; the text is judged on the way."""
    answer = station.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(
        "text/plain; version=0.0.4")
    families, kinds, family = {}, {}, None
    for line in answer.text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert family not in families, "a family in two pieces"
            families[family] = {}
        elif line.startswith("# TYPE "):
            _, _, name, kinds[family] = line.split()
            assert name == family
        else:
            found = SAMPLE.match(line)
            assert found, line
            name = found[1]
            if kinds[family] == "histogram":
                name = SUFFIX.sub("", name)
            assert name == family
            assert name.endswith("_total") == (kinds[family] == "counter")
            series = line.rsplit(" ", 1)[0]
            assert series not in families[family], "a series twice"
            families[family][series] = float(found[5])
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "metrics"],
                              input=answer.text, capture_output=True,
                              text=True)
        assert (done.returncode, done.stderr) == (0, "")
    return families


def value(station, series):
    return scrape(station)[re.match("[a-z_]+", series)[0]][series]


def test_what_is_counted_is_true(station, watch):
    one = '{channel="one"}'
    wait_for(lambda: value(station, "retrovue_viewers" + one) == 0,
             "whoever watched has left, and his lease has run out", 40)
    before = scrape(station)
    seen = len(watch(station, 1).watch(8).data)
    station.get("/no/such/page")
    after = scrape(station)

    def gain(series):
        family = re.match("[a-z_]+", series)[0]
        return (after[family].get(series, 0) -
                before[family].get(series, 0))
    assert gain("retrovue_viewers" + one) == 1
    assert gain("retrovue_viewers_joined_total" + one) == 1
    assert after["retrovue_channel_on_air"][
        "retrovue_channel_on_air" + one] == 1
    assert gain("retrovue_sent_bytes_total" + one) >= seen > 100000
    assert gain("retrovue_stream_bytes_total" + one) >= seen
    assert gain("retrovue_child_starts_total" + one) >= 1
    assert after["retrovue_child_speed_ratio"][
        "retrovue_child_speed_ratio" + one] > 1
    aired = sum(gain('retrovue_aired_seconds_total{channel="one",'
                     f'source="{s}"}}')
                for s in ("asset", "pad", "filler", "slate"))
    assert 8 <= aired < 60
    assert gain('retrovue_http_requests_total{route="other",'
                'code="404"}') == 1
    assert gain('retrovue_http_requests_total{'
                'route="/channel/N/stream.ts",code="200"}') == 1
    assert after["process_open_fds"]["process_open_fds"] > 10
    assert after["process_resident_memory_bytes"][
        "process_resident_memory_bytes"] > 1 << 20


def test_every_name_in_contrib_is_served(station):
    served = set()
    for family, series in scrape(station).items():
        served |= {family} | {re.match("[a-z_]+", s)[0] for s in series}
    board = json.loads((ROOT / "contrib/grafana/retrovue.json").read_text())
    rules = yaml.safe_load(
        (ROOT / "contrib/prometheus/retrovue.rules.yml").read_text())
    texts = [t["expr"] for p in board["panels"] for t in p["targets"]]
    texts += [v["query"]["query"] for v in board["templating"]["list"]
              if v["type"] == "query"]
    texts += [r["expr"] for g in rules["groups"] for r in g["rules"]]
    names = {n for t in texts
             for n in re.findall(r"\b(?:retrovue|process)_[a-z_]+", t)}
    assert len(names) > 20
    assert names <= served


def test_health_is_of_who_should_be_on_the_air(make):
    station = make().start()
    assert station.get("/ready").json() == {"ready": True, "reading": False}
    health = station.get("/health")
    assert health.status_code == 200
    assert health.json()["unhealthy"] == []
    assert station.status(2)["healthy"]
    station.ctl("stop", "2")
    stopped = station.get("/channel/2/health")
    assert stopped.status_code == 503
    assert "stopped" in stopped.json()["reason"]
    assert not stopped.json()["stream_accessible"]
    # By its operator's wish: nothing is wrong with the station.
    assert station.get("/health").status_code == 200
    assert value(station,
                 'retrovue_channel_healthy{channel="two"}') == 1
    station.ctl("start", "2")
    wait_for(lambda: value(station,
                           'retrovue_stream_bytes_total{channel="two"}') > 0,
             "it airs without viewers")
    assert station.get("/channel/2/health").json() == {
        "status": "healthy", "stream_accessible": True,
        "content_type": "video/mp2t", "active": True}
    # Nothing may be written any more, least of all the stream.
    limits = resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE,
                     (1, limits[1]))
    wait_for(lambda: station.get("/health").status_code == 503, "it is seen")
    silent = station.get("/channel/2/health").json()
    assert "nothing has come" in silent["reason"] and silent["active"]
    assert station.get("/channel/1/health").json()["status"] == "healthy"
    resource.prlimit(station.process.pid, resource.RLIMIT_FSIZE, limits)
    wait_for(lambda: station.get("/health").status_code == 200, "it is over")
