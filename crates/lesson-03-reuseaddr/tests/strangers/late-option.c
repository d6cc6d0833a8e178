// Mistake: SO_REUSEADDR is set between bind and listen.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (argc < 3 || bind(srv, (struct sockaddr *)&at, sizeof at)) return perror("bind"), 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (listen(srv, 16)) return perror("listen"), 1;
    char hello[6];
    int conn = accept(srv, NULL, NULL);
    if (recv(conn, hello, 6, MSG_WAITALL) == 6) send(conn, "hi", 2, MSG_NOSIGNAL);
    return 0;
}
