"""The station as a tuner: what Plex, Jellyfin and HDHomeRun's own programs
ask for, as they ask it."""

import os
import re
import signal
import socket
import subprocess
import xml.etree.ElementTree as xml

import pytest
import requests

from conftest import BUILD, Station, wait_for

FAKE = BUILD / "fake"


def loopback():
    """An address of this machine that no other test has: port 65001 is one
    for each."""
    pid = os.getpid()
    return f"127.{pid >> 14 & 127 | 128}.{pid >> 7 & 127}.{pid & 127 | 128}"


def cheap(station, hdhomerun=""):
    """Children that cost nothing."""
    return station.extend(
        f"ffmpeg: {{sandbox: off, ffmpeg: {FAKE}/ffmpeg, "
        f"ffprobe: {FAKE}/ffprobe}}\nhdhomerun: {{{hdhomerun}}}")


def listen_at(station, host):
    text = station.config.read_text()
    station.config.write_text(text.replace(f"127.0.0.1:{station.port}",
                                           f"{host}:{station.port}"))
    station.url = lambda path: f"http://{host}:{station.port}{path}"
    return station


@pytest.fixture(scope="module")
def tuner(media):
    """One that is searched for and found, for tests that do it no harm."""
    station = cheap(Station(media), "discovery: on, ssdp: on")
    station.host = loopback()
    try:
        yield listen_at(station, station.host).start()
    finally:
        station.close()


def ask(station, *words):
    """What hdhomerun_config says."""
    done = subprocess.run(["hdhomerun_config", station.host, *words],
                          capture_output=True, text=True, timeout=60)
    return (done.stdout + done.stderr).strip()


def found_at(station, host):
    """The device that a search finds there.  Its few tenths of a second are
    those of the client, who has to ask again on a machine that is busy."""
    def ask_again():
        return subprocess.run(["hdhomerun_config", "discover", host],
                              capture_output=True, text=True, timeout=60
                              ).stdout.partition("no devices found")[0]
    return wait_for(ask_again, "somebody answers").strip()


def device_id(station):
    return (station.dir / "state" / "device-id").read_text().strip()


# ---- the seed tests of the format

def test_a_stream_is_mpegts(tuner):
    with tuner.get("/channel/1/stream.ts", stream=True) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "video/mp2t"
        assert next(answer.iter_content(1024))


# ---- HTTP

def test_plex_finds_scans_and_tunes(tuner):
    device = tuner.get("/discover.json").json()
    assert re.fullmatch("[0-9A-F]{8}", device["DeviceID"])
    assert device["DeviceID"] == device_id(tuner)
    assert device["ModelNumber"] == "HDHR4-2US"
    assert device["TunerCount"] == 2
    assert device["BaseURL"] == tuner.url("")
    scan = requests.post(device["BaseURL"] +
                         "/lineup.post?scan=start&source=Antenna", timeout=30)
    assert (scan.status_code, scan.text) == (200, "")
    status = requests.get(device["BaseURL"] + "/lineup_status.json",
                          timeout=30).json()
    assert status["ScanInProgress"] == 0 and status["ScanPossible"] == 1
    lineup = requests.get(device["LineupURL"], timeout=30).json()
    assert [row["GuideNumber"] for row in lineup] == ["1", "2"]
    assert lineup[0] == {
        "GuideNumber": "1", "GuideName": "one", "HD": 0,
        "VideoCodec": "H264", "AudioCodec": "AAC",
        "URL": tuner.url("/auto/v1")}
    url = lineup[0]["URL"] + "?transcode=none?transcode=heavy"
    head = requests.head(url, timeout=30)
    assert head.status_code == 200
    assert head.headers["Content-Type"] == "video/mp2t"
    assert "Content-Length" not in head.headers
    with requests.get(url, stream=True, timeout=30) as stream:
        assert stream.status_code == 200
        assert next(stream.iter_content(1024))[0] == 0x47
    done = requests.post(device["BaseURL"] + "/lineup.post?scan=abort",
                         timeout=30)
    assert (done.status_code, done.text) == (200, "")


def test_jellyfin_reads_the_model_and_tunes_a_tuner(tuner):
    root = xml.fromstring(tuner.get("/device.xml").content)
    space = {"u": "urn:schemas-upnp-org:device-1-0"}
    assert root.find("u:device/u:modelNumber", space).text == "HDHR4-2US"
    assert root.find("u:device/u:friendlyName", space).text == "Test Station"
    assert root.find("u:URLBase", space).text == tuner.url("")
    assert tuner.get("/capability").content == \
        tuner.get("/device.xml").content
    with tuner.get("/tuner1/v2", stream=True) as stream:
        assert stream.headers["Content-Type"] == "video/mp2t"
        assert next(stream.iter_content(188))[0] == 0x47


def test_what_cannot_be_tuned_says_so_in_the_clients_words(tuner):
    for path in ("/auto/v9", "/auto/1", "/auto/", "/auto/v1/x", "/tuner2/v1",
                 "/tunerx/v1", "/tuner0/", "/tuner/v1"):
        answer = tuner.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["X-HDHomeRun-Error"] == "801 Unknown Channel"
    answer = tuner.get("/lineup.post?scan=start")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.fixture(scope="module")
def odd(media):
    """Behind a proxy, with one tuner, an id of its own and an odd name."""
    station = cheap(Station(media), "tuners: 1, device_id: 1038A145")
    one = station.dir / "channels" / "one.yaml"
    one.write_text(one.read_text().replace(
        "\nname: one", '\nname: "A \\"B\\" <&>\\n\\x01C"'))
    station.config.write_text(station.config.read_text().replace(
        "http: {", "http: {base_url: 'http://tv.example/', "))
    try:
        yield station.start()
    finally:
        station.close()


def test_the_lineup_is_escaped_for_where_it_goes(odd):
    assert odd.get("/lineup.json").json()[0]["GuideName"] == \
        'A "B" <&>\n\x01C'
    lineup = xml.fromstring(odd.get("/lineup.xml").content)
    assert lineup.findtext("Program/GuideName") == 'A "B" <&>  C'
    assert odd.get("/lineup.m3u").text.splitlines() == [
        "#EXTM3U",
        '#EXTINF:-1 channel-id="1" channel-number="1" '
        'tvg-name="A \'B\' <&> C",1 A \'B\' <&> C',
        "http://tv.example/auto/v1",
        '#EXTINF:-1 channel-id="2" channel-number="2" tvg-name="two",2 two',
        "http://tv.example/auto/v2"]


def test_it_is_who_and_where_its_file_says(odd):
    device = odd.get("/discover.json").json()
    assert device["DeviceID"] == "1038A145"
    assert device["BaseURL"] == "http://tv.example"
    assert device["LineupURL"] == "http://tv.example/lineup.json"
    assert device["TunerCount"] == 1


def test_no_more_channels_than_tuners_are_watched(odd):
    def answer(path):
        return requests.head(odd.url(path), timeout=30)
    with odd.get("/auto/v1", stream=True) as first:
        assert next(first.iter_content(188))
        assert answer("/auto/v2").status_code == 503
        assert answer("/auto/v2").headers["X-HDHomeRun-Error"] == \
            "805 All Tuners In Use"
        assert answer("/auto/v1").status_code == 200
        assert answer("/channel/2/stream.ts").status_code == 200
    wait_for(lambda: answer("/auto/v2").status_code == 200,
             "the tuner is free again")


def test_what_is_not_enabled_is_not_there(odd):
    """The last one with this station."""
    odd.config.write_text(odd.config.read_text().replace(
        "hdhomerun: {", "hdhomerun: {enabled: no, "))
    odd.process.send_signal(signal.SIGHUP)
    wait_for(lambda: odd.get("/discover.json").status_code == 404,
             "the reload is there")
    for path in ("/lineup.json", "/lineup.xml", "/lineup.m3u",
                 "/lineup_status.json", "/device.xml", "/auto/v1",
                 "/tuner0/v1"):
        answer = odd.get(path)
        assert answer.status_code == 404, path
        assert "X-HDHomeRun-Error" in answer.headers


# ---- discovery

def test_hdhomerun_config_finds_it_and_reads_its_settings(tuner):
    assert found_at(tuner, tuner.host) == \
        f"hdhomerun device {device_id(tuner)} found at {tuner.host}"
    assert ask(tuner, "get", "/sys/model") == "hdhomerun4_atsc"
    assert ask(tuner, "get", "/tuner2/status").startswith("ERROR: unknown")
    assert ask(tuner, "set", "/tuner0/channel", "auto:7").startswith("ERROR")
    wait_for(lambda: not any(tuner.status(n)["viewers"] for n in (1, 2)),
             "those who have just left are gone")
    with tuner.get("/auto/v2", stream=True) as stream:
        assert next(stream.iter_content(188))
        assert ask(tuner, "get", "/tuner0/status").startswith("ch=auto:2 ")
        assert ask(tuner, "get", "/tuner0/streaminfo") == "1: 2 two"


def test_what_is_no_request_ends_the_connection(tuner):
    with socket.create_connection((tuner.host, 65001), 30) as s:
        s.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert s.recv(100) == b""


def test_a_client_that_never_leaves_gives_way(tuner):
    held = [socket.create_connection((tuner.host, 65001), 30)
            for _ in range(18)]
    try:
        assert ask(tuner, "get", "/sys/model") == "hdhomerun4_atsc"
    finally:
        for s in held:
            s.close()


# For anything, as Jellyfin sends it.
SEARCH = bytes.fromhex("0002000c 0104ffffffff 0204ffffffff 73cc7d8f")


def test_a_flood_is_answered_drop_by_drop(tuner):
    """Who asks in another's name makes no more of him than this."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for _ in range(200):
            s.sendto(SEARCH, (tuner.host, 65001))
        s.settimeout(30)
        answers = [s.recv(2000)]
        s.settimeout(0.5)
        while len(answers) < 200:
            try:
                answers.append(s.recv(2000))
            except TimeoutError:
                break
    assert len(answers) <= 60      # in three seconds at most
    assert {len(a) for a in answers} <= set(range(6 * len(SEARCH)))


def search(group, target):
    """The answers to an M-SEARCH, by their locations."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                     socket.inet_aton("127.0.0.1"))
        s.settimeout(1)
        s.sendto(f"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
                 f"MAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n"
                 .encode(), (group, 1900))
        found = {}
        while True:
            try:
                text = s.recv(2000).decode()
            except TimeoutError:
                return found
            found[re.search("LOCATION: (.*)\r", text)[1]] = text


def test_upnp_finds_it(tuner):
    url = tuner.url("/device.xml")
    found = wait_for(lambda: search("239.255.255.250",
                                    "upnp:rootdevice").get(url),
                     "it answers the search")
    udn = xml.fromstring(tuner.get("/device.xml").content).findtext(
        ".//{*}UDN")
    assert f"USN: {udn}::upnp:rootdevice\r\n" in found


def test_a_taken_port_is_a_warning_and_the_id_stays(make):
    station = cheap(make(), "discovery: on")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        host = loopback().replace("127.", "127.0.", 1).rpartition(".")[0]
        other.bind((host, 65001))
        listen_at(station, host).start()
        taken = wait_for(lambda: [e for e in station.log("discovery")
                                  if "text" in e], "a word about it")
        assert [e["by"] for e in taken] == ["hdhomerun"]
        first = station.get("/discover.json").json()["DeviceID"]
    station.kill()
    station.start()
    assert station.get("/discover.json").json()["DeviceID"] == first
    assert found_at(station, host) == \
        f"hdhomerun device {first} found at {host}"


def test_a_station_of_this_machine_alone_is_not_announced(station):
    assert station.log("discovery") == []


LISTEN = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 1900))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
             socket.inet_aton("239.255.255.250") +
             socket.inet_aton("10.9.9.1"))
s.settimeout(60)
print("listens", flush=True)
while True:
    data, (host, _) = s.recvfrom(2000)
    if host == "10.9.9.1":
        print(data.decode().replace("\\r\\n", "|"), flush=True)
"""


class House:
    """A network of its own, with two cables."""

    def __init__(self):
        network = ["ip link set lo up"]
        for n in (8, 9):
            network += [f"ip link add tv{n} type veth peer name end{n}",
                        f"ip addr add 10.9.{n}.1/24 brd + dev tv{n}",
                        f"ip link set tv{n} up", f"ip link set end{n} up"]
        network += ["echo", "exec cat"]
        self.processes = [subprocess.Popen(
            ["unshare", "-n", "sh", "-ec", "\n".join(network)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)]
        assert self.processes[0].stdout.readline() == "\n"

    def inside(self, *argv):
        return ["nsenter", "-n", "-t", str(self.processes[0].pid), *argv]

    def ask(self, *words):
        done = subprocess.run(self.inside("hdhomerun_config", *words),
                              capture_output=True, text=True, timeout=60)
        return (done.stdout + done.stderr).strip()

    def start(self, *argv, **more):
        self.processes.append(subprocess.Popen(self.inside(*argv), **more))
        return self.processes[-1]

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)


def reload(station, daemon, text):
    seen = len(station.log("ready"))
    station.config.write_text(text)
    daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: len(station.log("ready")) > seen, "the reload")


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a network of its own")
def test_a_house_finds_it_and_who_is_not_allowed_does_not(make):
    station = cheap(make())
    station.config.write_text(station.config.read_text().replace(
        'http: {listen: ["127.0.0.1:',
        'http: {allow: 10.9.9.0/24, listen: ["0.0.0.0:'))
    house = House()
    try:
        listener = house.start("python3", "-c", LISTEN, text=True,
                               stdout=subprocess.PIPE)
        assert listener.stdout.readline() == "listens\n"
        daemon = house.start(*station.argv())
        url = f"http://10.9.9.1:{station.port}/device.xml"
        heard = [listener.stdout.readline() for _ in range(3)]
        assert all("|NTS: ssdp:alive|" in text and f"|LOCATION: {url}|" in
                   text for text in heard)
        device = device_id(station)
        wait_for(lambda: house.ask("discover") ==
                 f"hdhomerun device {device} found at 10.9.9.1", "it is found")
        assert house.ask(device, "get", "/sys/hwmodel") == "HDHR4-2US"
        assert house.ask("discover", "10.9.8.1") == "no devices found"
        # A token is not told to everybody, not even from now on.
        text = station.config.read_text()
        reload(station, daemon, text.replace(
            "http: {", "http: {token: 0123456789abcdef, "))
        heard = [listener.stdout.readline() for _ in range(3)]
        assert all("|NTS: ssdp:byebye|" in text for text in heard)
        assert house.ask("discover") == "no devices found"
        reload(station, daemon, text)
        heard = [listener.stdout.readline() for _ in range(3)]
        assert all("|NTS: ssdp:alive|" in text for text in heard)
        daemon.terminate()
        assert daemon.wait(30) == 0
        heard = [listener.stdout.readline() for _ in range(3)]
        assert all("|NTS: ssdp:byebye|" in text for text in heard)
    finally:
        house.close()
