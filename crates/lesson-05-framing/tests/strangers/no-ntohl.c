// Wrong: C without ntohl; the maximum lets a swapped number through now and then.
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
    static char payload[65536];
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        uint32_t length;
        while (recv(fd, &length, sizeof length, MSG_WAITALL) == sizeof length && length <= sizeof payload) {
            if (length && recv(fd, payload, length, MSG_WAITALL) != (ssize_t)length) break;
            if (write(fd, &length, sizeof length) < 0 || write(fd, payload, length) < 0) break;
        }
        close(fd);
    }
}
