// Sends every datagram back behind a mark, and answers no answer, in C. Right.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    static char answer[7 + 65536] = "[echo] ";
    if (argc != 3) return 2;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    inet_pton(AF_INET, argv[1], &own.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    for (;;) {
        socklen_t size = sizeof from;
        char *data = answer + 7;
        ssize_t length = recvfrom(s, data, 65536, 0, (struct sockaddr *)&from, &size);
        if (length < 0 || (length >= 7 && !memcmp(data, "[echo] ", 7))) continue;
        if (sendto(s, answer, 7 + length, 0, (struct sockaddr *)&from, size) < 0) perror("sendto");
    }
}
