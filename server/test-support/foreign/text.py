#!/usr/bin/env python3
"""A foreign node for tests: the report's text over UDP, each datagram from a fresh socket, or from its own with SOCKET=own.

BUG (environment) makes it misbehave. In gossip: forget (passes on only its own messages), renumber (counts from 0 again
after a restart), mute (sends no status), repeat (sends every rumor again and again), twice (shows a repeated rumor twice),
gap (stores a rumor although an earlier one is missing).
As a process: segment, silent, garbage, endless, abort, deaf, stubborn, noisy, quit, daemon, unbound.
FAMILY=6 makes it gossip over IPv6."""
import os, select, signal, socket, sys, time

me, n, tcp_port = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
root = int(os.environ.get('FOREIGN_ROOT', '40000'))
bug = os.environ.get('BUG', '')
family, here = (socket.AF_INET6, '::1') if os.environ.get('FAMILY') == '6' else (socket.AF_INET, '127.0.0.1')
port = root + me
neighbours = [root + one for one in (me - 1, me + 1) if 0 <= one < n]
logs = {}  # origin: texts
again = []  # texts of rumors that came twice

if bug == 'quit':
    print('no such thing as a gossip', file=sys.stderr)
    sys.exit(3)
if bug == 'daemon':
    if os.fork():
        sys.exit(0)
    os.setsid()
if bug == 'deaf':
    time.sleep(1000)
if bug in ('deaf', 'stubborn'):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if bug == 'noisy':
    if os.fork() == 0:
        while True:
            os.write(2, b'a line without any meaning\n' * 1000)

udp = socket.socket(family, socket.SOCK_DGRAM)
udp.bind((here, 0 if bug == 'unbound' else port))
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', tcp_port))
server.listen()


def send(to, kind, body):
    datagram = f'{kind}:{port}:{{{body}}}'.encode()
    if os.environ.get('SOCKET') == 'own':
        udp.sendto(datagram, (here, to))
    else:
        with socket.socket(family, socket.SOCK_DGRAM) as fresh:
            fresh.sendto(datagram, (here, to))


def status(to):
    if bug == 'mute':
        return
    send(to, 'status', ','.join(f'{origin}:{len(texts)}' for origin, texts in logs.items()))


def rumor(to, origin, seq):
    send(to, 'rumor', f'{logs[origin][seq]},{origin},{seq}')


def store(text, origin, sender):
    logs.setdefault(origin, []).append(text)
    if bug != 'forget' or origin == port:
        for to in neighbours:
            if to != sender:
                rumor(to, origin, len(logs[origin]) - 1)


def hear(datagram):
    kind, sender, body = datagram.decode().split(':', 2)
    sender, body = int(sender), body[1:-1]
    if kind == 'rumor':
        text, origin, seq = body.rsplit(',', 2)
        if bug == 'renumber' and int(origin) == port:
            pass
        elif int(seq) == len(logs.get(int(origin), [])) or (bug == 'gap' and text not in logs.get(int(origin), [])):
            store(text, int(origin), sender)
        elif bug == 'twice' and int(seq) < len(logs.get(int(origin), [])):
            again.append(text)
        status(sender)
        return
    theirs = {int(origin): int(low) for origin, low in (pair.split(':') for pair in body.split(',') if pair)}
    for origin, texts in logs.items():
        if bug == 'forget' and origin != port:
            continue
        for seq in range(theirs.get(origin, 0), len(texts)):
            rumor(sender, origin, seq)
    if any(low > len(logs.get(origin, [])) for origin, low in theirs.items()):
        status(sender)


def take(line, client):
    words = line.split(' ', 2)
    if words[0] == 'msg':
        store(words[2], port, None)
    elif line.startswith('get chatLog') and bug != 'silent':
        texts = ','.join([text for texts in logs.values() for text in texts] + again)
        texts = texts or '<empty>'
        answer = {'garbage': 'what?\n', 'endless': 'chatLog ' + texts}.get(bug, f'chatLog {texts}\n')
        client.sendall(answer.encode())
    elif line.startswith('crash'):
        if bug == 'abort':
            print('free(): invalid pointer', file=sys.stderr, flush=True)
            os.abort()
        if bug != 'stubborn':
            os._exit(1)


def serve(segment, client, rest):
    lines = (rest + segment.decode()).split('\n')
    if bug == 'segment':
        take(lines[0], client)
        return ''
    for line in lines[:-1]:
        take(line, client)
    return lines[-1]


for to in neighbours:
    status(to)
clients = {}
due = time.monotonic() + 0.3
while True:
    readable, _, _ = select.select([udp, server, *clients], [], [], max(0, due - time.monotonic()))
    if time.monotonic() >= due:
        due = time.monotonic() + 0.3
        for to in neighbours:
            status(to)
            if bug == 'repeat':
                for origin, texts in logs.items():
                    for seq in range(len(texts)):
                        rumor(to, origin, seq)
    for one in readable:
        if one is udp:
            hear(udp.recv(65535))
        elif one is server:
            clients[server.accept()[0]] = ''
        else:
            segment = one.recv(65536)
            if segment:
                clients[one] = serve(segment, one, clients[one])
            else:
                del clients[one]
