// Mistake: one write with SO_SNDTIMEO, result not looked at.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIZE = 32 * 1024 * 1024 };
static char page[SIZE];

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < SIZE; i++) page[i] = "page"[i % 4];
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 5)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        struct timeval time = {0, 300000};
        setsockopt(conn, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
        ssize_t n = write(conn, page, SIZE);
        (void)n;
        close(conn);
    }
}
