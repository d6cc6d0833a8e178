// Right: C, read and write in loops, one client after the other. The third word is the maximum.
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

// 1 when all of it was read, 0 at the end of the stream or an error.
static int read_all(int fd, char *to, size_t wanted) {
    while (wanted > 0) {
        ssize_t got = read(fd, to, wanted);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        to += got;
        wanted -= (size_t)got;
    }
    return 1;
}

static int write_all(int fd, const char *from, size_t left) {
    while (left > 0) {
        ssize_t put = write(fd, from, left);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return 0;
        from += put;
        left -= (size_t)put;
    }
    return 1;
}

int main(int argc, char **argv) {
    uint32_t maximum = argc > 3 ? (uint32_t)atoi(argv[3]) : 65536;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
    char *frame = malloc(4 + (size_t)maximum);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        uint32_t length;
        while (read_all(fd, frame, 4)) {
            length = (uint32_t)(unsigned char)frame[0] << 24 | (uint32_t)(unsigned char)frame[1] << 16 |
                     (uint32_t)(unsigned char)frame[2] << 8 | (uint32_t)(unsigned char)frame[3];
            if (length > maximum || !read_all(fd, frame + 4, length) || !write_all(fd, frame, 4 + (size_t)length)) break;
        }
        close(fd);
    }
}
