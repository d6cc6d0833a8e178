// Right, in C: recv with MSG_WAITALL, in a loop since a signal may end it early.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    static char line[65536], answer[65536 + 6];
    while (fgets(line, sizeof line, stdin)) {
        size_t length = strcspn(line, "\n"), sent = 0, got = 0;
        if (length == 0) continue;
        while (sent < length) {
            ssize_t n = send(sock, line + sent, length - sent, MSG_NOSIGNAL);
            if (n < 0) return perror("send"), 1;
            sent += n;
        }
        while (got < length + 6) {
            ssize_t n = recv(sock, answer + got, length + 6 - got, MSG_WAITALL);
            if (n <= 0) return fprintf(stderr, "the server has closed\n"), 1;
            got += n;
        }
        printf("%.*s\n", (int)got, answer);
        fflush(stdout);
    }
    return 0;
}
