// Right, in C: poll on standard input and socket, shutdown(SHUT_WR) at the end of the input.
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    struct pollfd watched[2] = {{sock, POLLIN, 0}, {0, POLLIN, 0}};
    char data[4096];
    for (;;) {
        poll(watched, 2, -1);
        if (watched[1].revents) {
            ssize_t got = read(0, data, sizeof data);
            for (ssize_t sent = 0, n; sent < got; sent += n)
                if ((n = send(sock, data + sent, got - sent, MSG_NOSIGNAL)) < 0) return perror("send"), 1;
            if (got <= 0) {
                shutdown(sock, SHUT_WR);
                watched[1].fd = -1;
            }
        }
        if (watched[0].revents) {
            ssize_t got = read(sock, data, sizeof data);
            if (got < 0) return perror("read"), 1;
            if (got == 0) return 0;
            for (ssize_t put = 0, n; put < got; put += n)
                if ((n = write(1, data + put, got - put)) < 0) return 1;
        }
    }
}
