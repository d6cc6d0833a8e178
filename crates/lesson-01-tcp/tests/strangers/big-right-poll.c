// Right, in C: a non-blocking socket: write what there is room for, poll for more room.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SIZE = 32 * 1024 * 1024 };
static char page[SIZE];

int main(int argc, char **argv) {
    for (int i = 0; i < SIZE; i++) page[i] = "page"[i % 4];
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 64)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) continue;
        fcntl(conn, F_SETFL, fcntl(conn, F_GETFL) | O_NONBLOCK);
        for (size_t sent = 0; sent < SIZE;) {
            ssize_t n = send(conn, page + sent, SIZE - sent, MSG_NOSIGNAL);
            if (n > 0) sent += n;
            else if (errno == EINTR) continue;
            else if (errno != EAGAIN) break;
            else if (poll(&(struct pollfd){conn, POLLOUT, 0}, 1, 60000) < 1) break;
        }
        close(conn);
    }
}
