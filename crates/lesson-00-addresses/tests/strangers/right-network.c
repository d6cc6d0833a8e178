// Right: the mask, in the byte order of this machine.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("bind"), 1;
    for (;;) {
        FILE *in = fdopen(accept(srv, NULL, NULL), "r");
        char line[64];
        while (in && fgets(line, sizeof line, in)) {
            struct in_addr host;
            line[strcspn(line, "\n")] = 0;
            if (inet_pton(AF_INET, line, &host) != 1) break;
            int inside = (ntohl(host.s_addr) & 0xfff00000) == 0xac100000;
            if (send(fileno(in), inside ? "yes\n" : "no\n", inside ? 4 : 3, MSG_NOSIGNAL) < 0) break;
        }
        if (in) fclose(in);
    }
}
