// Wrong: C, int length, malloc of a negative number gives NULL, and the program writes there.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
        uint32_t header;
        while (recv(fd, &header, sizeof header, MSG_WAITALL) == sizeof header) {
            int length = (int)ntohl(header);
            if (length > 65536) break;
            char *frame = malloc((size_t)length + 4);
            memcpy(frame, &header, sizeof header);
            if (length > 0 && recv(fd, frame + 4, (size_t)length, MSG_WAITALL) != length) break;
            if (write(fd, frame, (size_t)length + 4) < 0) break;
            free(frame);
        }
        close(fd);
    }
}
