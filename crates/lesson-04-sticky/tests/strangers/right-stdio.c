// Right: getc on one FILE for the life of the connection, a process for each client. Argument 3: the limit.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int conn, size_t limit) {
    FILE *in = fdopen(conn, "r"), *out = fdopen(dup(conn), "w");
    char *message = malloc(limit);
    size_t length = 0;
    for (int byte; (byte = getc(in)) != EOF;) {
        if (byte == '\n') {
            fprintf(out, "-----> ");
            fwrite(message, 1, length, out);
            fputc('\n', out);
            if (fflush(out)) return;
            length = 0;
        } else if (length == limit) {
            return;
        } else {
            message[length++] = byte;
        }
    }
}

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    int srv = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 128)) return perror("listen"), 1;
    for (;;) {
        int conn = accept(srv, NULL, NULL);
        if (conn >= 0 && fork() == 0) {
            close(srv);
            serve(conn, argc > 3 ? atoi(argv[3]) : 1024);
            _exit(0);
        }
        close(conn);
    }
}
