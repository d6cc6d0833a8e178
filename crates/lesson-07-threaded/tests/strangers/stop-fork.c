/* Sums in C, a process for each client, right: SIGINT comes in ppoll only, and the parent waits for its children. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile sig_atomic_t stopped;
static void stop(int number) { (void)number; stopped = 1; }
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    struct sigaction act = {.sa_handler = stop};
    sigaction(SIGINT, &act, NULL);
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &addr.sin_addr);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) || listen(listener, 128)) { perror("listen"); return 1; }
    while (!stopped) {
        struct pollfd one = {.fd = listener, .events = POLLIN};
        if (ppoll(&one, 1, NULL, &before) <= 0) continue;
        int conn = accept(listener, NULL, NULL);
        if (conn < 0) { perror("not accepted"); usleep(100000); continue; }
        if (fork() == 0) {
            close(listener);
            FILE *lines = fdopen(conn, "r");
            unsigned long long number, sum = 0;
            while (fscanf(lines, "%llu", &number) == 1) sum += number;
            dprintf(conn, "%llu\n", sum);
            _exit(0);
        }
        close(conn);
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
    close(listener);
    while (wait(NULL) > 0) {}
}
