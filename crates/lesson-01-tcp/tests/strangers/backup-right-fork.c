// Right, in C: a child process sends, the parent reads.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 64 * 1024 * 1024 };

int main(int argc, char **argv) {
    static char data[1 << 16];
    int sock = socket(AF_INET, SOCK_STREAM, 0), status = 0;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    if (fork() == 0) {
        memset(data, 'c', sizeof data);
        for (long sent = 0; sent < SIZE;) {
            size_t rest = SIZE - sent < (long)sizeof data ? (size_t)(SIZE - sent) : sizeof data;
            ssize_t n = send(sock, data, rest, MSG_NOSIGNAL);
            if (n < 0) _exit(1);
            sent += n;
        }
        _exit(0);
    }
    for (long taken = 0; taken < SIZE;) {
        size_t rest = SIZE - taken < (long)sizeof data ? (size_t)(SIZE - taken) : sizeof data;
        ssize_t n = read(sock, data, rest);
        if (n <= 0) return fprintf(stderr, "the backup of the server is cut off\n"), 1;
        taken += n;
    }
    wait(&status);
    if (status) return fprintf(stderr, "cannot send\n"), 1;
    puts("the exchange is complete");
    return 0;
}
