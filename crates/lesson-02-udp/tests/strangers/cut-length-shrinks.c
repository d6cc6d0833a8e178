// An echo server that keeps the room and the length in one variable. Wrong: after a short datagram there is only room
// for a short one.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    static char data[65536];
    if (argc != 3) return 2;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &own.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    ssize_t length = sizeof data;
    for (;;) {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        length = recvfrom(s, data, length, 0, (struct sockaddr *)&from, &size);
        if (length < 0) return perror("recvfrom"), 1;
        sendto(s, data, length, 0, (struct sockaddr *)&from, size);
    }
}
