// An echo server that takes 0 bytes for an error, as many examples do. Wrong: one empty datagram ends it.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    static char data[65536];
    if (argc != 3) return 2;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    inet_pton(AF_INET, argv[1], &own.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    for (;;) {
        socklen_t size = sizeof from;
        ssize_t length = recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&from, &size);
        if (length <= 0) return perror("recvfrom"), 1;
        sendto(s, data, length, 0, (struct sockaddr *)&from, size);
    }
}
