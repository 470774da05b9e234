"""Ports for servers that bind theirs only later."""

import itertools
import os
import socket

# Below those that Linux gives to who connects (ip_local_port_range), so that
# no connection of anybody's has it in the meantime.
LOW, HIGH = 10000, 32768
start = LOW + os.getpid() * 61 % (HIGH - LOW)
candidates = itertools.cycle([*range(start, HIGH), *range(LOW, start)])
claims = []


def claim(port):
    """Take it among the tests of this machine, until this process ends."""
    s = socket.socket(socket.AF_UNIX)
    try:
        s.bind(f"\0retrovue-test-port-{port}")
    except OSError:
        s.close()
        return False
    claims.append(s)
    return True


def is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("", port))
        except OSError:
            return False
    return True


def take():
    """A port that is free, and stays so but for who is given it here."""
    return next(p for p in candidates if claim(p) and is_free(p))
