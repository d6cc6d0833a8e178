// Mistake: the result of connect is not looked at; the write after it fails, or the process dies of SIGPIPE.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    connect(sock, (void *)&addr, sizeof addr);
    if (write(sock, "hello", 5) != 5) return perror("cannot send"), 1;
    char answer[6] = "";
    if (read(sock, answer, 5) <= 0) return perror("cannot read"), 1;
    puts(answer);
    return 0;
}
