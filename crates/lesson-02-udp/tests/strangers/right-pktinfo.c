// Answers `hi` at every address of this host with one socket: sends the control message (IP_PKTINFO) back that says
// which address was asked. Right on Linux.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int s = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))}, from;
    setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&own, sizeof own)) return perror("bind"), 1;
    for (;;) {
        static char data[65536];
        union { char room[CMSG_SPACE(sizeof(struct in_pktinfo))]; struct cmsghdr head; } note;
        struct iovec piece = {data, sizeof data};
        struct msghdr message = {&from, sizeof from, &piece, 1, &note, sizeof note, 0};
        if (recvmsg(s, &message, 0) < 0) continue;
        struct in_pktinfo *asked = (struct in_pktinfo *)CMSG_DATA(CMSG_FIRSTHDR(&message));
        asked->ipi_ifindex = 0;
        asked->ipi_spec_dst = asked->ipi_addr;
        piece = (struct iovec){"hi", 2};
        if (sendmsg(s, &message, 0) < 0) perror("sendmsg");
    }
}
