// Right on Linux: SO_SNDTIMEO, set before connect, is a limit for connect as well (socket(7)).
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval limit = {2, 0};
    setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("cannot connect"), 1;
    if (send(sock, "hello", 5, MSG_NOSIGNAL) != 5) return perror("cannot send"), 1;
    char answer[6] = "";
    for (int got = 0, n; got < 5; got += n)
        if ((n = read(sock, answer + got, 5 - got)) <= 0) return fprintf(stderr, "no answer\n"), 1;
    puts(answer);
    return 0;
}
