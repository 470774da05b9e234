"""The station's page, in Chromium and in Firefox.  It stands below a token, and its names
are no good."""

import pytest
import requests

from conftest import Station, wait_for
from chromium import Browser
from firefox import Firefox

TOKEN = "/open-sesame"
NAME = '<img src=x onerror=alert(1)> & "One"'
TITLE = "<script>alert(2)</script>Fog"

# What the video shows, as a number.
LOOK = """(() => {
    const c = new OffscreenCanvas(64, 36).getContext("2d");
    c.drawImage(document.querySelector("video"), 0, 0, 64, 36);
    return c.getImageData(0, 0, 64, 36).data.reduce((h, v) =>
        (h * 31 + v) % 1000003, 7);
})()"""
TIME = "document.querySelector('video').currentTime"
WITHOUT_HLS = "HTMLMediaElement.prototype.canPlayType = () => '';"
FOCUS = "document.activeElement"


@pytest.fixture(scope="module")
def station(media):
    s = Station(media)
    s.prefix = TOKEN
    s.config.write_text(s.config.read_text()
                        .replace("http: {", "http: {token: open-sesame, ")
                        .replace("since: 2026-01-10", "since: 2026-01-15"))
    for path in (s.dir / "channels").iterdir():
        path.write_text(path.read_text()
                        .replace("name: one", f"name: '{NAME}'")
                        .replace("title: All day", f"title: '{TITLE}'")
                        .replace("grid_minutes: 1", "grid_minutes: 30"))
    try:
        s.start("-T", "2026-01-15T14:30:06Z")
        wait_for(lambda: s.get("/api/now").ok, "the guide", 60)
        yield s
    finally:
        s.close()


@pytest.fixture(scope="module")
def browser():
    b = Browser()
    yield b
    b.close()


def visit(browser, station):
    browser.go("about:blank")
    browser.go(station.url("/"))
    browser.wait("document.querySelector('.cell') !== null && "
                 "document.querySelector('#addresses table') !== null")


@pytest.fixture
def page(station, browser):
    """The page, at home; afterwards: it has asked nobody else, and nothing
    went wrong."""
    del browser.events[:]
    browser.resize(1440, 900)
    visit(browser, station)
    yield browser
    own = (station.url("/"), "blob:" + station.url("/")[:-len(TOKEN) - 1],
           "about:blank", "data:")
    assert [u for u in browser.requests() if not u.startswith(own)] == []
    assert browser.complaints() == []


def check_picture_moves(page):
    page.run("location.hash = '#/one'")
    page.wait(TIME + " > 0.5")
    before, then = page.run(LOOK), page.run(TIME)
    page.wait(f"{TIME} > {then + 0.5} && {LOOK} !== {before}")
    assert page.run("document.title").startswith(f"{TITLE} – {NAME}")


def hls_js(station):
    """The player as it is built in: empty, or a big one."""
    name = station.get("/").text.split('src="')[1].split('"')[0]
    return station.get("/" + name.replace("page.js", "hls.js")).content


def test_the_picture_moves(page):
    check_picture_moves(page)
    # Stop is the end of it: nobody watches any more.
    page.run("document.getElementById('watch-stop').click()")
    assert page.run("document.querySelector('video').src") == ""
    assert page.run("document.getElementById('watch').hidden")


def check_player_or_address(page, station):
    if hls_js(station):
        check_picture_moves(page)
        assert page.run("document.querySelector('video').src")[:5] == "blob:"
    else:
        page.run("location.hash = '#/one'")
        page.wait("document.querySelector('#watch-state input')?.value === "
                  f"'{station.url('/channel/one/stream.ts')}'")


def test_without_hls_of_its_own_a_browser_gets_a_player_or_an_address(
        station, page):
    script = page.ask("Page.addScriptToEvaluateOnNewDocument",
                      source=WITHOUT_HLS)
    visit(page, station)
    page.ask("Page.removeScriptToEvaluateOnNewDocument", **script)
    check_player_or_address(page, station)


def test_firefox_is_such_a_browser(station):
    firefox = Firefox()
    try:
        visit(firefox, station)
        check_player_or_address(firefox, station)
    finally:
        firefox.close()


def test_the_guide_scrolls_by_time_and_by_day(page):
    left = page.run("document.querySelector('.grid').scrollLeft")
    on = page.run("document.querySelector('.cell.on').innerText")
    assert TITLE in on
    page.run("document.getElementById('time-on').click()")
    page.wait(f"document.querySelector('.grid').scrollLeft > {left} + 200")
    page.run("document.getElementById('day-on').click()")
    page.wait("document.getElementById('day').textContent"
              ".startsWith('Tomorrow') && !document.querySelector('.cell.on')")
    page.run("document.getElementById('time-now').click()")
    page.wait("document.getElementById('day').textContent"
              ".startsWith('Today') && "
              "document.querySelector('.cell.on') !== null")
    # The line that is now crosses what is on, and both are in sight.
    line, cell, grid = page.run("""['.now', '.cell.on', '.grid'].map((s) => {
        const r = document.querySelector(s).getBoundingClientRect();
        return [r.left, r.right];
    })""")
    assert grid[0] < cell[0] <= line[0] <= cell[1] < grid[1]
    page.run("document.getElementById('day-back').click()")
    page.wait("document.getElementById('day').textContent"
              ".startsWith('Yesterday') && document.querySelector('.grid')"
              ".querySelector('.on') === null")


def tabs(page):
    """What the Tab key comes by, from the top to the end of the page."""
    seen = []
    while True:
        page.press("Tab")
        here = page.run(f"{FOCUS}.id || {FOCUS}.getAttribute('aria-label') ||"
                        f" {FOCUS}.textContent")
        if page.run(f"{FOCUS} === document.body") or here in seen:
            return seen
        assert page.run(f"{FOCUS}.matches(':focus-visible')")
        seen.append(here)


def test_the_keyboard_reaches_everything(page):
    seen = tabs(page)
    assert seen[0] == "Skip to the guide"
    for what in (f"Watch {NAME}", "Watch two", "day-back", "day-on",
                 "time-back", "time-now", "time-on", "channel list",
                 "Copy: channel list", "Copy: HLS of 2 two"):
        assert what in seen
    # Of all programmes it is one; the arrows know the others.
    assert len([s for s in seen if TITLE in s]) == 1
    page.run("document.querySelector('.cell button[tabindex=\"0\"]').focus()")
    here = FOCUS + ".closest('.row').getAttribute('aria-rowindex') + ' ' + " \
        + FOCUS + ".closest('.cell').style.left"
    begin = page.run(here)
    page.press("ArrowRight")
    right = page.run(here)
    page.press("ArrowDown")
    below = page.run(here)
    page.press("ArrowUp", "ArrowLeft")
    assert page.run(here) == begin
    assert right.split()[0] == begin.split()[0] != below.split()[0]
    assert right.split()[1] == below.split()[1] != begin.split()[1]
    page.press("End")
    assert page.run("(() => { const r = document.activeElement"
                    ".getBoundingClientRect(); return r.left >= 0 && "
                    "r.right <= innerWidth; })()")
    page.press("Enter")
    assert page.run("document.getElementById('about').open")
    page.press("Escape")
    assert not page.run("document.getElementById('about').open")
    assert page.run(FOCUS + ".closest('.cell') !== null")


def test_a_phone_has_a_list(page):
    page.resize(390, 844)
    page.wait("document.querySelector('.list .on') !== null")
    assert page.run("document.querySelector('.grid')") is None
    assert page.run("document.documentElement.scrollWidth") == 390
    assert page.run("""(() => {
        const on = document.querySelector('.list .on'), list = on.parentNode;
        return on.offsetTop - list.scrollTop < list.clientHeight;
    })()""")


def test_what_can_be_copied_works(station, page):
    found = page.run("[...document.querySelectorAll('#addresses input')]"
                     ".map((i) => i.value)")
    assert station.url("/iptv/channels.m3u") in found
    assert f"127.0.0.1:{station.port}{TOKEN}" in found
    for address in found:
        if "://" in address and "/channel/" not in address:
            assert requests.get(address, timeout=10).ok
    assert station.url("/channel/two/hls/index.m3u8") in found
    assert requests.head(station.url("/channel/two/stream.ts"), timeout=30).ok


def test_the_page_is_kept_as_long_as_it_is_the_same(station):
    page = station.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    again = station.get("/", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    names = [part.split('"')[0] for part in page.text.split('="assets/')[1:]]
    assert [n.split("/")[1] for n in names] == ["icon.svg", "style.css",
                                               "page.js"]
    for name in names:
        part = station.get("/assets/" + name)
        assert part.ok and "immutable" in part.headers["Cache-Control"]
        assert part.headers["X-Content-Type-Options"] == "nosniff"
        assert part.headers["Content-Encoding"] == "gzip"
        plain = station.get("/assets/" + name,
                            headers={"Accept-Encoding": "identity"})
        assert plain.content == part.content
        assert plain.headers["ETag"] != part.headers["ETag"]
    # One of another version: ours, but not for ever.
    other = station.get("/assets/0123456789abcdef/page.js")
    assert other.ok and other.headers["Cache-Control"] == "no-cache"
    assert station.get("/assets/0123456789abcdef/no.js").status_code == 404


def test_the_token_alone_leads_to_the_page(station):
    bare = f"http://127.0.0.1:{station.port}{TOKEN}"
    answer = requests.get(bare, timeout=30, allow_redirects=False)
    assert answer.status_code == 302
    assert requests.get(bare, timeout=30).url == bare + "/"
