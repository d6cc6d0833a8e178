/* Menu client in C, right: MSG_WAITALL, in a loop since a signal may end it early. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void receive(int fd, const char *name, size_t length) {
    char text[17] = {0};
    for (size_t got = 0; got < length;) {
        ssize_t now = recv(fd, text + got, length - got, MSG_WAITALL);
        if (now <= 0) { fprintf(stderr, "the server ended within a text\n"); exit(1); }
        got += now;
    }
    printf("%s: %s\n", name, text);
    fflush(stdout);
}
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0), greeted = 0;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr)) { perror("connect"); return 1; }
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0) { perror("send"); return 1; }
        if (!greeted++) receive(fd, "greeting", 15);
        receive(fd, "answer", 16);
    }
    close(fd);
}
