// Right: compares both ends, and resets the connection to itself.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, own, peer;
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    setvbuf(stdout, NULL, _IONBF, 0);
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        int sock = -1;
        for (int left = 200000; left > 0 && sock < 0; left--) {
            sock = socket(AF_INET, SOCK_STREAM, 0);
            if (connect(sock, (struct sockaddr *)&at, sizeof at) == 0) break;
            close(sock);
            sock = -1;
        }
        socklen_t length = sizeof own;
        if (sock >= 0 && !getsockname(sock, (struct sockaddr *)&own, &length)
            && !getpeername(sock, (struct sockaddr *)&peer, &length) && own.sin_port == peer.sin_port
            && own.sin_addr.s_addr == peer.sin_addr.s_addr) {
            struct linger none = {1, 0};
            setsockopt(sock, SOL_SOCKET, SO_LINGER, &none, sizeof none);
            close(sock);
            sock = -1;
        }
        char greeting[3] = "";
        if (sock < 0 || send(sock, "hello!", 6, MSG_NOSIGNAL) < 6 || recv(sock, greeting, 2, MSG_WAITALL) < 2) {
            puts("not connected");
            continue;
        }
        puts(greeting);
        while (fgets(line, sizeof line, stdin))
            ;
        return 0;
    }
}
