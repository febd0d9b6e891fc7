/*
 * A foreign node for tests: packed structs over UDP, in C. It accepts a single TCP connection, and opens its UDP port
 * only after it. Each message goes to both neighbours; every 200 ms all of them go out again. With SOCKET=fresh each
 * datagram leaves from a socket of its own. With BUG=renumber it counts from 0 again after a restart; otherwise it goes on
 * after the messages of its own that its neighbours send it. With BUG=forget it passes on only its own messages.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

struct __attribute__((packed)) rumor {
  uint8_t origin;
  uint16_t number;
  char text[200];
};

static struct rumor held[1000];
static int count, me, n, root, udp, mine;
static const char *bug = "";

static struct sockaddr_in at(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void transmit(const struct rumor *rumor, struct sockaddr_in to) {
  int fresh = getenv("SOCKET") ? socket(AF_INET, SOCK_DGRAM, 0) : udp;
  sendto(fresh, rumor, sizeof *rumor, 0, (struct sockaddr *)&to, sizeof to);
  if (fresh != udp) close(fresh);
}

static void spread(const struct rumor *rumor) {
  if (strcmp(bug, "forget") == 0 && rumor->origin != me) return;
  for (int other = me - 1; other <= me + 1; other += 2) {
    if (other >= 0 && other < n) transmit(rumor, at(root + other));
  }
}

static void store(struct rumor rumor) {
  for (int place = 0; place < count; place++)
    if (held[place].origin == rumor.origin && held[place].number == rumor.number) return;
  if (count == 1000) return;
  if (rumor.origin == me && strcmp(bug, "renumber") == 0 && rumor.number >= mine) return;
  if (rumor.origin == me && rumor.number >= mine) mine = rumor.number + 1;
  held[count++] = rumor;
  spread(&rumor);
}

static void take(char *line, int client) {
  char text[200];
  if (sscanf(line, "msg %*s %199[^\n]", text) == 1) {
    struct rumor rumor = {.origin = me, .number = mine++};
    memcpy(rumor.text, text, sizeof text);
    store(rumor);
  } else if (strncmp(line, "get chatLog", 11) == 0) {
    FILE *answer = fdopen(dup(client), "w");
    fputs("chatLog ", answer);
    for (int place = 0; place < count; place++) fprintf(answer, "%s%s", place ? "," : "", held[place].text);
    fputs(count ? "\n" : "<empty>\n", answer);
    fclose(answer);
  } else if (strncmp(line, "crash", 5) == 0) {
    _exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  if (getenv("BUG")) bug = getenv("BUG");
  me = atoi(argv[1]);
  n = atoi(argv[2]);
  root = getenv("FOREIGN_ROOT") ? atoi(getenv("FOREIGN_ROOT")) : 40000;
  int server = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in tcp = at(atoi(argv[3])), own = at(root + me);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(server, (struct sockaddr *)&tcp, sizeof tcp) || listen(server, 1)) return perror("TCP"), 1;
  int client = accept(server, NULL, NULL);
  close(server);
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  if (bind(udp, (struct sockaddr *)&own, sizeof own)) return perror("UDP"), 1;
  FILE *lines = fdopen(client, "r");
  setvbuf(lines, NULL, _IONBF, 0);
  for (;;) {
    fd_set ready;
    struct timeval wait = {.tv_usec = 200000};
    FD_ZERO(&ready);
    FD_SET(udp, &ready);
    FD_SET(client, &ready);
    int found = select((udp > client ? udp : client) + 1, &ready, NULL, NULL, &wait);
    if (found == 0)
      for (int place = 0; place < count; place++) spread(&held[place]);
    if (found > 0 && FD_ISSET(udp, &ready)) {
      struct rumor rumor;
      if (recv(udp, &rumor, sizeof rumor, 0) == sizeof rumor) store(rumor);
    }
    if (found > 0 && FD_ISSET(client, &ready)) {
      char line[1024];
      if (!fgets(line, sizeof line, lines)) pause();
      take(line, client);
    }
  }
}
