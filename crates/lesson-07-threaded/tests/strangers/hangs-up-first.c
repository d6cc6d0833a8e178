/* Menu in C, one poll loop; the mistake: the client's FIN (POLLRDHUP) is looked at before what it sent, which is lost. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void say(int fd, const char *text) { if (write(fd, text, strlen(text)) < 0) return; }
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, n = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) return 1;
    struct pollfd all[101] = {{.fd = listener, .events = POLLIN}};
    while (poll(all, n, -1) >= 0) {
        for (int i = n - 1; i > 0; i--) {
            char piece[1024];
            ssize_t got = 0;
            if (!all[i].revents) continue;
            if (!(all[i].revents & (POLLRDHUP | POLLHUP | POLLERR))) got = recv(all[i].fd, piece, sizeof piece, 0);
            if (got <= 0 || (got == 4 && !memcmp(piece, "exit", 4))) { close(all[i].fd); all[i] = all[--n]; continue; }
            say(all[i].fd, got == 1 && piece[0] == '0' ? "您输入的是0" : "请重新输入.");
        }
        if (!all[0].revents || n > 100) continue;
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) continue;
        say(conn, "我是多线程");
        all[n++] = (struct pollfd){.fd = conn, .events = POLLIN | POLLRDHUP};
    }
}
