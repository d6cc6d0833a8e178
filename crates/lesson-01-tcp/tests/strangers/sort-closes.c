// Mistake: shutdown(sock, 2): the number of both directions.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    char data[65536];
    ssize_t got;
    while ((got = read(0, data, sizeof data)) > 0) write(sock, data, got);
    shutdown(sock, 2);
    while ((got = read(sock, data, sizeof data)) > 0) write(1, data, got);
    return 0;
}
