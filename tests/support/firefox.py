"""Firefox without a window, driven by its own protocol (Marionette: JSON
with its length before it, over TCP)."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import ports

PREFERENCES = {"media.autoplay.default": 0, "app.update.enabled": False,
               "network.captive-portal-service.enabled": False,
               "network.connectivity-service.enabled": False,
               "services.settings.server": "data:,",
               "datareporting.policy.dataSubmissionEnabled": False}
PATIENCE = 60


class Firefox:
    """A browser with one page in it."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="rvf", dir="/tmp"))
        port = ports.take()
        (self.home / "user.js").write_text("".join(
            f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in
            {**PREFERENCES, "marionette.port": port}.items()))
        name = next(n for n in ("firefox-esr", "firefox") if shutil.which(n))
        self.process = subprocess.Popen(
            [name, "--headless", "--no-remote", "--marionette",
             "--profile", str(self.home)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=str(self.home)))
        try:
            self.connect(port)
            self.got, self.last = b"", 0
            self.read()                         # who it is
            self.ask("WebDriver:NewSession", capabilities={})
        except BaseException:
            self.close()
            raise

    def connect(self, port):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
        self.socket.settimeout(PATIENCE)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError("the browser is gone")
        self.got += data

    def read(self):
        while b":" not in self.got:
            self.more()
        length, _, self.got = self.got.partition(b":")
        while len(self.got) < int(length):
            self.more()
        text, self.got = self.got[:int(length)], self.got[int(length):]
        return json.loads(text)

    def ask(self, command, **params):
        self.last += 1
        text = json.dumps([0, self.last, command, params]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self.read()
        if error is not None:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def go(self, url):
        self.ask("WebDriver:Navigate", url=url)

    def run(self, script):
        """The value of an expression in the page."""
        return self.ask("WebDriver:ExecuteScript", args=[],
                        script=f"return ({script});")["value"]

    def wait(self, script, seconds=PATIENCE):
        """The expression's value, once it is true."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {script}")
            time.sleep(0.05)
        return value
