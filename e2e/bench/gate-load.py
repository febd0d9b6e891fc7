#!/usr/bin/env python3
"""Sends so many datagrams a second for so many seconds to a port, each from a fresh socket, and prints as JSON the times
that they took, in ms, as their receiver saw it: gate-load.py <port> <a second> <seconds>."""
import json, os, socket, struct, sys, time

port, rate, seconds = (int(word) for word in sys.argv[1:4])
count = rate * seconds
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
receiver.bind(('127.0.0.1', port))
if os.fork() == 0:
    began = time.monotonic_ns()
    for one in range(count):
        due = began + one * 1_000_000_000 // rate
        while time.monotonic_ns() < due:
            time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as fresh:
            fresh.sendto(struct.pack('q', time.monotonic_ns()) + b'x' * 56, ('127.0.0.1', port))
    os._exit(0)
times = []
receiver.settimeout(2)
try:
    while len(times) < count:
        data = receiver.recv(65536)
        times.append((time.monotonic_ns() - struct.unpack_from('q', data)[0]) / 1e6)
except TimeoutError:
    pass
print(json.dumps(times))
