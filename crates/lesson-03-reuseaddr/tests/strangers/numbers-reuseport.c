// Mistake: both options, "to be on the safe side".
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
    setsockopt(srv, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 128)) return perror("bind"), 1;
    for (int number = 1;; number++) {
        char hello[6];
        int conn = accept(srv, NULL, NULL);
        if (recv(conn, hello, 6, MSG_WAITALL) == 6) dprintf(conn, "hi %d", number);
        close(conn);
    }
}
