// Right: a process for each client, which greets and reads until the client has left.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    signal(SIGCHLD, SIG_IGN);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("bind"), 1;
    for (;;) {
        int conn = accept(srv, NULL, NULL);
        if (conn >= 0 && fork() == 0) {
            char bytes[512];
            close(srv);
            if (recv(conn, bytes, 6, MSG_WAITALL) == 6) send(conn, "hi", 2, MSG_NOSIGNAL);
            while (recv(conn, bytes, sizeof bytes, 0) > 0)
                ;
            _exit(0);
        }
        close(conn);
    }
}
