/* A file to the module with AT+QFUPL in ACK mode, and proof that it arrived.
 *
 *     cc -std=c99 -Wall -Wextra -o right right.c
 *     ./right PORT FILE            as UFS:ca.pem; exit code 0: it is there, whole
 *
 * Every wait ends, whatever the module says. After a failure it starts anew, with the old file
 * deleted. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NAME "UFS:ca.pem"
enum { BLOCK_BYTES = 1024, DATA_MODE_S = 5, ATTEMPTS = 3 };
enum { REPLY_MS = (DATA_MODE_S + 5) * 1000, AT_MS = 1000, GUARD_MS = 1200 };

static int port;
static bool in_data_mode; /* or may be: a command went out, and no result came */
static char item[256];    /* what the module said last: a line, or a bare A */
static char answer[2048]; /* all lines of the last reply, each with its LF */

static bool fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("right: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return false;
}

static long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static void sleep_ms(long ms) {
    poll(NULL, 0, (int)ms);
}

static bool ready(short what, long end_ms) {
    struct pollfd wait = {.fd = port, .events = what};
    long left = end_ms - now_ms();
    return left > 0 && poll(&wait, 1, (int)left) > 0 && (wait.revents & what);
}

static bool send_bytes(const void *data, size_t count) {
    const char *at = data;
    long end = now_ms() + REPLY_MS;
    while (count > 0) {
        if (!ready(POLLOUT, end))
            return fail("the port takes no more bytes");
        ssize_t sent = write(port, at, count);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return fail("the port went away: %s", strerror(errno));
        if (sent > 0) {
            at += sent;
            count -= (size_t)sent;
        }
    }
    return true;
}

/* The next line that is not empty or, where the module may send one, a bare A, into `item`. */
static bool next_item(long end_ms, bool bare_a) {
    size_t length = 0;
    bool blank = false;
    char byte;
    while (ready(POLLIN, end_ms) && read(port, &byte, 1) == 1) {
        if (bare_a && length == 0 && byte == 'A' && !blank) /* a line would begin with CR LF */
            return strcpy(item, "A");
        blank = blank || byte == '\r' || byte == '\n';
        if (byte == '\n' && length > 0)
            return true;
        if (byte != '\r' && byte != '\n' && length < sizeof item - 1) {
            item[length++] = byte;
            item[length] = '\0';
        }
    }
    return false;
}

static bool starts(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_final(void) {
    bool connect = !strcmp(item, "CONNECT");
    bool final = connect || !strcmp(item, "OK") || !strcmp(item, "ERROR") ||
                 starts(item, "+CME ERROR:") || starts(item, "+CMS ERROR:");
    if (final)
        in_data_mode = connect;
    return final;
}

/* All lines up to the final result, which is then in `item`; echo and news may be among them. */
static bool reply(long wait_ms, bool bare_a) {
    long end = now_ms() + wait_ms;
    answer[0] = '\0';
    while (next_item(end, bare_a)) {
        if (strlen(answer) + strlen(item) + 2 < sizeof answer)
            strcat(strcat(answer, item), "\n");
        if (is_final())
            return true;
    }
    return false;
}

static bool command(const char *text, long wait_ms) {
    in_data_mode = true;
    tcflush(port, TCIFLUSH); /* what came unasked is no answer to this */
    return send_bytes(text, strlen(text)) && send_bytes("\r", 1) && reply(wait_ms, false);
}

static bool expect(const char *text, const char *final) {
    if (!command(text, REPLY_MS))
        return fail("%s: no answer", text);
    return strcmp(item, final) == 0 || fail("%s: %s", text, item);
}

/* +++ between two silences; no harm where there is no data mode. */
static void leave_data_mode(void) {
    sleep_ms(GUARD_MS);
    if (send_bytes("+++", 3))
        reply(2 * GUARD_MS, false);
}

/* AT until it is answered: the module may be starting, or looking for our baud rate. */
static bool sync_at(void) {
    for (int tries = 0; tries < 10; tries++) {
        if (tries == 3)
            leave_data_mode(); /* perhaps another program left the module there */
        if (command("AT", AT_MS) && !strcmp(item, "OK")) {
            if (tries > 0)
                sleep_ms(GUARD_MS); /* answers to the earlier ones may be under way */
            return true;
        }
    }
    return fail("no answer to AT");
}

/* An error means that there was none. Its number differs from module to module: 418, 405, 4010. */
static bool delete_old_file(void) {
    return command("AT+QFDEL=\"" NAME "\"", REPLY_MS) || fail("AT+QFDEL: no answer");
}

static bool wait_for_a(void) {
    long end = now_ms() + REPLY_MS;
    while (next_item(end, true)) {
        if (!strcmp(item, "A"))
            return true;
        if (is_final())
            return fail("the upload ended early: %s", item);
    }
    return fail("no A within %d s", REPLY_MS / 1000);
}

static bool send_file(const unsigned char *data, size_t size) {
    for (size_t at = 0; at < size; at += BLOCK_BYTES) {
        size_t left = size - at;
        if (at > 0 && !wait_for_a())
            return false;
        if (!send_bytes(data + at, left < BLOCK_BYTES ? left : BLOCK_BYTES))
            return false;
    }
    if (!reply(REPLY_MS, true)) /* not every module sends an A for a last full block */
        return fail("no answer at the end of the file");
    return !strcmp(item, "OK") || fail("the module ended the upload with %s", item);
}

/* Exclusive or of the 16-bit words, high byte first; an odd last byte is a high byte. */
static unsigned checksum(const unsigned char *data, size_t size) {
    unsigned sum = 0;
    for (size_t at = 0; at < size; at++)
        sum ^= at % 2 ? data[at] : (unsigned)data[at] << 8;
    return sum;
}

/* Some modules print all four digits of the checksum. */
static bool summed_up(size_t size, unsigned sum) {
    char text[40];
    snprintf(text, sizeof text, "+QFUPL: %zu,", size);
    const char *line = strstr(answer, text);
    return line && strtoul(line + strlen(text), NULL, 16) == sum;
}

static bool listed(size_t size) {
    const char *line = strstr(answer, "+QFLST: \"");
    const char *name_end = line ? strstr(line, "\",") : NULL;
    return name_end && strtoul(name_end + 2, NULL, 10) == size;
}

static bool upload(const unsigned char *data, size_t size) {
    char text[80];
    if (!expect("ATE0", "OK") || !expect("AT+CMEE=1", "OK") || !delete_old_file())
        return false;
    snprintf(text, sizeof text, "AT+QFUPL=\"" NAME "\",%zu,%d,1", size, DATA_MODE_S);
    if (!expect(text, "CONNECT") || !send_file(data, size))
        return false;
    if (!summed_up(size, checksum(data, size)))
        return fail("the module says\n%sand should say %zu,%x", answer, size, checksum(data, size));
    if (!expect("AT+QFLST=\"" NAME "\"", "OK"))
        return false;
    return listed(size) || fail("the module lists\n%sand should list %zu bytes", answer, size);
}

static bool open_port(const char *path) {
    struct termios settings;
    port = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (port < 0 || tcgetattr(port, &settings) != 0)
        return fail("%s: %s", path, strerror(errno));
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~(CRTSCTS | CSTOPB);
    cfsetispeed(&settings, B115200);
    cfsetospeed(&settings, B115200);
    return tcsetattr(port, TCSANOW, &settings) == 0 || fail("%s: %s", path, strerror(errno));
}

int main(int argc, char **argv) {
    static unsigned char data[16 << 20];
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (!file)
        return fail("usage: right PORT FILE"), 1;
    size_t size = fread(data, 1, sizeof data, file);
    if (!open_port(argv[1]))
        return 1;
    for (int attempt = 0; attempt < ATTEMPTS && sync_at(); attempt++) {
        if (upload(data, size)) {
            printf(NAME ": %zu bytes, checksum %x, verified\n", size, checksum(data, size));
            return 0;
        }
        if (in_data_mode)
            leave_data_mode();
    }
    return 1;
}
