// Right, in C: non-blocking connect, poll with a limit, SO_ERROR.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0), error = 0;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    socklen_t size = sizeof error;
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    fcntl(sock, F_SETFL, O_NONBLOCK);
    if (connect(sock, (void *)&addr, sizeof addr) && errno != EINPROGRESS) return perror("connect"), 1;
    if (poll(&(struct pollfd){sock, POLLOUT, 0}, 1, 2000) < 1) return fprintf(stderr, "connect: timed out\n"), 1;
    getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) return fprintf(stderr, "connect: %s\n", strerror(error)), 1;
    puts("connected");
    fflush(stdout);
    if (send(sock, "hello", 5, MSG_NOSIGNAL) != 5) return perror("send"), 1;
    char answer[6] = "";
    for (int got = 0; got < 5;) {
        if (poll(&(struct pollfd){sock, POLLIN, 0}, 1, 2000) < 1) return fprintf(stderr, "no answer\n"), 1;
        ssize_t n = read(sock, answer + got, 5 - got);
        if (n <= 0) return fprintf(stderr, "the server has closed\n"), 1;
        got += n;
    }
    puts(answer);
    return 0;
}
