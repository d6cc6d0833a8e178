// Right, in C: one process a client; shutdown(SHUT_WR), then read up to the end of the client, then close.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void serve(int conn) {
    static char page[100000];
    char data[4096];
    struct timeval time = {30, 0};
    setsockopt(conn, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    for (size_t i = 0; i < sizeof page; i++) page[i] = "page"[i % 4];
    for (ssize_t heard = 0, n; heard < 4; heard += n)
        if ((n = read(conn, data, 4 - heard)) <= 0) return;
    for (size_t sent = 0; sent < sizeof page;) {
        ssize_t n = send(conn, page + sent, sizeof page - sent, MSG_NOSIGNAL);
        if (n < 0) return;
        sent += n;
    }
    shutdown(conn, SHUT_WR);
    for (int i = 0; i < 256 && read(conn, data, sizeof data) > 0; i++);
}

int main(int argc, char **argv) {
    signal(SIGCHLD, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 64)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) continue;
        if (fork() == 0) {
            serve(conn);
            _exit(0);
        }
        close(conn);
    }
}
