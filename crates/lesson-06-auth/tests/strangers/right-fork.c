/* Right: C, a process for each client, the plain login; alarm(20) ends one that takes longer. Third argument: key. */
#include <arpa/inet.h>
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hmac_sha256.h"

static void talk(int fd, const char *key) {
    uint8_t challenge[32], answer[32], right[32], piece[1024], wrong = 0;
    if (getrandom(challenge, 32, 0) != 32 || send(fd, challenge, 32, MSG_NOSIGNAL) != 32) return;
    for (size_t got = 0; got < 32;) {
        ssize_t more = recv(fd, answer + got, 32 - got, 0);
        if (more <= 0) return;
        got += (size_t)more;
    }
    hmac_sha256(key, challenge, 32, right);
    for (int i = 0; i < 32; i++) wrong |= right[i] ^ answer[i];
    if (wrong) return;
    alarm(0);
    for (ssize_t got; (got = recv(fd, piece, sizeof piece, 0)) > 0;) {
        for (ssize_t i = 0; i < got; i++) piece[i] = (uint8_t)toupper(piece[i]);
        for (ssize_t sent = 0; sent < got;) {
            ssize_t more = send(fd, piece + sent, (size_t)(got - sent), MSG_NOSIGNAL);
            if (more < 0) return;
            sent += more;
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    const char *shared = "thirty-two bytes of a shared key", *two = "only two programs know this key.";
    const char *key = strcmp(argv[3], "shared") ? two : shared;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) return 1;
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, 0, 0);
        if (fd < 0) continue;
        pid_t child = fork();
        if (child == 0) {
            close(listener);
            alarm(20);
            talk(fd, key);
            _exit(0);
        }
        close(fd);
    }
}
