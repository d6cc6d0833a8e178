// Wrong: C, write for the length and write for the result.
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
    char command[1024];
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        ssize_t got;
        while ((got = read(fd, command, sizeof command)) > 0) {
            int32_t length = got > 5 && !memcmp(command, "echo ", 5) ? (int32_t)got - 5 : 0;
            if (write(fd, &length, sizeof length) < 0 || write(fd, command + 5, (size_t)length) < 0) break;
        }
        close(fd);
    }
}
