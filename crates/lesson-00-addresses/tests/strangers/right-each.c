// Right: getaddrinfo reads each address, of whatever family, and each gets a socket of its own.
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char line[128], greeting[256];
    if (argc < 3) return 2;
    while (fgets(line, sizeof line, stdin)) {
        struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *at;
        line[strcspn(line, "\n")] = 0;
        if (getaddrinfo(line, argv[2], &hints, &at)) continue;
        int sock = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        if (sock >= 0 && connect(sock, at->ai_addr, at->ai_addrlen) == 0) {
            FILE *in = fdopen(sock, "r");
            if (!fgets(greeting, sizeof greeting, in)) return fprintf(stderr, "no greeting\n"), 1;
            fputs(greeting, stdout);
            return 0;
        }
        perror(line);
        if (sock >= 0) close(sock);
        freeaddrinfo(at);
    }
    fprintf(stderr, "no address answers\n");
    return 1;
}
