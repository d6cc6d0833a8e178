// Right, another cure: room for 1024 bytes, and recvmsg tells by MSG_TRUNC when there were more.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    inet_pton(AF_INET, argv[1], &at.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (argc < 3 || bind(sock, (struct sockaddr *)&at, sizeof at)) return perror("bind"), 1;
    char answer[7 + 1024] = "-----> ";
    for (;;) {
        struct iovec room = {answer + 7, 1024};
        struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1};
        ssize_t got = recvmsg(sock, &message, 0);
        if (got < 0) continue;
        if (message.msg_flags & MSG_TRUNC) fprintf(stderr, "a message is too long\n");
        else sendto(sock, answer, 7 + got, 0, (struct sockaddr *)&from, message.msg_namelen);
    }
}
