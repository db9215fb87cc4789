/* The ACK mode of AT+QFUPL is on, and nobody waits for the A: it is as if it were off. All else is
 * done: CONNECT is waited for, size and checksum are compared. From a PC over USB this works.
 *
 *     cc -std=c99 -Wall -Wextra -o wrong wrong.c
 *     ./wrong PORT FILE */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int port;
static char answer[4096];

static void die(const char *what) {
    fprintf(stderr, "wrong: %s; the module said: %s\n", what, answer);
    exit(1);
}

/* Read until `end` has come, or an error; gives up after 10 s of silence. */
static void wait_for(const char *end) {
    struct pollfd wait = {.fd = port, .events = POLLIN};
    size_t length = 0;
    answer[0] = '\0';
    while (!strstr(answer, end)) {
        const char *error = strstr(answer, "ERROR");
        if (error && strchr(error, '\n'))
            return;
        if (length == sizeof answer - 1 || poll(&wait, 1, 10000) <= 0 ||
            read(port, answer + length, 1) != 1)
            die("no answer");
        answer[++length] = '\0';
    }
}

static void send_bytes(const void *data, size_t count) {
    if (write(port, data, count) != (ssize_t)count)
        die("the port takes no more bytes");
}

static void command(const char *text, const char *end) {
    send_bytes(text, strlen(text));
    send_bytes("\r", 1);
    wait_for(end);
}

static unsigned checksum(const unsigned char *data, size_t size) {
    unsigned sum = 0;
    for (size_t at = 0; at < size; at++)
        sum ^= at % 2 ? data[at] : (unsigned)data[at] << 8;
    return sum;
}

int main(int argc, char **argv) {
    static unsigned char data[16 << 20];
    char text[80];
    struct termios settings;
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    port = argc == 3 ? open(argv[1], O_RDWR | O_NOCTTY) : -1;
    if (!file || port < 0 || tcgetattr(port, &settings) != 0)
        die("usage: wrong PORT FILE");
    size_t size = fread(data, 1, sizeof data, file);
    cfmakeraw(&settings);
    cfsetispeed(&settings, B115200);
    cfsetospeed(&settings, B115200);
    tcsetattr(port, TCSANOW, &settings);

    command("AT", "OK\r\n");
    command("ATE0", "OK\r\n");
    command("AT+CMEE=1", "OK\r\n");
    command("AT+QFDEL=\"UFS:ca.pem\"", "OK\r\n"); /* an error: there was none */
    snprintf(text, sizeof text, "AT+QFUPL=\"UFS:ca.pem\",%zu,5,1", size);
    command(text, "CONNECT\r\n");
    if (!strstr(answer, "CONNECT"))
        die("the upload was refused");
    send_bytes(data, size); /* the mistake: 1024 bytes, then an A, then 1024 bytes ... */
    wait_for("OK\r\n");
    snprintf(text, sizeof text, "+QFUPL: %zu,%x\r\n", size, checksum(data, size));
    if (!strstr(answer, text))
        die("the file is damaged");
    printf("uploaded\n");
    return 0;
}
