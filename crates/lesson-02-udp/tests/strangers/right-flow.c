// Sends a piece, waits for its number, sends it again after 200 ms. In C. Right.
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    static char piece[8192];
    if (argc != 3) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    struct pollfd s = {socket(AF_INET, SOCK_DGRAM, 0), POLLIN, 0};
    unsigned count;
    if (connect(s.fd, (struct sockaddr *)&to, sizeof to) || scanf("%u", &count) != 1) return 2;
    for (uint32_t number = 0; number < count; number++) {
        uint32_t head = htonl(number), back;
        memcpy(piece, &head, 4);
        int acknowledged = 0;
        for (int try = 0; try < 100 && !acknowledged; try++) {
            send(s.fd, piece, sizeof piece, 0);
            while (!acknowledged && poll(&s, 1, 200) > 0)
                acknowledged = recv(s.fd, &back, 4, 0) == 4 && back == head;
        }
        if (!acknowledged) return fprintf(stderr, "piece %u was not acknowledged\n", number), 1;
    }
}
