/* Wrong: memcmp compares as many bytes as the client says that its tag has. */
#include <arpa/inet.h>
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hmac_sha256.h"

static int get(int fd, uint8_t *into, size_t size) {
    for (size_t got = 0; got < size;) {
        ssize_t more = read(fd, into + got, size - got);
        if (more <= 0) return 0;
        got += (size_t)more;
    }
    return 1;
}

static void talk(int fd) {
    uint8_t challenge[32], length, got[255], right[255] = {0}, piece[1024];
    if (getrandom(challenge, 32, 0) != 32 || write(fd, challenge, 32) != 32) return;
    if (!get(fd, &length, 1) || !get(fd, got, length)) return;
    hmac_sha256("thirty-two bytes of a shared key", challenge, 32, right);
    if (memcmp(right, got, length) != 0) return;
    for (ssize_t size; (size = read(fd, piece, sizeof piece)) > 0;) {
        for (ssize_t i = 0; i < size; i++) piece[i] = (uint8_t)toupper(piece[i]);
        for (ssize_t sent = 0, more; sent < size; sent += more)
            if ((more = write(fd, piece + sent, (size_t)(size - sent))) < 0) return;
    }
}

int main(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argc > 2 ? argv[2] : "0"))};
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int fd = accept(listener, 0, 0);
        if (fd < 0) continue;
        talk(fd);
        close(fd);
    }
}
