// Right: IN6_IS_ADDR_V4MAPPED, and then the last four bytes; one client after the other.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int is_blocked(const struct sockaddr_in6 *client) {
    static const unsigned char blocked[4] = {127, 0, 0, 1};
    return IN6_IS_ADDR_V4MAPPED(&client->sin6_addr) && !memcmp(client->sin6_addr.s6_addr + 12, blocked, 4);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons(atoi(argv[2])), .sin6_addr = in6addr_any};
    int srv = socket(AF_INET6, SOCK_STREAM, 0), on = 1, off = 0;
    setsockopt(srv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(srv, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(srv, (struct sockaddr *)&at, sizeof at) || listen(srv, 16)) return perror("bind"), 1;
    static char board[1100] = "welcome\n";
    for (;;) {
        struct sockaddr_in6 client;
        socklen_t length = sizeof client;
        int conn = accept(srv, (struct sockaddr *)&client, &length);
        FILE *in = fdopen(conn, "r");
        char line[1100];
        while (in && fgets(line, sizeof line, in)) {
            const char *reply = "written\n";
            if (!strcmp(line, "read\n")) reply = board;
            else if (strncmp(line, "write ", 6)) break;
            else if (is_blocked(&client)) reply = "blocked\n";
            else strcpy(board, line + 6);
            if (send(conn, reply, strlen(reply), MSG_NOSIGNAL) < 0) break;
        }
        if (in) fclose(in);
    }
}
