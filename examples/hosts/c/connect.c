/* A CA certificate to the module with AT+QFUPL in ACK mode, and by it over TLS to an MQTT broker,
 * which gets a message. For LTE modules (EC200U).
 *
 *     cc -std=c99 -Wall -Wextra -o connect connect.c
 *     ./connect PORT FILE HOST BROKER-PORT      exit code 0: the broker has the message
 *
 * OK only says that a command was understood: what came of it is a line of its own behind that, and
 * each of them is waited for. Every wait ends; right.c has what else an upload may need. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NAME "UFS:ca.pem"
#define MESSAGE "hello"
enum { BLOCK_BYTES = 1024, TRIES = 10, NETWORK_TRIES = 60 };
enum { AT_S = 1, COMMAND_S = 15, ANSWER_S = 65 };
enum { OPEN_S = 125, ACTIVATE_S = 155 }; /* the manuals' times, and some to spare */

static int port;
static char item[512]; /* what the module said last: a line, or the bare byte waited for */
static char info[512]; /* the last line with a + since the command */

static void die(const char *what) {
    fprintf(stderr, "connect: %s; the module said last: %s\n", what, item);
    exit(1);
}

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* The next line that is not empty, or the byte `bare` where one would begin: the A of ACK mode,
 * which has no line end before it, or the prompt, which has. */
static bool next_item(long end_ms, char bare) {
    size_t length = 0;
    bool blank = false;
    for (;;) {
        struct pollfd wait = {.fd = port, .events = POLLIN};
        long left = end_ms - now_ms();
        char byte;
        if (left <= 0 || poll(&wait, 1, (int)left) <= 0 || read(port, &byte, 1) != 1)
            return false;
        if (bare && length == 0 && byte == bare && blank == (bare == '>'))
            return strcpy(item, bare == 'A' ? "A" : ">");
        blank = blank || byte == '\r' || byte == '\n';
        if (byte == '\n' && length > 0)
            return true;
        if (byte != '\r' && byte != '\n' && length < sizeof item - 1) {
            item[length++] = byte;
            item[length] = '\0';
        }
    }
}

static bool starts(const char *with) {
    return strncmp(item, with, strlen(with)) == 0;
}

/* Read up to what begins with `wanted`; false where an error or nothing comes. */
static bool comes(const char *wanted, int wait_s, char bare) {
    long end = now_ms() + wait_s * 1000L;
    while (next_item(end, bare)) {
        if (starts("+"))
            strcpy(info, item);
        if (starts(wanted))
            return true;
        if (starts("ERROR") || starts("+CME ERROR:") || starts("+QMTSTAT:"))
            return false;
    }
    return false;
}

static void send_bytes(const void *data, size_t count) {
    if (write(port, data, count) != (ssize_t)count)
        die("the port takes no more bytes");
}

static bool command(const char *text, const char *wanted, int wait_s, char bare) {
    tcflush(port, TCIFLUSH); /* what came unasked is no answer to this */
    info[0] = '\0';
    send_bytes(text, strlen(text));
    send_bytes("\r", 1);
    return comes(wanted, wait_s, bare);
}

static void expect(const char *text, const char *wanted, int wait_s) {
    if (!command(text, wanted, wait_s, 0))
        die(text);
}

/* A command whose result comes behind its OK, sooner or later, and must be `good`. */
static void result(const char *good, int wait_s) {
    char text[40];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(good, " "), good);
    if (comes(text, wait_s, 0) && strcmp(item, good) == 0)
        return;
    snprintf(text, sizeof text, "no %s", good);
    die(text);
}

static unsigned checksum(const unsigned char *data, size_t size) {
    unsigned sum = 0;
    for (size_t at = 0; at < size; at++)
        sum ^= at % 2 ? data[at] : (unsigned)data[at] << 8;
    return sum;
}

static bool acknowledged(void) {
    while (comes("A", COMMAND_S, 'A'))
        if (strcmp(item, "A") == 0) /* else news that begins so */
            return true;
    return false;
}

static void upload(const unsigned char *data, size_t size) {
    char text[80];
    unsigned stored = 0, sum = 0;
    command("AT+QFDEL=\"" NAME "\"", "OK", COMMAND_S, 0); /* an error: there was none */
    snprintf(text, sizeof text, "AT+QFUPL=\"" NAME "\",%zu,5,1", size);
    expect(text, "CONNECT", COMMAND_S);
    for (size_t at = 0; at < size; at += BLOCK_BYTES) {
        if (at > 0 && !acknowledged())
            die("no A for a block");
        send_bytes(data + at, size - at < BLOCK_BYTES ? size - at : BLOCK_BYTES);
    }
    if (!comes("OK", COMMAND_S, 'A')) /* perhaps behind an A for a last full block */
        die("the upload did not end well");
    if (sscanf(info, "+QFUPL: %u,%x", &stored, &sum) != 2 || stored != size ||
        sum != checksum(data, size))
        die(info);
}

static bool is_registered(void) {
    int stat = 0;
    expect("AT+CEREG?", "OK", COMMAND_S);
    return sscanf(info, "+CEREG: %*d,%d", &stat) == 1 && (stat == 1 || stat == 5);
}

static void join_network(void) {
    for (int tries = 0; !is_registered(); tries++) {
        if (tries == NETWORK_TRIES)
            die("no network");
        poll(NULL, 0, 1000);
    }
    expect("AT+QIACT?", "OK", COMMAND_S);
    if (strncmp(info, "+QIACT: 1,1", strlen("+QIACT: 1,1")) != 0)
        expect("AT+QIACT=1", "OK", ACTIVATE_S);
}

static void publish(const char *host, const char *broker_port) {
    static const char *const settings[] = {
        "AT+QSSLCFG=\"sslversion\",0,4",      /* any */
        "AT+QSSLCFG=\"ciphersuite\",0,0XFFFF", /* any */
        "AT+QSSLCFG=\"seclevel\",0,1",        /* the server's certificate is checked */
        "AT+QSSLCFG=\"cacert\",0,\"" NAME "\"",
        "AT+QSSLCFG=\"ignorelocaltime\",0,1", /* the module's clock may not be set */
        "AT+QSSLCFG=\"sni\",0,1",
        "AT+QMTCFG=\"ssl\",0,1,0",
        "AT+QMTCFG=\"version\",0,4",
    };
    char text[200];
    for (size_t at = 0; at < sizeof settings / sizeof *settings; at++)
        expect(settings[at], "OK", COMMAND_S);
    snprintf(text, sizeof text, "AT+QMTOPEN=0,\"%s\",%s", host, broker_port);
    expect(text, "OK", COMMAND_S);
    result("+QMTOPEN: 0,0", OPEN_S);
    expect("AT+QMTCONN=0,\"quecsim\"", "OK", COMMAND_S);
    result("+QMTCONN: 0,0,0", ANSWER_S);
    snprintf(text, sizeof text, "AT+QMTPUB=0,1,1,0,\"quecsim/example\",%zu", strlen(MESSAGE));
    if (!command(text, ">", COMMAND_S, '>'))
        die("no prompt");
    send_bytes(MESSAGE, strlen(MESSAGE));
    result("+QMTPUB: 0,1,0", ANSWER_S);
    expect("AT+QMTDISC=0", "OK", COMMAND_S);
    result("+QMTDISC: 0,0", ANSWER_S);
}

int main(int argc, char **argv) {
    static unsigned char data[1 << 20];
    struct termios settings;
    FILE *file = argc == 5 ? fopen(argv[2], "rb") : NULL;
    port = argc == 5 ? open(argv[1], O_RDWR | O_NOCTTY) : -1;
    if (!file || port < 0 || tcgetattr(port, &settings) != 0)
        die("usage: connect PORT FILE HOST BROKER-PORT");
    size_t size = fread(data, 1, sizeof data, file);
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    cfsetispeed(&settings, B115200);
    cfsetospeed(&settings, B115200);
    tcsetattr(port, TCSANOW, &settings);

    for (int tries = 0; !command("AT", "OK", AT_S, 0); tries++)
        if (tries == TRIES)
            die("no answer to AT");
    expect("ATE0", "OK", COMMAND_S);
    expect("AT+CMEE=1", "OK", COMMAND_S);
    upload(data, size);
    join_network();
    publish(argv[3], argv[4]);
    printf("%s:%s: the message is acknowledged\n", argv[3], argv[4]);
    return 0;
}
