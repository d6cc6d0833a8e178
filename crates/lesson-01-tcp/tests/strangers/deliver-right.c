// Right, in C: reads the acknowledgement byte by byte up to its newline.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int acknowledged(int sock) {
    char answer[4] = "";
    for (int i = 0; i < 3; i++)
        if (read(sock, answer + i, 1) != 1) return 0;
    return strcmp(answer, "ok\n") == 0;
}

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        size_t length = strlen(line);
        if (send(sock, line, length, MSG_NOSIGNAL) != (ssize_t)length || !acknowledged(sock))
            return fprintf(stderr, "not delivered: %s", line), 1;
        printf("delivered: %s", line);
        fflush(stdout);
    }
    return 0;
}
