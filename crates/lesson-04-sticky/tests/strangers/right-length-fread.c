// Right: fgets and fread on one FILE.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(FILE *in) {
    char line[8], answer[7 + 1024 + 1] = "-----> ";
    while (fgets(line, 6, in) && strchr(line, '\n')) {
        size_t length = strtoul(line, NULL, 10);
        if (length > 1024 || fread(answer + 7, 1, length, in) < length) return;
        answer[7 + length] = '\n';
        if (send(fileno(in), answer, 7 + length + 1, MSG_NOSIGNAL) < 0) return;
    }
}

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (argc < 3 || bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(srv, NULL, NULL);
        if (conn < 0) continue;
        FILE *in = fdopen(conn, "r");
        serve(in);
        fclose(in);
    }
}
