// Mistake: the value that is given to SO_REUSEADDR is 0, which switches it off.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 0;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (argc < 3 || bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("bind"), 1;
    for (;;) {
        char hello[6];
        int conn = accept(srv, NULL, NULL);
        if (recv(conn, hello, 6, MSG_WAITALL) == 6) send(conn, "hi", 2, MSG_NOSIGNAL);
        close(conn);
    }
}
