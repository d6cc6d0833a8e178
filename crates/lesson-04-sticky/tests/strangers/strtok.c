// Mistake: strtok over what one read gave; the last part of it is read as a message too.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    signal(SIGPIPE, SIG_IGN);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (argc < 3 || bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(srv, NULL, NULL);
        char buffer[1025];
        ssize_t got;
        while ((got = read(conn, buffer, 1024)) > 0) {
            buffer[got] = 0;
            for (char *message = strtok(buffer, "\n"); message; message = strtok(NULL, "\n"))
                dprintf(conn, "-----> %s\n", message);
        }
        close(conn);
    }
}
