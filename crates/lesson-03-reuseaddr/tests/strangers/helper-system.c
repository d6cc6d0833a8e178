// Mistake: system gives the child every descriptor that is not close-on-exec, and socket makes none of that kind unless asked.
#define _GNU_SOURCE
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
    for (;;) {
        char hello[6];
        int conn = accept4(srv, NULL, NULL, SOCK_CLOEXEC);
        if (recv(conn, hello, 6, MSG_WAITALL) == 6) {
            if (system("sleep 60 </dev/null >/dev/null 2>&1 &")) return 1;
            send(conn, "hi", 2, MSG_NOSIGNAL);
        }
        close(conn);
    }
}
