/* Names in C, one client after the other, right: poll() gets what is left of the time for the whole name. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) { perror("listen"); return 1; }
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) { perror("not accepted"); usleep(100000); continue; }
        char name[256];
        size_t got = 0;
        int whole = 0;
        long deadline = now() + 300, left;
        while (!whole && got < sizeof name && (left = deadline - now()) > 0) {
            struct pollfd one = {.fd = conn, .events = POLLIN};
            if (poll(&one, 1, (int)left) <= 0) break;
            ssize_t more = recv(conn, name + got, sizeof name - got, 0);
            if (more <= 0) break;
            whole = memchr(name + got, '\n', more) != NULL;
            got += more;
        }
        if (whole) send(conn, "welcome\n", 8, MSG_NOSIGNAL | MSG_DONTWAIT);
        close(conn);
    }
}
