"""A table of requests and the exact status that each gets, whole and a byte
at a time; and that a request means the same however it was cut."""

import os
import shlex
import socket
import subprocess

import pytest
import requests

from conftest import Station, wait_for

HOST = b"Host: localhost\r\n"
TS = b"/channel/1/stream.ts"


def get(path=b"/health", version=b"HTTP/1.1", more=b"", host=HOST,
        method=b"GET"):
    return method + b" " + path + b" " + version + b"\r\n" + host + more + \
        b"\r\n"


# Name, bytes, status; 0: the connection is closed without an answer.
TABLE = [
    ("plain", get(), 200),
    ("1.0", get(version=b"HTTP/1.0"), 200),
    ("1.0 without Host", get(version=b"HTTP/1.0", host=b""), 200),
    ("head", get(method=b"HEAD"), 200),
    ("absolute form", get(b"http://localhost/health"), 200),
    ("absolute form, other host", get(b"http://evil.example/health"), 421),
    ("absolute form, other Host", get(b"http://localhost/health",
                                      host=b"Host: evil.example\r\n"), 200),
    ("absolute form, a user", get(b"http://a@localhost/health"), 421),
    ("absolute form, no host", get(b"http:///health"), 400),
    ("escaped", get(b"/%68ealth"), 200),
    ("query", get(b"/health?x=1"), 200),
    ("two queries", get(b"/health?x=1?transcode=none"), 200),
    ("leading CRLF", b"\r\n" + get(), 200),
    ("expect", get(more=b"Expect: 100-continue\r\n"), 200),
    ("upgrade", get(more=b"Connection: upgrade\r\nUpgrade: h2c\r\n"), 200),
    ("upgrade websocket", get(more=b"Connection: Upgrade\r\nUpgrade: "
                                   b"websocket\r\n"), 200),
    ("empty body", get(more=b"Content-Length: 0\r\n"), 200),
    ("range of a document", get(more=b"Range: bytes=0-1\r\n"), 200),
    ("range of a stream", get(TS, more=b"Range: bytes=0-\r\n"), 200),
    ("range from the middle", get(TS, more=b"Range: bytes=9-99\r\n"), 200),
    ("suffix range", get(TS, more=b"Range: bytes=-500\r\n"), 200),
    ("many ranges", get(TS, more=b"Range: bytes=0-1,2-3,4-5\r\n"), 200),
    ("no range at all", get(TS, more=b"Range: lines=a-b\r\n"), 200),
    ("if-range", get(TS, more=b'If-Range: "x"\r\nRange: bytes=5-\r\n'), 200),
    ("stream, 1.0", get(TS, b"HTTP/1.0", host=b""), 200),
    ("alias", get(b"/channel/one.ts"), 200),
    ("stream, head", get(TS, method=b"HEAD"), 200),
    ("nothing there", get(b"/nothing"), 404),
    ("unknown channel", get(b"/channel/77/stream.ts"), 404),
    ("no channel", get(b"/channel/"), 404),
    ("traversal", get(b"/../../etc/passwd"), 404),
    ("escaped traversal", get(b"/%2e%2e/%2e%2e/etc/passwd"), 404),
    ("traversal below a channel", get(b"/channel/../etc/passwd"), 404),
    ("a file's name", get(b"/channel/1//etc/passwd"), 404),
    ("doubly escaped", get(b"/%2568ealth"), 404),
    ("NUL", get(b"/health%00"), 400),
    ("half an escape", get(b"/health%4"), 400),
    ("no escape", get(b"/health%zz"), 400),
    ("overlong UTF-8", get(b"/%c0%af"), 400),
    ("a surrogate", get(b"/%ed%a0%80"), 400),
    ("raw Latin-1", get(b"/caf\xe9"), 400),
    ("a tab in the target", get(b"/a\tb"), 400),
    ("authority form", get(b"localhost:80"), 400),
    ("asterisk", get(b"*"), 400),
    ("HTTP/0.9", b"GET /health\r\n", 400),
    ("HTTP/0.9 said", get(version=b"HTTP/0.9"), 400),
    ("HTTP/2", get(version=b"HTTP/2.0"), 505),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("HTTP/1.9", get(version=b"HTTP/1.9"), 505),
    ("RTSP", get(TS, b"RTSP/1.0", method=b"OPTIONS"), 400),
    ("RTSP's own", get(TS, b"RTSP/1.0", method=b"DESCRIBE"), 400),
    ("icecast", get(b"/", b"ICE/1.0", method=b"SOURCE"), 400),
    ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" +
     b"\x00" * 64, 400),
    ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", 400),
    ("garbage", b"\xff\xfe\xfd\r\n\r\n", 400),
    ("no Host", get(host=b""), 400),
    ("two Hosts", get(host=HOST + HOST), 400),
    ("Host with a path", get(host=b"Host: a/b\r\n"), 400),
    ("Host with a user", get(host=b"Host: a@localhost\r\n"), 400),
    ("folded field", get(more=b"X: a\r\n b\r\n"), 400),
    ("space before the colon", get(more=b"X : a\r\n"), 400),
    ("bare LF", b"GET /health HTTP/1.1\nHost: localhost\n\n", 400),
    ("NUL in a field", get(more=b"X: a\x00b\r\n"), 400),
    ("field without a name", get(more=b": a\r\n"), 400),
    ("length and chunks", get(more=b"Content-Length: 3\r\nTransfer-Encoding: "
                                   b"chunked\r\n"), 400),
    ("two lengths", get(more=b"Content-Length: 0\r\nContent-Length: 5\r\n"),
     400),
    ("negative length", get(more=b"Content-Length: -1\r\n"), 400),
    ("length too long", get(more=b"Content-Length: " + b"9" * 30 + b"\r\n"),
     400),
    ("body", get(more=b"Content-Length: 5\r\n") + b"hello", 413),
    ("chunked body", get(more=b"Transfer-Encoding: chunked\r\n"), 413),
    ("post", get(TS, method=b"POST", more=b"Content-Length: 0\r\n"), 405),
    ("post of control", get(b"/reload", method=b"POST"), 405),
    ("put", get(TS, method=b"PUT"), 405),
    ("delete", get(TS, method=b"DELETE"), 405),
    ("options", get(method=b"OPTIONS"), 405),
    ("trace", get(method=b"TRACE"), 405),
    ("connect", get(b"localhost:443", method=b"CONNECT"), 405),
    ("unknown method", get(method=b"FETCH"), 400),
    ("lower case", get(method=b"get"), 400),
    ("long line", get(b"/" + b"a" * 5000), 414),
    ("long query", get(b"/health?" + b"a" * 5000), 414),
    ("long head", get(more=b"X: " + b"a" * 20000 + b"\r\n"), 431),
    ("endless CRLF", b"\r\n" * 10000, 431),
    ("65 fields", get(more=b"X: a\r\n" * 64), 431),
    ("64 fields", get(more=b"X: a\r\n" * 63), 200),
    ("a stranger's name", get(host=b"Host: evil.example\r\n"), 421),
    ("our name", get(host=b"Host: tv.example:80\r\n"), 200),
    ("a single label", get(host=b"Host: nas\r\n"), 200),
    ("an address", get(host=b"Host: [::1]:8080\r\n"), 200),
    ("more than an address", get(host=b"Host: [::1]evil.example\r\n"), 421),
    ("a port that is none", get(host=b"Host: 127.0.0.1:x.evil.example\r\n"),
     421),
    ("two names", get(host=b"Host: a b\r\n"), 421),
]


@pytest.fixture(scope="module")
def house(media):
    station = Station(media)
    station.write()
    text = station.config.read_text().replace(
        "http: {", "http: {hosts: [tv.example], ")
    station.config.write_text(text)
    station.start()
    yield station
    station.close()


def ask(station, data, piece=None):
    """The status of the answer to data; 0 if there is none."""
    with socket.create_connection(("127.0.0.1", station.port), 30) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for i in range(0, len(data), piece or len(data)):
                s.sendall(data[i:i + (piece or len(data))])
        except ConnectionError:
            pass                # it has seen enough
        line = b""
        while not line.endswith(b"\r\n"):
            got = s.recv(1)
            if not got:
                return 0
            line += got
    assert line.startswith(b"HTTP/1.1 ")
    return int(line.split()[1])


@pytest.mark.parametrize("piece", [None, 1], ids=["whole", "in bytes"])
def test_every_request_of_the_table_gets_its_status(house, piece):
    rows = [r for r in TABLE if piece is None or len(r[1]) < 1000]
    got = {name: ask(house, data, piece) for name, data, _ in rows}
    wrong = {name: (got[name], status) for name, _, status in rows
             if got[name] != status}
    assert wrong == {}
    assert ask(house, get()) == 200


def test_pipelined_requests_are_answered_in_order(house):
    with socket.create_connection(("127.0.0.1", house.port), 30) as s:
        s.sendall(get() + get(b"/nothing") + get(method=b"HEAD") +
                  get(b"/status", more=b"Connection: close\r\n"))
        data = b"".join(iter(lambda: s.recv(65536), b""))
    statuses = [line.split()[1] for line in data.split(b"\r\n")
                if line.startswith(b"HTTP/1.1 ")]
    statuses += [b"200"] * data.count(b"}\nHTTP/1.1 200")
    assert data.count(b"HTTP/1.1 200 OK") == 3
    assert data.count(b"HTTP/1.1 404 Not Found") == 1
    assert data.rstrip().endswith(b"}")


def station_with(fake, http, prefix=""):
    station = fake()
    station.prefix = prefix
    text = station.config.read_text().replace("http: {", "http: {" + http)
    station.config.write_text(text)
    return station.start()


def test_without_the_token_there_is_nothing(fake):
    station = station_with(fake, "token: open-sesame, ", "/open-sesame")
    bare = f"http://127.0.0.1:{station.port}"
    for path in ("/", "/health", "/channel/1/stream.ts", "/open-sesam/health",
                 "/open-sesame2/health", "/OPEN-SESAME/health"):
        assert requests.get(bare + path, timeout=30).status_code == 404
    assert station.get("/health").status_code == 200
    with station.get("/channel/1/stream.ts", stream=True) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_content(188))[0] == 0x47


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network of its own")
def test_only_networks_that_are_allowed_are_answered(fake):
    """In a network of its own, which has two addresses beside loopback."""
    station = fake()
    text = station.config.read_text().replace(
        "http: {listen: [\"127.0.0.1:", "http: {allow: [10.9.9.0/24], "
        "listen: [\"0.0.0.0:")
    station.config.write_text(text)
    network = ["ip link set lo up", "ip addr add 10.9.9.1/32 dev lo",
               "ip addr add 10.9.8.1/32 dev lo",
               "exec " + shlex.join(station.argv())]
    process = subprocess.Popen(
        ["unshare", "-n", "sh", "-ec", "\n".join(network)], env=station.env)

    def ask_as(address):
        answer = subprocess.run(
            ["nsenter", "-n", "-t", str(process.pid), "curl", "-s", "-o",
             "/dev/null", "-w", "%{http_code}",
             f"http://{address}:{station.port}/status"],
            capture_output=True, text=True, timeout=30)
        return answer.stdout
    try:
        wait_for(lambda: ask_as("127.0.0.1") == "200", "an answer")
        assert ask_as("10.9.9.1") == "200"
        assert ask_as("10.9.8.1") == "403"
    finally:
        process.terminate()
        process.wait(30)


def test_there_are_only_so_many_viewers(fake):
    station = station_with(fake, "limits: {viewers: 3, "
                           "viewers_per_address: 64}, ")
    url = station.url("/channel/1/stream.ts")
    inside = [requests.get(url, stream=True, timeout=30) for _ in range(3)]
    assert [a.status_code for a in inside] == [200] * 3
    assert requests.get(url, timeout=30).status_code == 503
    assert requests.head(url, timeout=30).status_code == 200
    inside.pop().close()
    wait_for(lambda: station.status(1)["viewers"] == 2, "one has left")
    with requests.get(url, stream=True, timeout=30) as again:
        assert again.status_code == 200
    for a in inside:
        a.close()


def test_one_address_has_only_its_share(fake):
    station = station_with(fake, "limits: {viewers_per_address: 2}, ")
    url = station.url("/channel/1/stream.ts")
    hls = station.url("/channel/1/hls/index.m3u8")
    other = {"User-Agent": "another"}
    assert requests.get(hls, timeout=60).status_code == 200
    with requests.get(url, stream=True, timeout=30) as a:
        assert a.status_code == 200
        for full, who in ((url, {}), (hls, other)):
            with requests.get(full, stream=True, timeout=30,
                              headers=who) as answer:
                assert answer.status_code == 503
                assert "your address" in answer.text
        assert requests.get(hls, timeout=30).status_code == 200


def test_who_asks_once_takes_nobodys_place(fake):
    """Only those count who ask again, or fetch something."""
    station = station_with(fake, "limits: {viewers: 3}, ")
    url = station.url("/channel/1/stream.ts")

    def ask_as(agent):
        return requests.get(station.url("/channel/1/hls/index.m3u8"),
                            timeout=60, headers={"User-Agent": agent})
    names = [line for line in ask_as("a").text.splitlines()
             if line.endswith(".ts")]
    assert [ask_as(x).status_code for x in "bcd"] == [200] * 3
    assert station.status(1)["viewers"] == 4
    with requests.get(url, stream=True, timeout=30) as a:
        assert a.status_code == 200
        assert requests.get(station.url("/channel/1/hls/" + names[-1]),
                            timeout=30, headers={"User-Agent": "a"}).content
        assert [ask_as(x).status_code for x in "babcde"] == \
            [200, 200, 200, 503, 503, 503]
        assert requests.get(url, timeout=30).status_code == 503
        assert station.status(1)["viewers"] == 5


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network of its own")
def test_addresses_of_one_house_share(fake):
    """The 64 bits that a house, or a machine, chooses by itself."""
    station = fake()
    text = station.config.read_text().replace(
        "http: {listen: [\"127.0.0.1:", "http: {limits: "
        "{viewers_per_address: 2}, listen: [\"[::]:")
    station.config.write_text(text)
    addresses = [f"2001:db8:0:{net}::{host}" for net in "12" for host in "123"]
    network = ["ip link set lo up"]
    network += [f"ip addr add {a}/128 dev lo nodad" for a in addresses]
    process = subprocess.Popen(
        ["unshare", "-n", "sh", "-ec",
         "\n".join(network + ["exec " + shlex.join(station.argv())])],
        env=station.env)

    def ask_as(address, path):
        return subprocess.run(
            ["nsenter", "-n", "-t", str(process.pid), "curl", "-s", "-o",
             "/dev/null", "-w", "%{http_code}", "--interface", address,
             "-A", address,
             f"http://[2001:db8:0:1::1]:{station.port}{path}"],
            capture_output=True, text=True, timeout=60).stdout
    try:
        wait_for(lambda: ask_as(addresses[0], "/ready") == "200", "ready")
        assert [ask_as(a, "/channel/1/hls/index.m3u8") for a in addresses] == \
            ["200", "200", "503"] * 2
    finally:
        process.terminate()
        process.wait(30)


def test_who_dawdles_over_his_request_is_told_so(fake):
    station = station_with(fake, "limits: {head_seconds: 1}, ")
    with socket.create_connection(("127.0.0.1", station.port), 8) as s:
        s.sendall(b"GET /health HT")    # 10 s without that limit
        assert s.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network of its own")
def test_a_machine_without_ipv6_is_none_the_worse(fake):
    station = fake()
    text = station.config.read_text().replace("listen: [",
                                              "listen: [\"[::1]:0\", ")
    station.config.write_text(text)
    network = ["ip link set lo up",
               "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6",
               "exec " + shlex.join(station.argv())]
    process = subprocess.Popen(
        ["unshare", "-n", "sh", "-ec", "\n".join(network)], env=station.env)
    try:
        log = station.dir / "log" / "playout.log"
        wait_for(lambda: log.exists() and station.log("ready"), "it is ready")
        assert "text" in station.log("listening")[0]
    finally:
        process.terminate()
        process.wait(30)
