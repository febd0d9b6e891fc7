#!/usr/bin/env python3
"""A foreign node for tests: gossips over TCP, on the port that others use for UDP.

BUG=block makes node 0 wait, with its log locked, until a neighbour has read everything. Two such nodes could wait for each
other for ever, before any message has spread."""
import os, socket, sys, threading, time

me, n, tcp_port = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
root = int(os.environ.get('FOREIGN_ROOT', '40000'))
neighbours = [root + one for one in (me - 1, me + 1) if 0 <= one < n]
held, mine, lock = [], 0, threading.Lock()


def listen(port, serve):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('127.0.0.1', port))
    server.listen()

    def accept():
        while True:
            client = server.accept()[0]
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def store(message):
    with lock:
        if message not in held:
            held.append(message)


def gossip(client):
    for line in client.makefile():
        store(line.rstrip('\n'))
    client.close()


def proxy(client):
    global mine
    for line in client.makefile():
        words = line.rstrip('\n').split(' ', 2)
        if words[0] == 'msg':
            store(f'{me} {mine} {words[2]}')
            mine += 1
        elif words[0] == 'get':
            with lock:
                texts = ','.join(one.split(' ', 2)[2] for one in held)
            client.sendall(f'chatLog {texts}\n'.encode())
        elif words[0] == 'crash':
            os._exit(1)


listen(root + me, gossip)
listen(tcp_port, proxy)
while True:
    time.sleep(0.05)
    for port in neighbours:
        try:
            with socket.create_connection(('127.0.0.1', port), 0.5) as link:
                with lock:
                    link.sendall(''.join(f'{one}\n' for one in held).encode())
                    if os.environ.get('BUG') == 'block' and me == 0:
                        link.settimeout(None)
                        link.shutdown(socket.SHUT_WR)
                        link.recv(1)
        except OSError:
            pass
