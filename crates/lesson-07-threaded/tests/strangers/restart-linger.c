/* Menu in C, a thread for each client; the wrong fix: SO_LINGER 0, which accepted sockets inherit: dying, it resets all. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static int say(int fd, const char *text) {
    for (size_t left = strlen(text); left;) {
        ssize_t sent = send(fd, text, left, 0);
        if (sent <= 0) return 0;
        text += sent, left -= sent;
    }
    return 1;
}
static void *menu(void *arg) {
    int fd = (int)(long)arg;
    char piece[1024];
    ssize_t got;
    if (say(fd, "我是多线程"))
        while ((got = recv(fd, piece, sizeof piece, 0)) > 0 && !(got == 4 && !memcmp(piece, "exit", 4)))
            if (!say(fd, got == 1 && piece[0] == '0' ? "您输入的是0" : "请重新输入.")) break;
    close(fd);
    return NULL;
}
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    struct linger none = {1, 0};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) { perror("listen"); return 1; }
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 4 << 20);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) { perror("not accepted"); usleep(100000); continue; }
        pthread_t thread;
        if (pthread_create(&thread, &attr, menu, (void *)(long)conn)) {
            say(conn, "server full, try again later\n");
            close(conn);
        }
    }
}
