// Mistake: room for 64 bytes, and recvfrom says nothing of what it cut off.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (argc < 3 || bind(sock, (struct sockaddr *)&at, sizeof at)) return perror("bind"), 1;
    char answer[7 + 64] = "-----> ";
    for (;;) {
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(sock, answer + 7, 64, 0, (struct sockaddr *)&from, &length);
        if (got >= 0) sendto(sock, answer, 7 + got, 0, (struct sockaddr *)&from, length);
    }
}
