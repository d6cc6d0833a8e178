// Wrong: there is a maximum, but the buffer is there before the length is compared with it.
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        uint32_t header;
        while (recv(fd, &header, sizeof header, MSG_WAITALL) == sizeof header) {
            size_t length = ntohl(header);
            char *frame = malloc(4 + length);
            if (!frame || length > 65536) {
                free(frame);
                break;
            }
            memcpy(frame, &header, sizeof header);
            ssize_t got = length ? recv(fd, frame + 4, length, MSG_WAITALL) : 0;
            if (got == (ssize_t)length && write(fd, frame, 4 + length) < 0) got = -1;
            free(frame);
            if (got != (ssize_t)length) break;
        }
        close(fd);
    }
}
