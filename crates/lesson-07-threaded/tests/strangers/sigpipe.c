/* Menu in C, a thread for each client; the mistake: SIGPIPE is not ignored, so a client that has gone kills the process. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void say(int fd, const char *text) { if (write(fd, text, strlen(text)) < 0) return; }
static void *menu(void *arg) {
    int fd = (int)(long)arg;
    char piece[1024];
    ssize_t got;
    say(fd, "我是");
    say(fd, "多线程");
    while ((got = read(fd, piece, sizeof piece)) > 0 && !(got == 4 && !memcmp(piece, "exit", 4)))
        say(fd, got == 1 && piece[0] == '0' ? "您输入的是0" : "请重新输入.");
    close(fd);
    return NULL;
}
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) return 1;
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        pthread_t thread;
        if (conn < 0) { usleep(100000); continue; }
        if (pthread_create(&thread, NULL, menu, (void *)(long)conn)) close(conn);
        else pthread_detach(thread);
    }
}
