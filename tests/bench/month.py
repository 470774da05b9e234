#!/usr/bin/python3
"""Plans channels for a month on a made library and judges the plans by their
JSON alone: nothing here shares code with the planner.

    tests/bench/month.py [-n DAYS] [CHANNELS-DIRECTORY]

Own channels have what may go wrong in them: caps, rests, advertisers, bumpers
of one side, and the nights in which clocks change in five zones.  A directory
of channel files is judged besides; of files with one slug each has its turn.
Files are tiny and have their length in their name (`make all fake` first)."""

import argparse
import collections
import datetime as dt
import fractions
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
FROM = dt.date(2026, 10, 20)            # clocks change within the month
RATE = fractions.Fraction(30000, 1001)
PARTS = ("programme", "intro", "outro", "ident")

SERIES = {"Cheers": 275, "The Cosby Show": 201, "Barney Miller": 170,
          "Batman (1966)": 120, "Tales from the Crypt": 93,
          "Freddy's Nightmares": 44}
SPOTS = {"commercial": 90, "promo": 40, "trailer": 12, "psa": 10,
         "bumper": 6, "station_id": 4, "stinger": 3}

STATION = """\
station: {{since: {since}, timezone: UTC}}
paths: {{state: {dir}/state, log: {dir}/log, asrun: {dir}/asrun}}
ffmpeg: {{ffprobe: {probe}, sandbox: off}}
libraries:
  - {{path: media/shows, type: episode}}
  - {{path: media/films, type: movie}}
{spots}
channels: channels
"""

HEAD = """\
channel: {slug}
channel_number: {number}
timezone: {zone}
format: {{grid_minutes: {grid}}}
pools: {{cheers: {{match: {{series_title: Cheers}}}}}}
"""

CAPPED = HEAD + """\
traffic:
  allowed_types: [commercial, promo, psa, bumper, station_id]
  default_cooldown_seconds: 5h
  type_cooldowns: {{promo: 7h}}
  max_plays_per_day: 3
schedule:
  all_day:
    - block: {{start: 6:00, duration: 24h, pool: cheers, mode: sequential}}
"""

CLOCKS = HEAD + """\
day_start: 0:00
schedule:
  all_day:
    - block: {{start: 0:00, duration: 24h, pool: cheers, mode: sequential}}
"""

# Zone, a day on which clocks change, and how many hours it has.
NIGHTS = [("America/New_York", "2026-03-08", 23),
          ("America/New_York", "2026-11-01", 25),
          ("Europe/London", "2026-03-29", 23),
          ("Europe/London", "2026-10-25", 25),
          ("Australia/Sydney", "2026-10-04", 23),
          ("Australia/Sydney", "2026-04-05", 25),
          ("Australia/Lord_Howe", "2026-10-04", 23.5),
          ("Australia/Lord_Howe", "2026-04-05", 24.5),
          ("UTC", "2026-03-29", 24), ("UTC", "2026-10-25", 24)]

advertisers = {}                        # by path
failures = []


def check(good, *what):
    if not good:
        failures.append(" ".join(str(w) for w in what))


# ---- What is planned

def make_file(path, sidecar=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x1a\x45\xdf\xa3" + str(path).encode())
    if sidecar:
        pathlib.Path(f"{path}.yaml").write_text(sidecar)


def make_media(top):
    for series, n in SERIES.items():
        name = series.partition(" (")[0]
        for i in range(n):
            season, episode = divmod(i, 22)
            seconds = 1260 + i * 37 % 170
            marks = "".join(f"  - {{kind: avail, start: {seconds * k // 4}}}\n"
                            for k in (1, 2, 3))
            make_file(top / "shows" / series / f"Season {season + 1:02d}" /
                      f"{name} - S{season + 1:02d}E{episode + 1:02d} - "
                      f"Title {i}.{seconds}s.mkv",
                      "markers:\n" + marks if i % 2 else "")
    for i in range(80):
        make_file(top / "films" / f"Film {i} ({1950 + i % 50})" /
                  f"Film {i} ({1950 + i % 50}).{4800 + i * 91 % 5000}s.mkv",
                  f"genres: [{'horror' if i % 2 else 'drama'}]\n")
    for kind, n in SPOTS.items():
        for i in range(n):
            side = ("to-break ", "from break ", "")[i % 3]
            ms = (3000 + i % 3 * 200 if kind == "bumper" else 5000
                  if kind == "station_id" else 10000 + i * 7919 % 50000)
            path = top / kind / (f"{side if kind == 'bumper' else ''}"
                                 f"{kind} {i}.{ms}ms.mkv")
            who = f"Firm {i % 15}" if kind == "commercial" else None
            make_file(path, f"advertiser: {who}\n" if who else "")
            advertisers[str(path)] = who


def ctl(station, *words):
    done = subprocess.run([BUILD / "retrovuectl", "-c", station, *words],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def make_station(top, files):
    channels = top / "channels"
    channels.mkdir(exist_ok=True)
    for old in channels.iterdir():
        old.unlink()
    for name, text in files.items():
        (channels / name).write_text(text)
    return top / "retrovued.yaml"


def plan(station, slug, date, days):
    """The segments of so many days, and where each day begins."""
    rows, begins = [], []
    for i in range(days):
        day = date + dt.timedelta(days=i)
        begins.append(len(rows))
        text = ctl(station, "--json", "preview", "--date", str(day), slug)
        rows += [json.loads(line) for line in text.splitlines()]
    return rows, begins


# ---- What must hold

def local_frame(zone, date, hour, minute=0):
    """The first frame at or after a time on a zone's clocks."""
    when = dt.datetime(date.year, date.month, date.day, hour, minute,
                       tzinfo=zoneinfo.ZoneInfo(zone))
    return -int(-when.timestamp() * RATE // 1)


def length_of(path):
    ms = re.search(r"\.(\d+)(ms|s)\.mkv$", path)
    return int(ms[1]) * (1 if ms[2] == "ms" else 1000)


def check_tiles(name, rows):
    for a, b in zip(rows, rows[1:]):
        check(a["start_frame"] + a["frames"] == b["start_frame"], name,
              "gap or overlap at", b["event_id"], b["start"])
    for r in rows:
        check(r["frames"] > 0 and r["in_frame"] >= 0, name, r["event_id"])
        if r["asset"] is not None:
            last = (r["in_frame"] + r["frames"]) / RATE * 1000
            check(last <= length_of(r["asset"]) + 34, name,
                  "past the end of its file:", r["event_id"])


def programmes(rows):
    """Each with its rows; the first and the last may not be whole."""
    by = collections.OrderedDict()
    for r in rows:
        if r["programme"] is not None:
            by.setdefault(r["programme"]["start_frame"], []).append(r)
    return list(by.values())


def check_programmes(name, rows, zone, grid):
    shows = programmes(rows)[1:-1]
    for p in shows:
        n0, frames = p[0]["programme"]["start_frame"], sum(
            r["frames"] for r in p)
        check(frames == p[0]["programme"]["frames"], name, "sum of",
              p[0]["event_id"], frames, p[0]["programme"]["frames"])
        at = dt.datetime.fromtimestamp(n0 // RATE + 30,
                                       zoneinfo.ZoneInfo(zone))
        check(local_frame_of(at, grid) == n0, name, "not on the grid:",
              p[0]["event_id"], p[0]["start"])
    return shows


def local_frame_of(at, grid):
    begin = at.replace(minute=at.minute // grid * grid, second=0,
                       microsecond=0)
    return -int(-begin.timestamp() * RATE // 1)


def kind_of(row):
    return pathlib.Path(row["asset"]).parent.name


def check_spots(name, rows, rests, cap, begins):
    last, brk, ads = {}, set(), set()
    edges = set(begins)
    plays = collections.Counter()
    for i, r in enumerate(rows):
        if i in edges:
            plays.clear()
        if r["kind"] in PARTS or r["programme"] is None:
            brk, ads = set(), set()
        if r["kind"] != "spot":
            continue
        path = r["asset"]
        who = advertisers[path]
        rest = rests.get(kind_of(r), 0)
        plays[path] += 1
        check(path not in brk, name, "twice in a break:", r["event_id"])
        check(who is None or who not in ads, name, "two of", who, "in a "
              "break:", r["event_id"])
        check(r["start_frame"] - last.get(path, -10**12) >= rest * RATE,
              name, "has not rested:", r["event_id"])
        check(cap == 0 or plays[path] <= cap, name, "over its cap:",
              r["event_id"])
        last[path] = r["start_frame"]
        brk.add(path)
        ads.add(who)


def check_sides(name, rows):
    """A to-break bumper follows a programme, the other one leads to one."""
    for a, b, c in zip(rows, rows[1:], rows[2:]):
        if b["kind"] != "bumper":
            continue
        file = pathlib.Path(b["asset"]).name
        check(not file.startswith("to-break") or a["kind"] in PARTS or
              c["kind"] not in PARTS, name, "on the wrong side:",
              b["event_id"])
        check(not file.startswith("from") or a["kind"] not in PARTS, name,
              "on the wrong side:", b["event_id"])


def number_of(path):
    """Which of its series it is."""
    season, episode = re.search(r"S(\d\d)E(\d\d)", path).groups()
    return (int(season) - 1) * 22 + int(episode) - 1


def series_of(path):
    return pathlib.Path(path).parts[-3]


def check_order(name, shows, series):
    own = [p[0]["programme"]["asset"] for p in shows
           if series_of(p[0]["programme"]["asset"]) == series]
    n = SERIES[series]
    for a, b in zip(own, own[1:]):
        check(number_of(b) == (number_of(a) + 1) % n, name, series,
              "out of order:", number_of(a), number_of(b))


def check_cycles(name, shows, series):
    """Of a shuffle: none again before all the others have been."""
    own = [p[0]["programme"]["asset"] for p in shows
           if series_of(p[0]["programme"]["asset"]) == series]
    for a, b in zip(own, own[1:]):
        check(a != b, name, series, "twice in a row:", a)
    seen = collections.Counter(own)
    check(max(seen.values()) - (min(seen.values()) if
                                len(seen) == SERIES[series] else 0) <= 2,
          name, series, "unevenly shuffled:", seen.most_common(3))


# ---- The two parts

RESTS = {"cheers-24-7.yaml": {"commercial": 3600, "promo": 1800,
                              "psa": 3600, "stinger": 3600},
         "cheers-programs.yaml": {"commercial": 3600, "promo": 3600,
                                  "trailer": 7200},
         "capped.yaml": {"commercial": 18000, "promo": 25200, "psa": 18000}}
SEQUENTIAL = {"cheers-24-7.yaml": ["Cheers"],
              "cheers-programs.yaml": ["Cheers"], "capped.yaml": ["Cheers"],
              "nightmare-theater.yaml": ["Freddy's Nightmares",
                                         "Tales from the Crypt"]}
SHUFFLED = {"retro-prime.yaml": ["Batman (1966)", "Barney Miller",
                                 "Cheers", "The Cosby Show"]}


def judge_month(top, name, files, days):
    station = make_station(top, files)
    text = files[name]
    slug = re.search(r"^channel: (\S+)", text, re.M)[1]
    zone = re.search(r"^timezone: (\S+)", text, re.M)[1]
    rows, begins = plan(station, slug, FROM, days)
    check(rows[0]["start_frame"] == local_frame(zone, FROM, 6), name,
          "begins at", rows[0]["start"])
    end = rows[-1]["start_frame"] + rows[-1]["frames"]
    check(end == local_frame(zone, FROM + dt.timedelta(days=days), 6), name,
          "ends at the wrong time")
    check_tiles(name, rows)
    shows = check_programmes(name, rows, zone, 30)
    check_spots(name, rows, RESTS.get(name, {}), 3 if name == "capped.yaml"
                else 0, begins)
    check_sides(name, rows)
    for series in SEQUENTIAL.get(name, []):
        check_order(name, shows, series)
    for series in SHUFFLED.get(name, []):
        check_cycles(name, shows, series)
    kinds = collections.Counter(r["kind"] for r in rows)
    print(f"{name}: {days} days, {len(rows)} segments, {len(shows)} "
          f"programmes, {dict(kinds)}", flush=True)


def judge_night(top, zone, day, hours):
    date = dt.date.fromisoformat(day)
    name = f"{zone} {day}"
    station = make_station(top, {"c.yaml": CLOCKS.format(
        slug="c", number=1, zone=zone, grid=30)})
    rows, begins = plan(station, "c", date - dt.timedelta(days=1), 3)
    check_tiles(name, rows)
    shows = check_programmes(name, rows, zone, 30)
    check_order(name, shows, "Cheers")
    frames = sum(r["frames"] for r in rows[begins[1]:begins[2]])
    check(abs(frames / RATE - fractions.Fraction(hours) * 3600) < 1, name,
          "has", float(frames / RATE / 3600), "hours")
    used = [p[0]["programme"]["asset"] for p in shows]
    check(len(set(used)) == len(used), name, "airs one twice")
    print(f"{name}: {float(frames / RATE / 3600):.4f} hours, {len(shows)} "
          f"programmes around it, none twice", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=30, dest="days")
    parser.add_argument("directory", nargs="?")
    args = parser.parse_args()
    files = {"capped.yaml": CAPPED.format(slug="capped", number=9, grid=30,
                                          zone="Europe/London")}
    shared = {}
    if args.directory:
        for path in sorted(pathlib.Path(args.directory).iterdir()):
            (shared if path.name[0] == "_" else files)[path.name] = (
                path.read_text())
    with tempfile.TemporaryDirectory(prefix="rvmonth") as name:
        top = pathlib.Path(name)
        make_media(top / "media")
        (top / "channels").mkdir()
        (top / "retrovued.yaml").write_text(STATION.format(
            dir=top, since="2026-03-01", probe=BUILD / "fake" / "ffprobe",
            spots="".join(f"  - {{path: media/{k}, type: {k}}}\n"
                          for k in SPOTS)))
        print(ctl(top / "retrovued.yaml", "scan").splitlines()[-1])
        for file, text in files.items():
            judge_month(top, file, {file: text, **shared}, args.days)
        for night in NIGHTS:
            judge_night(top, *night)
    for line in failures[:50]:
        print("FAULT", line)
    print(f"{len(failures)} faults")
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
