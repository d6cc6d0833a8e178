// Right: an echo server with a process for each client.
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void serve(int conn, int limit) {
    struct timeval time = {limit, 0};
    setsockopt(conn, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt(conn, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    char data[4096];
    ssize_t got;
    while ((got = read(conn, data, sizeof data)) > 0)
        for (ssize_t sent = 0, n; sent < got; sent += n)
            if ((n = send(conn, data + sent, got - sent, MSG_NOSIGNAL)) <= 0) return;
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
            close(listener);
            serve(conn, argc > 3 ? atoi(argv[3]) : 5);
            _exit(0);
        }
        close(conn);
    }
}
