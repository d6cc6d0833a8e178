// Says hello again every second until it is answered, in C. Right.
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    char answer[1024];
    if (argc != 3) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    struct pollfd s = {socket(AF_INET, SOCK_DGRAM, 0), POLLIN, 0};
    for (int try = 0; try < 20; try++) {
        sendto(s.fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof to);
        if (poll(&s, 1, 1000) > 0) {
            ssize_t length = recv(s.fd, answer, sizeof answer, 0);
            if (length >= 0) return printf("%.*s\n", (int)length, answer), 0;
        }
    }
    return fputs("no answer\n", stderr), 1;
}
