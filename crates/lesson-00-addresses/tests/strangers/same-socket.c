// Mistake: an IPv4 socket for every address: one that is not IPv4 is left out without a word.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char line[128], greeting[256];
    if (argc < 3) return 2;
    while (fgets(line, sizeof line, stdin)) {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
        line[strcspn(line, "\n")] = 0;
        if (inet_pton(AF_INET, line, &at.sin_addr) != 1) continue;
        int sock = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sock, (struct sockaddr *)&at, sizeof at) == 0) {
            FILE *in = fdopen(sock, "r");
            if (!fgets(greeting, sizeof greeting, in)) return 1;
            fputs(greeting, stdout);
            return 0;
        }
        close(sock);
    }
    fprintf(stderr, "no address answers\n");
    return 1;
}
