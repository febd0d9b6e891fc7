#!/usr/bin/env python3
"""The gate of a network of programs: every datagram to a watched UDP port passes it.

Runs in a user and network namespace of its own:
  unshare --user --map-root-user --net python3 gate.py <first> <count> [<own> ...]
The datagrams from one <own> port to another do not pass it: nodes of the lab's own judge and report those themselves.
It rewrites the destination of each datagram to a port of its own (stateless: no connection tracking that could fill
up), and sends the datagram on, from a raw socket, with the ports and bytes that the program gave it.

Standard input and output carry one JSON array a line. Times are in ms of the monotonic clock.
  out  ["ready", folder]                 the gate works; its socket "tcp" there leads into the namespace
  out  ["seen", id, at, from, to, bytes, passed_at, was_refused]
                                         a program sent a datagram, in base64; it waits if passed_at is null
  out  ["sent", key, at, was_refused]    an answer to "send"; was_refused: the system says that nobody listened
  out  ["judging"]                       an answer to "judge"
  out  ["lost", count]                   so many datagrams were not reported, or did not reach the gate
  in   ["judge", port, ...]              from now on datagrams to these ports wait, and others pass at once
  in   ["send", id, due, key]            sends a waiting datagram then; may be given several times
  in   ["end", id]                       forgets a waiting datagram; what is due is still sent
The end of standard input ends the gate. A client of the socket "tcp" writes two bytes, a port, and gets one byte back
when it is connected to that port within the namespace.
"""
import base64, ctypes, fcntl, gc, heapq, json, os, select, selectors, shutil, signal, socket, struct, subprocess, sys, tempfile, time

MARK = 7
GATE_PORTS = 1024  # The gate's own ports: below all those that a lab gives to nodes.
MAX_WAITING_BYTES = 64 * 1024 * 1024
MAX_UNWRITTEN = 8 * 1024 * 1024
BURST = 64
SO_TIMESTAMPNS, SO_RXQ_OVFL = 35, 40


def fail(why):
    print(why, file=sys.stderr, flush=True)
    sys.exit(1)


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack('16sH14x', b'lo', 0x41))  # SIOCSIFFLAGS: up, running


def rules(first, count, own):
    ports = ', '.join(f'{first + one} : {GATE_PORTS + one}' for one in range(count))
    owns = ', '.join(map(str, own))
    between = f'udp sport {{ {owns} }} udp dport {{ {owns} }} accept' if own else ''
    return f"""table inet gate {{
  chain out {{
    type filter hook output priority -100
    {between}
    meta mark != {MARK} udp dport {first}-{first + count - 1} udp dport set udp dport map {{ {ports} }}
  }}
}}
"""


def lead_here(first, count, own):
    try:
        # The PATH of an ordinary user may lack the folders of such commands.
        command = shutil.which('nft') or shutil.which('nft', path='/usr/sbin:/sbin') or 'nft'
        nft = subprocess.run([command, '-f', '-'], input=rules(first, count, own), text=True, capture_output=True)
    except FileNotFoundError:
        fail('the command nft is missing')
    if nft.returncode != 0:
        fail('nft is refused: ' + (nft.stderr.strip().splitlines() or [''])[0])


def open_gate_port(port):
    one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        one.setsockopt(socket.SOL_SOCKET, 33, 4 * 1024 * 1024)  # SO_RCVBUFFORCE
    except OSError:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
    one.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    one.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
    one.bind(('::', port))
    one.setblocking(False)
    return one


def open_raw(family):
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_UDP)
    raw.setsockopt(socket.SOL_SOCKET, 36, MARK)  # SO_MARK
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * 1024 * 1024)
    if family == socket.AF_INET6:
        raw.setsockopt(socket.IPPROTO_IPV6, 7, 6)  # IPV6_CHECKSUM
    return raw


def open_refusals(family, protocol):
    """A socket that hears the system say that nobody listens on a port."""
    icmp = socket.socket(family, socket.SOCK_RAW, protocol)
    icmp.setblocking(False)
    return icmp


def refused_port4(said):
    """Returns the port of a datagram that an ICMP message refuses, or None (RFC 792). It begins with an IP header."""
    inner = (said[0] & 15) * 4
    if said[inner] != 3 or said[inner + 1] != 3:
        return None
    return struct.unpack_from('!H', said, inner + 8 + (said[inner + 8] & 15) * 4 + 2)[0]


def refused_port6(said):
    """Does the same for ICMPv6 (RFC 4443), without a header before it."""
    return struct.unpack_from('!H', said, 8 + 40 + 2)[0] if said[0] == 1 and said[1] == 4 else None


class Gate:
    def __init__(self, first, count, own):
        raise_loopback()
        lead_here(first, count, own)
        self.ports = {open_gate_port(GATE_PORTS + one): first + one for one in range(count)}
        self.raw4, self.raw6 = open_raw(socket.AF_INET), open_raw(socket.AF_INET6)
        self.refusals4 = open_refusals(socket.AF_INET, socket.IPPROTO_ICMP)
        self.refusals6 = open_refusals(socket.AF_INET6, socket.IPPROTO_ICMPV6)
        self.judged, self.waiting, self.due = set(), {}, []
        self.waiting_bytes = 0  # of what waits, and of what is due
        self.overflows, self.lost, self.ids, self.order = {}, 0, 0, 0
        self.input, self.output, self.unwritten = b'', [], 0
        os.set_blocking(0, False)
        os.set_blocking(1, False)

    def say(self, *words, must=False):
        """A reader that is too slow must not stop the datagrams: they go on, and are counted."""
        if self.unwritten > MAX_UNWRITTEN and not must:
            self.lost += 1
            return
        line = json.dumps(words, separators=(',', ':')).encode() + b'\n'
        self.output.append(line)
        self.unwritten += len(line)

    def write(self):
        if self.lost > 0 and self.unwritten < MAX_UNWRITTEN:
            count, self.lost = self.lost, 0
            self.say('lost', count, must=True)
        if not self.output:
            return
        data = b''.join(self.output)
        try:
            done = os.write(1, data)
        except BlockingIOError:
            done = 0
        except BrokenPipeError:
            sys.exit(0)
        self.output = [data[done:]] if done < len(data) else []
        self.unwritten = len(data) - done

    def run(self):
        listen = [0, *self.ports]
        while True:
            timeout = max(0, self.due[0][0] - now()) / 1000 if self.due else None
            readable, _, _ = select.select(listen, [1] if self.output else [], [], timeout)
            self.send_due()
            for one in readable:
                if one == 0:
                    self.hear()
                else:
                    self.receive(one)
            self.write()

    def receive(self, gate_port):
        to = self.ports[gate_port]
        for _ in range(BURST):
            try:
                data, notes, _, source = gate_port.recvmsg(65536, 256)
            except BlockingIOError:
                return
            at = now()
            for _, kind, value in notes:
                if kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = struct.unpack('qq', value)
                    at -= max(0, (time.time_ns() - seconds * 1_000_000_000 - nanoseconds) / 1e6)
                elif kind == SO_RXQ_OVFL:
                    drops = struct.unpack('I', value)[0]
                    self.lost += drops - self.overflows.get(to, 0)
                    self.overflows[to] = drops
            self.pass_on(data, source, to, at)

    def pass_on(self, data, source, to, at):
        self.ids += 1
        is_v6 = not source[0].startswith('::ffff:')
        packet = struct.pack('!HHHH', source[1], to, 8 + len(data), 0) + data
        waits = to in self.judged
        if waits and (self.waiting_bytes > MAX_WAITING_BYTES or self.unwritten > MAX_UNWRITTEN):
            # Past the bound it is lost: it must not pass a link that may be cut.
            self.lost += 1
            return
        if waits:
            self.waiting[self.ids] = (packet, to, is_v6)
            self.waiting_bytes += len(packet)
        passed_at = None if waits else now()
        refused = False if waits else self.send(packet, to, is_v6)
        self.say('seen', self.ids, at, source[1], to, base64.b64encode(data).decode(), passed_at, refused)

    def send(self, packet, to, is_v6):
        """Returns whether the system says that nobody listens."""
        try:
            if is_v6:
                self.raw6.sendto(packet, ('::1', 0))
            else:
                self.raw4.sendto(packet, ('127.0.0.1', 0))
        except OSError:
            self.lost += 1
        refusals, port_of = (self.refusals6, refused_port6) if is_v6 else (self.refusals4, refused_port4)
        refused = False
        try:
            while True:
                refused = port_of(refusals.recv(2048)) == to or refused
        except BlockingIOError:
            return refused

    def send_due(self):
        while self.due and self.due[0][0] <= now():
            _, _, key, packet = heapq.heappop(self.due)
            self.waiting_bytes -= len(packet[0])
            at = now()
            self.say('sent', key, at, self.send(*packet), must=True)

    def hear(self):
        data = os.read(0, 1 << 20)
        if not data:
            sys.exit(0)
        *lines, self.input = (self.input + data).split(b'\n')
        for line in lines:
            self.obey(*json.loads(line))
        self.send_due()

    def obey(self, verb, *args):
        if verb == 'judge':
            self.judged = set(args)
            self.say('judging', must=True)
        elif verb == 'send' and args[0] in self.waiting:
            self.order += 1
            packet = self.waiting[args[0]]
            self.waiting_bytes += len(packet[0])
            heapq.heappush(self.due, (args[1], self.order, args[2], packet))
        elif verb == 'end' and args[0] in self.waiting:
            self.waiting_bytes -= len(self.waiting.pop(args[0])[0])


def now():
    return time.monotonic_ns() / 1e6


def forward(server):
    """Connects clients of a socket in the file system with ports of the namespace, in a process of its own."""
    events = selectors.DefaultSelector()
    server.setblocking(False)
    events.register(server, selectors.EVENT_READ)
    peer, unsent = {}, {}

    def close(one):
        for end in (one, peer.pop(one, None)):
            if end is not None:
                peer.pop(end, None)
                unsent.pop(end, None)
                events.unregister(end)
                end.close()

    def greet(client):
        client.settimeout(1)
        try:
            port = struct.unpack('!H', client.recv(2, socket.MSG_WAITALL))[0]
            inner = socket.create_connection(('127.0.0.1', port), 1)
            inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.sendall(b'+')
        except (OSError, struct.error):
            client.close()
            return
        peer[client], peer[inner] = inner, client
        for one in (client, inner):
            one.setblocking(False)
            unsent[one] = b''
            events.register(one, selectors.EVENT_READ)

    def move(one, mask):
        other = peer[one]
        if mask & selectors.EVENT_READ and not unsent[other]:
            data = one.recv(65536)
            if not data:
                return close(one)
            unsent[other] = data
            push(other)
        if mask & selectors.EVENT_WRITE:
            push(one)

    def push(one):
        """While bytes wait for one end, the other is not read."""
        try:
            unsent[one] = unsent[one][one.send(unsent[one]):]
        except BlockingIOError:
            pass
        other = peer[one]
        for end, waiting in ((one, unsent[one]), (other, unsent[other])):
            reads = 0 if unsent[peer[end]] else selectors.EVENT_READ
            writes = selectors.EVENT_WRITE if waiting else 0
            events.modify(end, reads | writes) if reads | writes else events.modify(end, selectors.EVENT_WRITE)

    while True:
        for key, mask in events.select():
            one = key.fileobj
            try:
                if one is server:
                    greet(server.accept()[0])
                elif one in peer:
                    move(one, mask)
            except OSError:
                if one in peer:
                    close(one)


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main():
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    gc.disable()  # Nothing here makes cycles, and a collection would delay datagrams.
    try:
        first, count, *own = map(int, sys.argv[1:])
        gate = Gate(first, count, own)
        folder = tempfile.mkdtemp(prefix='rumorscope-gate-')
    except OSError as error:
        fail(f'the system refuses: {error}')
    try:
        server = socket.socket(socket.AF_UNIX)
        server.bind(os.path.join(folder, 'tcp'))
        server.listen(64)
        if os.fork() == 0:
            end_with_parent()
            for standard in (0, 1):
                os.close(standard)
            forward(server)
        server.close()
        gate.say('ready', folder)
        gate.write()
        gate.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
