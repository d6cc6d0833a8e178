/* Menu in C, one poll loop, right: SIGPIPE is ignored, accept errors make the listener rest, a limit is said aloud. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#define MOST 200
static struct pollfd all[MOST + 1];
static int say(int fd, const char *text) { return send(fd, text, strlen(text), MSG_DONTWAIT) == (ssize_t)strlen(text); }
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, n = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) { perror("listen"); return 1; }
    all[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (;;) {
        int ready = poll(all, n, all[0].events ? -1 : 200);
        if (ready < 0 && errno != EINTR) return 1;
        if (ready == 0) all[0].events = POLLIN;
        if (ready <= 0) continue;
        for (int i = n - 1; i > 0; i--) {
            if (!all[i].revents) continue;
            char piece[1024];
            ssize_t got = recv(all[i].fd, piece, sizeof piece, 0);
            int stays = got > 0 && !(got == 4 && !memcmp(piece, "exit", 4))
                && say(all[i].fd, got == 1 && piece[0] == '0' ? "您输入的是0" : "请重新输入.");
            if (!stays) { close(all[i].fd); all[i] = all[--n]; all[0].events = POLLIN; }
        }
        if (!(all[0].revents & POLLIN)) continue;
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) { perror("not accepted"); all[0].events = 0; continue; }
        if (n > MOST) { say(conn, "server full, try again later\n"); close(conn); continue; }
        if (!say(conn, "我是多线程")) { close(conn); continue; }
        all[n++] = (struct pollfd){.fd = conn, .events = POLLIN};
    }
}
