// Right, in C: one thread and poll; a member with more than 512 KiB waiting for it is dropped.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MEMBERS = 64, LIMIT = 512 * 1024 };
static struct pollfd watched[MEMBERS + 1];
static char *waiting[MEMBERS + 1];
static size_t length[MEMBERS + 1];
static int count = 1;

static void drop(int i) {
    close(watched[i].fd);
    free(waiting[i]);
    count--;
    watched[i] = watched[count], waiting[i] = waiting[count], length[i] = length[count];
}

int main(int argc, char **argv) {
    static char data[65536];
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 64)) return perror("listen"), 1;
    watched[0] = (struct pollfd){listener, POLLIN, 0};
    for (;;) {
        for (int i = 1; i < count; i++) watched[i].events = POLLIN | (length[i] ? POLLOUT : 0), watched[i].revents = 0;
        poll(watched, count, -1);
        for (int i = count - 1; i > 0; i--) {
            if (watched[i].revents & POLLOUT) {
                ssize_t n = write(watched[i].fd, waiting[i], length[i]);
                if (n > 0) memmove(waiting[i], waiting[i] + n, length[i] -= n);
                else if (n < 0 && errno != EAGAIN) { drop(i); continue; }
            }
            if (!(watched[i].revents & (POLLIN | POLLERR | POLLHUP))) continue;
            ssize_t got = read(watched[i].fd, data, sizeof data);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) { drop(i); continue; }
            for (int j = count - 1; j > 0; j--) {
                if (length[j] + got > LIMIT) { watched[j].revents = 0; length[j] = LIMIT + 1; continue; }
                memcpy(waiting[j] + length[j], data, got), length[j] += got;
            }
        }
        for (int j = count - 1; j > 0; j--)
            if (length[j] > LIMIT) drop(j);
        if (watched[0].revents && count <= MEMBERS) {
            int conn = accept(listener, NULL, NULL);
            if (conn < 0) continue;
            fcntl(conn, F_SETFL, fcntl(conn, F_GETFL) | O_NONBLOCK);
            watched[count] = (struct pollfd){conn, POLLIN, 0}, waiting[count] = malloc(LIMIT), length[count] = 0;
            count++;
        }
        watched[0].revents = 0;
    }
}
