// Mistake: the error() of many tutorials: what goes wrong with one connection ends the process.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void error(const char *what) {
    perror(what);
    exit(1);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 5)) error("ERROR on binding");
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) error("ERROR on accept");
        char data[1024];
        ssize_t got;
        while ((got = read(conn, data, sizeof data)) != 0) {
            if (got < 0) error("ERROR reading from socket");
            if (write(conn, data, got) < 0) error("ERROR writing to socket");
        }
        close(conn);
    }
}
