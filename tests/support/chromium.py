"""Chromium without a window, driven by its own protocol over a pair of pipes
(--remote-debugging-pipe): no driver, no port."""

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless=new", "--remote-debugging-pipe", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--disable-gpu",
         "--mute-audio", "--autoplay-policy=no-user-gesture-required",
         "--hide-scrollbars"]
PATIENCE = 60


class Browser:
    """A browser with one page in it."""

    def __init__(self, *more):
        self.home = tempfile.mkdtemp(prefix="rvc", dir="/tmp")
        theirs, self.to = os.pipe()
        self.back, ours = os.pipe()

        def place():
            """It reads from descriptor 3 and writes to 4."""
            os.dup2(fcntl.fcntl(theirs, fcntl.F_DUPFD, 10), 3)
            os.dup2(high, 4)

        high = fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, 10)
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, *root, *more,
             f"--user-data-dir={self.home}", "about:blank"],
            preexec_fn=place, pass_fds=[3, 4], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=self.home))
        for fd in (theirs, ours, high):
            os.close(fd)
        self.got, self.last, self.session = b"", 0, None
        self.events = []
        pages = self.ask("Target.getTargets")["targetInfos"]
        target = next(p["targetId"] for p in pages if p["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target,
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(domain + ".enable")

    def close(self):
        os.close(self.to)
        os.close(self.back)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        # Its children end a little later, and write to the last.
        end = time.monotonic() + 10
        while os.path.exists(self.home) and time.monotonic() < end:
            shutil.rmtree(self.home, ignore_errors=True)
            time.sleep(0.05)

    def read(self, end):
        while b"\0" not in self.got:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise TimeoutError("the browser says nothing")
            data = os.read(self.back, 1 << 20)
            if not data:
                raise EOFError("the browser is gone")
            self.got += data
        text, _, self.got = self.got.partition(b"\0")
        return json.loads(text)

    def ask(self, method, **params):
        """What the browser answers; events that come meanwhile are kept."""
        self.last += 1
        question = {"id": self.last, "method": method, "params": params}
        if self.session is not None:
            question["sessionId"] = self.session
        os.write(self.to, json.dumps(question).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.read(end)
            if answer.get("id") == self.last:
                break
            self.events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def go(self, url):
        self.ask("Page.navigate", url=url)

    def run(self, script):
        """The value of an expression in the page, awaited."""
        done = self.ask("Runtime.evaluate", expression=script,
                        awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    def wait(self, script, seconds=PATIENCE):
        """The expression's value, once it is true."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {script}")
            time.sleep(0.05)
        return value

    def press(self, *keys):
        for key in keys:
            code = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35,
                    "Home": 36, "PageUp": 33, "PageDown": 34,
                    "ArrowLeft": 37, "ArrowUp": 38,
                    "ArrowRight": 39, "ArrowDown": 40}[key]
            text = {"text": "\r"} if key == "Enter" else {}
            for kind in ("keyDown", "keyUp"):
                self.ask("Input.dispatchKeyEvent", type=kind, key=key,
                         code=key, windowsVirtualKeyCode=code,
                         **(text if kind == "keyDown" else {}))

    def resize(self, width, height, dark=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def requests(self):
        """The URLs that the page has asked for."""
        return [e["params"]["request"]["url"] for e in self.events
                if e["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What stands in the console in red, and exceptions."""
        return [e["params"] for e in self.events if
                e["method"] == "Runtime.exceptionThrown" or
                e["method"] == "Log.entryAdded" and
                e["params"]["entry"]["level"] == "error" or
                e["method"] == "Runtime.consoleAPICalled" and
                e["params"]["type"] in ("error", "assert")]
