// Right, in C: iconv from UTF-8 to GBK.
#include <arpa/inet.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    iconv_t to_gbk = iconv_open("GBK", "UTF-8");
    if (to_gbk == (iconv_t)-1) return perror("iconv_open"), 1;
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    if (connect(sock, (void *)&addr, sizeof addr)) return perror("connect"), 1;
    static char line[65536], encoded[65536];
    while (fgets(line, sizeof line, stdin)) {
        char *in = line, *out = encoded;
        size_t left = strcspn(line, "\r\n"), room = sizeof encoded;
        if (iconv(to_gbk, &in, &left, &out, &room) == (size_t)-1) return perror("GBK cannot say that"), 1;
        for (char *next = encoded; next < out;) {
            ssize_t n = send(sock, next, out - next, MSG_NOSIGNAL);
            if (n < 0) return perror("send"), 1;
            next += n;
        }
    }
    shutdown(sock, SHUT_WR);
    ssize_t got;
    while ((got = read(sock, encoded, sizeof encoded)) > 0) fwrite(encoded, 1, got, stdout);
    return 0;
}
