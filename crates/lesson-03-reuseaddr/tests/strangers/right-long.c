// Right: send until everything has gone, then close; one client after the other.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
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
    for (;;) {
        char hello[6];
        int conn = accept(srv, NULL, NULL);
        if (recv(conn, hello, 6, MSG_WAITALL) == 6) {
            ssize_t now;
            for (size_t sent = 0; sent < sizeof greeting; sent += now)
                if ((now = send(conn, greeting + sent, sizeof greeting - sent, MSG_NOSIGNAL)) < 0) break;
        }
        close(conn);
    }
}
