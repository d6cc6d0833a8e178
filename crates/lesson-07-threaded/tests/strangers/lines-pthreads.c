/* Menu by lines in C, a thread for each client, right: stdio reads the lines, and its buffer lives as long as they do. */
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
    FILE *lines = fdopen(fd, "r");
    char line[2048];
    if (say(fd, "我是多线程"))
        while (fgets(line, sizeof line, lines) && strchr(line, '\n') && strcmp(line, "exit\n"))
            if (!say(fd, strcmp(line, "0\n") ? "请重新输入." : "您输入的是0")) break;
    fclose(lines);
    return NULL;
}
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) { perror("listen"); return 1; }
    for (;;) {
        int conn = accept(listener, NULL, NULL);
        pthread_t thread;
        if (conn < 0) { perror("not accepted"); usleep(100000); continue; }
        if (pthread_create(&thread, NULL, menu, (void *)(long)conn)) close(conn);
        else pthread_detach(thread);
    }
}
