// A server that keeps a text: a table of lines by sender and number, in C. Right.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct { struct sockaddr_in who; char *lines[1001]; } texts[64];

int main(int argc, char **argv) {
    static char data[65536], all[65536];
    if (argc != 3) return 2;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    inet_pton(AF_INET, argv[1], &own.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0), count = 0;
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    for (;;) {
        socklen_t size = sizeof from;
        ssize_t length = recvfrom(s, data, sizeof data - 1, 0, (struct sockaddr *)&from, &size);
        if (length < 0) continue;
        data[length] = 0;
        int who = 0;
        while (who < count && (texts[who].who.sin_port != from.sin_port || texts[who].who.sin_addr.s_addr != from.sin_addr.s_addr)) who++;
        if (who == 64) continue;
        if (who == count) texts[count++].who = from;
        if (!strcmp(data, "all")) {
            all[0] = 0;
            for (int number = 0; number <= 1000; number++)
                if (texts[who].lines[number]) strcat(strcat(all, all[0] ? " " : ""), texts[who].lines[number]);
            sendto(s, all, strlen(all), 0, (struct sockaddr *)&from, size);
            continue;
        }
        char *end;
        long number = strtol(data, &end, 10);
        if (end != data && *end == ' ' && number >= 0 && number <= 1000 && length <= 1024 && !texts[who].lines[number])
            texts[who].lines[number] = strdup(end + 1);
    }
}
