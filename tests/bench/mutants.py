#!/usr/bin/python3
"""Changes channel files at random, by a seed, and asks validate: what is
wrong must be refused on its line, what is not must pass.  And bombs, which
must be refused before they cost anything.

    tests/bench/mutants.py [-n COUNT] [-s SEED] [DIRECTORY...]

The files are those in etc/channels and in the directories named."""

import argparse
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CTL = ROOT / "build" / "retrovuectl"
BOMB_MS = 100

KEY = re.compile(r"^(\s*(?:- )?)([a-z_]+): ?(.*)$")
CLOCK = re.compile(r'^(\s*(?:- )?start: *)"?[\d:]+"?(\s*)$')
FREE = {"notes", "vibe", "tagline", "description", "title", "name"}


def keys_of(lines):
    """(line, match) of each key that means something and whose parent is no
    map of names."""
    names = set()
    for i, line in enumerate(lines):
        m = KEY.match(line)
        if m is None or m[2] in FREE:
            continue
        parent = parent_of(lines, i)
        if parent in ("pools", "programs", "templates", "inventories",
                      "profiles", "schedule", "dates", "notes"):
            names.add(i)
        else:
            yield i, m


def parent_of(lines, i):
    indent = len(lines[i]) - len(lines[i].lstrip(" -"))
    for line in reversed(lines[:i]):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(line) - len(line.lstrip(" -")) < indent:
            m = re.match(r"\s*(?:- )?\"?([\w-]+)", line)
            return m[1] if m else ""
    return ""


# Each mutation changes lines in place.  It says on which lines a fault may
# be (from 1), an empty range for none at all, None where it does not apply.

def misspell(r, lines):
    found = list(keys_of(lines))
    i, m = r.choice(found)
    lines[i] = f"{m[1]}{m[2]}x: {m[3]}"
    return range(max(1, i - 12), i + 2)     # or its map, which needs it


def bad_clock(r, lines):
    found = [i for i, line in enumerate(lines) if CLOCK.match(line)]
    if not found:
        return None
    i = r.choice(found)
    lines[i] = CLOCK.sub(r'\g<1>"%s"\2' % r.choice(
        ["25:00", "6:60", "noon", "-1:00", "6", "24:01"]), lines[i])
    return range(i + 1, i + 2)


def bad_pool(r, lines):
    found = [i for i, m in keys_of(lines) if m[2] == "pool"]
    if not found:
        return None
    i = r.choice(found)
    lines[i] = re.sub(r"pool:[^,}]*", "pool: nosuch", lines[i])
    return range(i + 1, i + 2)


def bad_choice(r, lines):
    found = [i for i, m in keys_of(lines) if m[2] in (
        "mode", "channel_type", "progression", "fill_mode", "grid_minutes",
        "timezone", "order")]
    if not found:
        return None
    i = r.choice(found)
    lines[i] = re.sub(r": [^,}]*", ": {}" if r.random() < .3 else
                      ": sideways", lines[i])
    return range(i + 1, i + 2)


def twice(r, lines):
    i, _ = r.choice([(i, m) for i, m in keys_of(lines) if m[3] and
                     not m[1].strip()])
    lines.insert(i + 1, lines[i])
    return range(i + 1, i + 3)


def tab(r, lines):
    """Outside of braces, where it is only a space."""
    i = r.choice([i for i, line in enumerate(lines[:-1])
                  if line.startswith(("channel", "schedule", "pools"))])
    lines[i] = "\t" + lines[i]
    return range(i, i + 3)


def unclosed(r, lines):
    found = [i for i, line in enumerate(lines) if "{" in line and
             line.rstrip().endswith("}")]
    if not found:
        return None
    i = r.choice(found)
    lines[i] = lines[i].rstrip()[:-1]
    return range(i + 1, len(lines) + 2)


def quote(r, lines):
    i, m = r.choice([(i, m) for i, m in keys_of(lines) if m[3] and
                     '"' not in m[3] and "'" not in m[3]])
    lines[i] = f'{m[1]}{m[2]}: "{m[3]}'
    return range(i + 1, len(lines) + 2)


def binary(r, lines):
    i = r.randrange(len(lines))
    lines[i] = lines[i] + "\x01"
    return range(i + 1, i + 2)


def comment(r, lines):
    lines.insert(r.randrange(len(lines)), "# " + "x" * r.randrange(200))
    return range(0)


def blank(r, lines):
    lines.insert(r.randrange(len(lines)), "")
    return range(0)


def noted(r, lines):
    if any(line.startswith("notes:") for line in lines):
        return None
    lines.append("notes: {anything: [goes, {here: 1}]}")
    return range(0)


def crlf(r, lines):
    for i in range(len(lines)):
        lines[i] += "\r"
    return range(0)


MUTATIONS = [misspell, misspell, bad_clock, bad_pool, bad_choice, twice, tab,
             unclosed, quote, binary, comment, blank, noted, crlf]


def validate(path):
    """(exit code, lines of the faults, all it said, ms of processor)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([CTL, "validate", str(path)], capture_output=True,
                          text=True, errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ms = (after.ru_utime + after.ru_stime - before.ru_utime -
          before.ru_stime) * 1000
    faults = [int(m[1]) for m in re.finditer(
        r"^\S+:(\d+):\d+: (?!warning)", done.stdout, re.M)]
    return done.returncode, faults, done.stdout + done.stderr, ms


def mutate(r, path, where):
    """None, or what is wrong with the answer."""
    lines = path.read_text().splitlines()
    mutation = r.choice(MUTATIONS)
    expected = mutation(r, lines)
    if expected is None:
        return None, None
    file = where / path.name
    file.write_text("\n".join(lines) + "\n")
    code, faults, said, _ = validate(file)
    right = (code == 0 and not faults) if not expected else (
        code == 1 and any(n in expected for n in faults))
    kept = "" if right else (f"{path.name} {mutation.__name__}: expected "
                             f"{expected}, exit code {code}: {said}")
    return mutation.__name__, kept


def bombs():
    aliases = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [" + ", ".join(
            [f"*{chr(97 + i)}"] * 10) + "]\n" for i in range(9))
    return {
        "128 KiB of [": "[" * (128 << 10),
        "128 KiB of {": "{" * (128 << 10),
        "128 KiB of - ": "- " * (64 << 10),
        "maps in maps": "\n".join(" " * i + "a:" for i in range(500)),
        "a billion aliases": aliases,
        "merge keys": "a: &a {x: 1}\n" + "".join(
            f"b{i}: &b{i} {{<<: [*a, *a]}}\n" for i in range(3000)),
        "a scalar of 17 MiB": "channel: " + "x" * (17 << 20),
        "a scalar of 1 MiB": "channel: " + "x" * (1 << 20),
        "a key of 1 MiB": "x" * (1 << 20) + ": 1",
        "a tag of 1 MiB": "channel: !" + "x" * (1 << 20) + " y",
        "100,000 anchors": "".join(
            f"a{i}: &a{i} x\n" for i in range(100000)),
        "itself": "channel: !include itself.yaml\n",
    }


def explode(where):
    bad = 0
    for name, text in bombs().items():
        path = where / "itself.yaml"
        path.write_text(text)
        code, faults, said, ms = validate(path)
        good = code == 1 and ms < BOMB_MS
        bad += not good
        print(f"{'ok   ' if good else 'FAULT'} {name}: {ms:.0f} ms, "
              f"{said.splitlines()[0][len(str(path)):][:70]}")
    return bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=200, dest="count")
    parser.add_argument("-s", type=int, default=1, dest="seed")
    parser.add_argument("directories", nargs="*")
    args = parser.parse_args()
    files = [p for d in [ROOT / "etc" / "channels", *args.directories]
             for p in sorted(pathlib.Path(d).glob("[!_]*.yaml"))]
    r = random.Random(args.seed)
    done, wrong = {}, []
    with tempfile.TemporaryDirectory(prefix="rvmutants") as name:
        where = pathlib.Path(name)
        for path in [p for d in args.directories
                     for p in pathlib.Path(d).glob("_*.yaml")]:
            (where / path.name).write_text(path.read_text())
        while sum(done.values()) < args.count:
            kind, bad = mutate(r, r.choice(files), where)
            if kind is None:
                continue
            done[kind] = done.get(kind, 0) + 1
            if bad:
                wrong.append(bad)
        print(f"{args.count} mutants of {len(files)} files: {done}")
        for bad in wrong:
            print("FAULT", bad)
        exploded = explode(where)
    print(f"{len(wrong)} wrong answers, {exploded} bombs that went off")
    return bool(wrong or exploded)


if __name__ == "__main__":
    sys.exit(main())
