// Mistake: accept stands before the loop: the server ends with its first client.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (bind(listener, (void *)&addr, sizeof addr) || listen(listener, 5)) return perror("listen"), 1;
    int conn = accept(listener, NULL, NULL);
    char data[1024];
    ssize_t got;
    while ((got = read(conn, data, sizeof data)) > 0) write(conn, data, got);
    close(conn);
    return 0;
}
