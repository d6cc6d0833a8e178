// Mistake: SO_LINGER with 0 seconds, in C; shutdown before it does not help.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("bind"), 1;
    static char greeting[100000];
    for (int i = 0; i < 100000; i++) greeting[i] = "hi"[i % 2];
    char hello[6];
    int conn = accept(srv, NULL, NULL);
    recv(conn, hello, 6, MSG_WAITALL);
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    setsockopt(conn, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    for (size_t sent = 0; sent < sizeof greeting;) {
        ssize_t now = send(conn, greeting + sent, sizeof greeting - sent, MSG_NOSIGNAL);
        if (now < 0) return perror("send"), 1;
        sent += now;
    }
    shutdown(conn, SHUT_WR);
    close(conn);
    return 0;
}
