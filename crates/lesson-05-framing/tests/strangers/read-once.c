// Wrong: C, one read for the header and one for the payload; the results are not looked at.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &address.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        uint32_t header = 0;
        while (read(fd, &header, sizeof header) > 0) {
            uint32_t length = ntohl(header);
            if (length > 65536) break;
            char payload[65536];
            memset(payload, 0, sizeof payload);
            ssize_t got = read(fd, payload, length);
            (void)got;
            if (write(fd, &header, sizeof header) < 0 || write(fd, payload, length) < 0) break;
            header = 0;
        }
        close(fd);
    }
}
