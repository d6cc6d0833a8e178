// Tries every line, says which one is too long (EMSGSIZE), and goes on. In C. Right.
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int argc, char **argv) {
    char *line = NULL, answer[2048];
    size_t room = 0;
    ssize_t length;
    if (argc != 3) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0), status = 0;
    struct timeval wait = {5, 0};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    if (connect(s, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
    while ((length = getline(&line, &room, stdin)) > 0) {
        length -= line[length - 1] == '\n';
        if (send(s, line, length, 0) < 0) {
            int error = errno;
            perror("a line was not sent");
            status = 1;
            if (error == EMSGSIZE) continue;
            return 1;
        }
        length = recv(s, answer, sizeof answer, 0);
        if (length < 0) return perror("recv"), 1;
        printf("%.*s\n", (int)length, answer);
    }
    return status;
}
