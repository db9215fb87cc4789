/* To a broker by times from the desk: the certificate goes out in one piece, its summary is not
 * compared, and OK is taken for the result of every command. With a whole certificate and a quick
 * network this works; otherwise it says `published`, too.
 *
 *     cc -std=c99 -Wall -Wextra -o wrong_connect wrong_connect.c
 *     ./wrong_connect PORT FILE HOST BROKER-PORT */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int port;

static void die(const char *what) {
    fprintf(stderr, "wrong_connect: %s\n", what);
    exit(1);
}

/* Read until `end` or an error has come; gives up after 10 s of silence. */
static void wait_for(const char *end) {
    struct pollfd wait = {.fd = port, .events = POLLIN};
    char answer[4096] = "";
    size_t length = 0;
    while (!strstr(answer, end) && !strstr(answer, "ERROR")) {
        if (length == sizeof answer - 1 || poll(&wait, 1, 10000) <= 0 ||
            read(port, answer + length, 1) != 1)
            die("no answer");
        answer[++length] = '\0';
    }
}

static void command(const char *text, const char *end) {
    if (write(port, text, strlen(text)) < 0 || write(port, "\r", 1) < 0)
        die("the port takes no more bytes");
    wait_for(end);
}

int main(int argc, char **argv) {
    static const char *const settings[] = {
        "AT+QSSLCFG=\"sslversion\",0,4",       "AT+QSSLCFG=\"ciphersuite\",0,0XFFFF",
        "AT+QSSLCFG=\"seclevel\",0,1",         "AT+QSSLCFG=\"cacert\",0,\"UFS:ca.pem\"",
        "AT+QSSLCFG=\"ignorelocaltime\",0,1",  "AT+QSSLCFG=\"sni\",0,1",
        "AT+QMTCFG=\"ssl\",0,1,0",             "AT+QMTCFG=\"version\",0,4",
    };
    static char data[1 << 20];
    struct termios line;
    char text[200];
    FILE *file = argc == 5 ? fopen(argv[2], "rb") : NULL;
    port = argc == 5 ? open(argv[1], O_RDWR | O_NOCTTY) : -1;
    if (!file || port < 0 || tcgetattr(port, &line) != 0)
        die("usage: wrong_connect PORT FILE HOST BROKER-PORT");
    size_t size = fread(data, 1, sizeof data, file);
    cfmakeraw(&line);
    cfsetispeed(&line, B115200);
    cfsetospeed(&line, B115200);
    tcsetattr(port, TCSANOW, &line);

    command("AT", "OK\r\n");
    command("ATE0", "OK\r\n");
    command("AT+QFDEL=\"UFS:ca.pem\"", "OK\r\n");
    snprintf(text, sizeof text, "AT+QFUPL=\"UFS:ca.pem\",%zu,5", size);
    command(text, "CONNECT\r\n");
    if (write(port, data, size) != (ssize_t)size) /* a mistake: no ACK mode, no flow control */
        die("the port takes no more bytes");
    wait_for("OK\r\n"); /* a mistake: nobody looks at what came */
    command("AT+QIACT=1", "OK\r\n");
    for (size_t at = 0; at < sizeof settings / sizeof *settings; at++)
        command(settings[at], "OK\r\n");
    snprintf(text, sizeof text, "AT+QMTOPEN=0,\"%s\",%s", argv[3], argv[4]);
    command(text, "OK\r\n"); /* a mistake: OK is not the result */
    sleep(3);                /* enough, on the desk */
    command("AT+QMTCONN=0,\"quecsim\"", "OK\r\n");
    sleep(1);
    command("AT+QMTPUB=0,1,1,0,\"quecsim/example\",\"hello\"", "OK\r\n");
    printf("published\n");
    return 0;
}
