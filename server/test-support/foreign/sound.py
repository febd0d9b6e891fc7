#!/usr/bin/env python3
"""A foreign node for tests that keeps every rule, beyond the handout too: the report's text over UDP, an origin for each life.

BUG (environment) makes it break one rule each; e2e/support/broken-programs.ts says what each of them does."""
import os, select, signal, socket, sys, time

me, n, tcp_port = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
root = int(os.environ.get('FOREIGN_ROOT', '40000'))
bug = os.environ.get('BUG', '')
port = tcp_port + 20_000 if bug == 'offset' else root + me
neighbours = [root + one for one in (me - 1, me + 1) if 0 <= one < n]
life = 0 if bug in ('renumber', 'early') else int(time.time()) % 30_000
own = port + 65_536 * life
logs = {own: []}  # origin: texts
ahead, again, heard, dead, junk = {}, [], {}, set(), 0

udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
udp.bind(('127.0.0.1', port))
udp.setblocking(False)
server = socket.socket()
if bug != 'noreuse':
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', tcp_port))
server.listen()


def encode(text):
    return ''.join(f'%{ord(one):02X}' if one in '%,:{}' and bug != 'commas' else one for one in text)


def decode(text):
    for one in ',:{}%':
        text = text.replace(f'%{ord(one):02X}', one)
    return text


def send(to, kind, body):
    if bug == 'dead' and time.monotonic() - heard.get(to, time.monotonic()) > 1.5:
        dead.add(to)
    if to in dead:
        return
    heard.setdefault(to, time.monotonic())
    udp.sendto(f'{kind}:{port}:{{{body}}}'.encode(), ('127.0.0.1', to))


def status(to):
    send(to, 'status', ','.join(f'{origin}:{len(texts)}' for origin, texts in logs.items()))


def rumor(to, origin, seq):
    send(to, 'rumor', f'{encode(logs[origin][seq])},{origin},{seq}')


def store(text, origin, sender):
    if bug == 'full' and sum(map(len, logs.values())) >= 500:
        return
    logs.setdefault(origin, []).append(text)
    if bug == 'forget' and origin != own:
        return
    for to in neighbours:
        if to != sender:
            rumor(to, origin, len(logs[origin]) - 1)


def take_rumor(body, sender):
    text, origin, seq = body.rsplit(',', 2)
    text, origin, seq = decode(text), int(origin), int(seq)
    text = {'words': text.split(' ')[0], 'commas': text.split(',')[0], 'short': text[:100],
            'ascii': text.encode('ascii', 'ignore').decode()}.get(bug, text)
    held = len(logs.get(origin, []))
    if bug == 'renumber' and origin == port:
        pass
    elif seq == held or (bug == 'gaps' and seq > held):
        store(text, origin, sender)
        if bug == 'gaps':
            logs[origin] += [''] * (seq - held)
        while bug != 'gaps' and (origin, len(logs[origin])) in ahead:
            store(ahead.pop((origin, len(logs[origin]))), origin, sender)
    elif seq > held and len(ahead) < 10_000:
        ahead[origin, seq] = text
    elif bug == 'twice':
        again.append(text)
    status(sender)


def take_status(body, sender):
    theirs = {int(origin): int(low) for origin, low in (pair.split(':') for pair in body.split(',') if pair)}
    if bug == 'nomend' and sum(theirs.values()) == 0:
        return
    for origin, texts in list(logs.items()):
        for seq in range(theirs.get(origin, 0), min(len(texts), theirs.get(origin, 0) + 16)):
            if bug != 'forget' or origin == own:
                rumor(sender, origin, seq)
    if any(low > len(logs.get(origin, [])) for origin, low in theirs.items()):
        status(sender)


def hear(datagram):
    global junk
    try:
        kind, sender, body = datagram.decode().split(':', 2)
        sender, body = int(sender), body[1:-1]
        if sender not in neighbours:
            raise ValueError(sender)
        heard[sender] = time.monotonic()
        {'rumor': take_rumor, 'status': take_status}[kind](body, sender)
    except (ValueError, KeyError, UnicodeDecodeError):
        junk += 1
        if bug == 'fragile' or (bug == 'flooded' and junk > 1_500):
            print('a datagram that makes no sense', file=sys.stderr, flush=True)
            os.abort()


def answer(client):
    texts = [encode(text) if ',' in text else text for log in logs.values() for text in log] + again
    if bug == 'shuffle' and not logs[own]:
        texts.reverse()
    if bug == 'echo':
        texts += [text for origin, log in logs.items() if origin != own for text in log]
    if bug == 'forge':
        texts.append('nobody-said-this')
    line = ','.join(texts) or ('' if bug == 'empty' else '<empty>')
    if bug == 'newest':
        client = list(clients)[-1]
    if bug == 'block':
        client.setblocking(True)
        client.sendall(f'chatLog {line}\n'.encode())
    else:
        unsent.setdefault(client, bytearray()).extend(f'chatLog {line}\n'.encode())


def take(line, client):
    words = line.split(' ', 2)
    if words[0] == 'msg' and len(words) == 3:
        if bug == 'print':
            print('got', words[2], flush=True)
        store(words[2], own, None)
    elif line.startswith('get chatLog'):
        answer(client)
    elif line.startswith('crash'):
        if bug == 'abort':
            print('free(): invalid pointer', file=sys.stderr, flush=True)
            os.abort()
        os._exit(0)


def read(client):
    try:
        segment = client.recv(65_536)
    except OSError:
        segment = b''
    if not segment:
        clients.pop(client)
        unsent.pop(client, None)
        return client.close()
    lines = (clients[client] + segment).split(b'\n')
    clients[client] = lines.pop()
    if bug == 'segment':
        lines = lines[:1]
    if bug == 'halves':
        clients[client], lines = b'', [segment.rstrip(b'\n')]
    for line in lines:
        take(line.decode(errors='replace'), client)


clients, unsent = {}, {}
for to in neighbours if bug != 'early' else []:
    status(to)
due = time.monotonic() + 1
while True:
    # A client that does not read its answers is not read either.
    listening = [one for one in clients if len(unsent.get(one, b'')) < 1 << 20]
    writing = [one for one, data in unsent.items() if data]
    readable, writable, _ = select.select([udp, server, *listening], writing, [], max(0, due - time.monotonic()))
    if time.monotonic() >= due:
        due = time.monotonic() + 1
        for to in neighbours if bug != 'once' else []:
            status(to)
            if bug == 'repeat':
                for origin, texts in logs.items():
                    for seq in range(len(texts)):
                        rumor(to, origin, seq)
    for one in writable:
        if one in unsent:
            try:
                del unsent[one][:one.send(unsent[one])]
            except OSError:
                pass
    for one in readable:
        if one is udp:
            try:
                hear(udp.recv(65_535))
            except OSError:
                pass
        elif one is server:
            client = server.accept()[0]
            client.setblocking(False)
            clients[client] = b''
        elif one in clients:
            read(one)
