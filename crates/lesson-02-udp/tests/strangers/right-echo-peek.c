// An echo server that asks for the size of the next datagram (MSG_PEEK and MSG_TRUNC) and makes room for it. Right.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &own.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    for (;;) {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t length = recv(s, NULL, 0, MSG_PEEK | MSG_TRUNC);
        if (length < 0) continue;
        char *data = malloc(length + 1);
        length = recvfrom(s, data, length, 0, (struct sockaddr *)&from, &size);
        if (length >= 0 && sendto(s, data, length, 0, (struct sockaddr *)&from, size) < 0) perror("sendto");
        free(data);
    }
}
