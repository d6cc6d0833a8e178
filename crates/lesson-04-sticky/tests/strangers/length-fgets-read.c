// Mistake: fgets on a FILE for the length, read on its descriptor for the message.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (argc < 3 || bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(srv, NULL, NULL);
        FILE *in = fdopen(conn, "r");
        char line[8], message[1025];
        while (fgets(line, sizeof line, in)) {
            ssize_t got = read(conn, message, atoi(line));
            if (got <= 0) break;
            dprintf(conn, "-----> %.*s\n", (int)got, message);
        }
        fclose(in);
    }
}
