"""retrovuectl check: what is good passes, what is not does not."""

import functools
import http.server
import json
import subprocess
import threading

import pytest

from conftest import CTL

PACKET = 188
VIDEO = 0x100


def check(*args, stdin=None):
    return subprocess.run([str(CTL), "check", *map(str, args)],
                          input=stdin, capture_output=True, timeout=60)


def judge(data):
    """The report on these bytes."""
    done = check("--json", "-", stdin=data)
    assert done.stderr == b""
    report = json.loads(done.stdout)
    assert done.returncode == (1 if report["total_faults"] else 0)
    return report


def faults(report):
    return {f["name"] for f in report["faults"] if f["level"] == "fault"}


def packets(data):
    return [bytearray(data[at:at + PACKET])
            for at in range(0, len(data) - PACKET + 1, PACKET)]


def join(parts):
    return b"".join(bytes(p) for p in parts)


def pid(p):
    return (p[1] & 0x1f) << 8 | p[2]


def count_anew(parts):
    """Give the packets of every PID continuous counters."""
    counters = {}
    for p in parts:
        if p[3] & 0x10:
            counters[pid(p)] = (counters.get(pid(p), -1) + 1) & 15
        p[3] = p[3] & 0xf0 | counters.get(pid(p), 0)
    return parts


def flag_first(parts):
    """Say at the first packet of every PID that it is a discontinuity."""
    seen, out = set(), []
    for p in parts:
        if pid(p) not in seen:
            out.append(bytes([0x47, p[1] & 0x1f, p[2],
                              0x20 | p[3] - 1 & 15, 183, 0x80]) +
                       b"\xff" * 182)
        seen.add(pid(p))
        out.append(p)
    return out


def pcr(p):
    if p[3] & 0x20 and p[4] >= 7 and p[5] & 0x10:
        return p[6] << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7
    return None


def without(parts, begin, end):
    """Leave out what lies between two seconds."""
    first, now, out = None, 0, []
    for p in parts:
        if pcr(p) is not None:
            first = pcr(p) if first is None else first
            now = (pcr(p) - first) / 90000
        if not begin <= now < end:
            out.append(p)
    return out


def encode(path, *options):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                    "testsrc=s=160x90:r=25:d=5", "-f", "lavfi", "-i",
                    "sine=440:r=48000:d=5", "-c:v", "libx264", "-preset",
                    "ultrafast", "-bf", "2", "-c:a", "aac", *options, "-f",
                    "mpegts", str(path)], check=True, timeout=60)
    return path.read_bytes()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return encode(tmp_path_factory.mktemp("film") / "film.ts")


def test_a_capture_of_every_channel_is_clean(station, watch):
    viewers = {n: watch(station, n) for n in (1, 2)}
    for channel, viewer in viewers.items():
        viewer.watch(12).close()
        report = judge(viewer.data[:len(viewer.data) // PACKET * PACKET])
        assert faults(report) == set()
        assert report["garbage"] == 0
        assert report["programmes"][0]["name"] == ("one", "two")[channel - 1]
        assert report["programmes"][0]["now"] == "All day"
        assert report["programmes"][0]["next"] == "All day"
        video = next(s for s in report["streams"] if s["pid"] == VIDEO)
        assert video["codec"] == "H.264"
        assert video["decoder_delay_us"]["min"] >= 100000
        assert video["decoder_delay_us"]["max"] <= 1000000


def test_a_url_is_read_and_its_pace_measured(station, watch):
    # A running channel: what a cold one sends first comes in bursts.
    watch(station, 2).watch(2)
    done = check("--json", "--seconds", 5,
                 station.url("/channel/2/stream.ts"))
    report = json.loads(done.stdout)
    assert (done.returncode, faults(report)) == (0, set())
    # Of five seconds' worth at once it would be five.
    assert report["pace"]["spread_us"] < 2000000
    assert report["pace"]["longest_silence_us"] > 0


def test_a_file_is_read_from_a_web_server_to_its_end(film, tmp_path):
    (tmp_path / "film.ts").write_bytes(film)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler,
                                directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/film.ts"
        done = check("--json", url)
        server.shutdown()
    assert done.returncode == 0
    assert b"it ended after" in done.stderr
    assert json.loads(done.stdout)["bytes"] == len(film)


@pytest.fixture
def serve():
    """A maker of servers that answer everything with these bytes."""
    servers = []

    def new(answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.wfile.write(answer)

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/x.ts"
    yield new
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_live_stream_that_ends_is_a_fault(film, serve):
    url = serve(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n" + film)
    done = check("--json", "--seconds", 20, url)
    assert json.loads(done.stdout)["total_faults"] == 0
    assert done.returncode == 1
    assert b"it ended after 0." in done.stderr
    assert done.stderr.endswith(b" s of 20\n")
    assert check("-q", "--seconds", 20, url).returncode == 1
    assert check("-q", "--seconds", 0, url).returncode == 0


def test_a_document_that_breaks_off_is_a_fault(film, serve):
    url = serve(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" %
                (len(film) + 1) + film)
    done = check("--json", url)
    assert (done.returncode, json.loads(done.stdout)["bytes"]) == (1,
                                                                   len(film))
    assert b"it ended after" in done.stderr


def test_a_refusal_is_told_in_the_server_s_words(serve):
    done = check(serve(b"HTTP/1.0 503 No\r\n\r\nstopped by \033 it\nmore"))
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.endswith(
        b": HTTP status 503: stopped by \\x1b it\n")
    done = check(serve(b"HTTP/1.0 404 No\r\n\r\n"))
    assert done.returncode == 3
    assert done.stderr.endswith(b": HTTP status 404\n")


def test_what_ffmpeg_writes_is_clean(film):
    report = judge(film)
    assert faults(report) == set()
    sound = [s for s in report["streams"] if s["class"] == "audio"][0]
    assert (sound["codec"], sound["sample_rate"]) == ("AAC", 48000)
    assert report["programmes"][0]["name"] == "Service01"


def test_what_ffmpeg_writes_without_delay_is_late(tmp_path):
    data = encode(tmp_path / "late.ts", "-muxdelay", "0", "-muxpreload", "0")
    assert faults(judge(data)) == {"late_access_unit"}


def test_the_pcrs_of_a_constant_rate_are_judged(film, tmp_path):
    data = encode(tmp_path / "cbr.ts", "-muxrate", "1500k")
    report = judge(data)
    assert report["pcr_accuracy_measured"] is True
    assert faults(report) == set()
    assert judge(film)["pcr_accuracy_measured"] is False


def test_two_files_in_a_row_are_no_stream(film):
    found = judge(film + film)
    assert {"Continuity_count_error", "PCR_discontinuity_indicator_error",
            "dts_not_increasing"} <= faults(found)
    broken = [f for f in found["faults"]
              if f["name"] == "dts_not_increasing" and f["pid"] == VIDEO]
    assert broken[0]["count"] == 1
    assert broken[0]["places"][0]["byte"] >= len(film)
    assert broken[0]["places"][0]["packet"] - len(film) // PACKET < 5


def test_flags_do_not_make_one_stream_of_two(film):
    data = film + join(flag_first(packets(film)))
    found = faults(judge(data))
    assert not {"Continuity_count_error",
                "PCR_discontinuity_indicator_error"} & found
    assert {"discontinuity", "dts_not_increasing"} <= found


def test_right_counters_do_not_make_one_stream_of_two(film):
    data = join(count_anew(packets(film + film)))
    found = faults(judge(data))
    assert "Continuity_count_error" not in found
    assert {"PCR_discontinuity_indicator_error",
            "dts_not_increasing"} <= found


def test_a_hole_of_two_seconds_is_found(film):
    data = join(count_anew(without(packets(film), 2, 4)))
    found = faults(judge(data))
    assert "Continuity_count_error" not in found
    assert {"PCR_repetition_error", "dts_gap", "audio_gap", "PTS_error",
            "PAT_error_2", "PMT_error_2"} <= found


def test_the_table_for_people_names_fault_and_place(film, tmp_path):
    path = tmp_path / "two.ts"
    path.write_bytes(film + film)
    done = check(path)
    text = done.stdout.decode()
    assert done.returncode == 1
    assert 'Programme 1 "Service01"' in text
    assert f"byte {len(film)}, packet {len(film) // PACKET}," in text
    assert check("-q", path).stdout == b""
    assert check("-q", path).returncode == 1
    some = json.loads(check("--json", "--seconds", 2, path).stdout)
    assert 2000000 <= some["duration_us"] < 2200000


def test_what_is_no_stream_is_said_to_be_none(tmp_path, station):
    empty, text = tmp_path / "empty.ts", tmp_path / "text.ts"
    empty.write_bytes(b"")
    text.write_bytes(b"GGGG this is no stream\n" * 1000)
    for source, why in ((empty, b"empty"), (text, b"transport stream"),
                        (tmp_path / "none.ts", b"No such file"),
                        (tmp_path, b"directory"),
                        (station.url("/channel/9/stream.ts"), b"404"),
                        ("http://127.0.0.1:1/x.ts", b"onnect")):
        done = check(source)
        assert (done.returncode, done.stdout) == (3, b"")
        assert why in done.stderr and done.stderr.count(b"\n") == 1


def test_a_wrong_command_line_is_usage(film):
    for args in ((), ("a", "b"), ("--seconds", "x", "-"), ("--what", "-")):
        assert check(*args).returncode == 2
