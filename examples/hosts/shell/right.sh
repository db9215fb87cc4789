#!/usr/bin/env bash
# A file to the module with AT+QFUPL in ACK mode, and proof that it arrived.
#
#     right.sh PORT FILE        as UFS:ca.pem; exit code 0: it is there, whole
#
# Every wait ends, whatever the module says. After a failure it starts anew, with the old file
# deleted. Needs bash, and stty, dd, od and timeout of the GNU coreutils.
set -u
export LC_ALL=C

name=UFS:ca.pem
block_bytes=1024
data_mode_s=5                  # the module gives up after so long without data
reply_s=$((data_mode_s + 6))   # so we wait longer: its own error says more than our time-out
guard_s=1.2                    # silence around +++

item=''    # what the module said last: a line, or a bare A
in_data_mode=0  # or may be: a command went out, and no result came
answer=''  # all lines of the last reply

fail() { echo "right.sh: $*" >&2; return 1; }

# The next line that is not empty, into `item`; with "a" as $2 a bare A too. $1: when to give up.
next_item() {
    local byte blank=0
    item=''
    while ((SECONDS < $1)); do
        IFS= read -r -N 1 -t 1 -u 4 byte || continue
        case $byte in
            $'\r') blank=1 ;;
            $'\n') [[ -n $item ]] && return 0 ;;
            *)
                item+=$byte
                # A line would begin with CR LF.
                [[ ${2-} == a && $item == A && $blank == 0 ]] && return 0
                ;;
        esac
    done
    return 1
}

is_final() {
    [[ $item =~ ^(OK|ERROR|CONNECT|\+CM[ES]\ ERROR:.*)$ ]] || return 1
    [[ $item == CONNECT ]] && in_data_mode=1 || in_data_mode=0
}

# All lines up to the final result, which is then in `item`; echo and news may be among them.
reply() { # SECONDS [a]
    local end=$((SECONDS + $1))
    answer=''
    while next_item "$end" "${2-}"; do
        answer+=$item$'\n'
        is_final && return 0
    done
    return 1
}

command_s() { # SECONDS TEXT
    local old
    while IFS= read -r -N 1 -t 0.01 -u 4 old; do :; done # came unasked: no answer to this
    in_data_mode=1
    printf '%s\r' "$2" >&3
    reply "$1"
}

expect() { # TEXT FINAL...
    local text=$1 final
    shift
    command_s "$reply_s" "$text" || { fail "$text: no answer"; return 1; }
    for final; do [[ $item == "$final" ]] && return 0; done
    fail "$text: $item"
}

# +++ between two silences; no harm where there is no data mode.
leave_data_mode() {
    sleep "$guard_s"
    printf '+++' >&3
    reply 3
}

# AT until it is answered: the module may be starting, or looking for our baud rate.
sync_at() {
    local try
    for ((try = 0; try < 8; try++)); do
        ((try == 3)) && leave_data_mode # perhaps another program left the module there
        command_s 2 AT && [[ $item == OK ]] || continue
        ((try > 0)) && sleep "$guard_s" # answers to the earlier ones may be under way
        return 0
    done
    fail "no answer to AT"
}

wait_for_a() {
    local end=$((SECONDS + reply_s))
    while next_item "$end" a; do
        [[ $item == A ]] && return 0
        is_final && { fail "the upload ended early: $item"; return 1; }
    done
    fail "no A within $reply_s s"
}

send_file() {
    local at
    for ((at = 0; at * block_bytes < size; at++)); do
        ((at == 0)) || wait_for_a || return 1
        timeout "$reply_s" dd if="$file" bs=$block_bytes skip=$at count=1 status=none >&3 ||
            { fail "the port takes no more bytes"; return 1; }
    done
    reply "$reply_s" a || { fail "no answer at the end of the file"; return 1; }
    [[ $item == OK ]] || fail "the module ended the upload with $item"
}

# Exclusive or of the 16-bit words, high byte first; an odd last byte is a high byte.
checksum() {
    local word sum=0
    for word in $(od -An -v -tx2 --endian=big -w2 "$file"); do ((sum ^= 16#$word)); done
    printf '%x' $sum
}

upload() {
    expect ATE0 OK && expect AT+CMEE=1 OK &&
        command_s "$reply_s" "AT+QFDEL=\"$name\"" && # an error: there was none, 418 or 405
        expect "AT+QFUPL=\"$name\",$size,$data_mode_s,1" CONNECT && send_file || return 1
    [[ $'\n'$answer =~ $'\n'"+QFUPL: $size,"0*"$sum"$'\n' ]] || # some print four digits
        { fail "the module says $answer, and should say $size,$sum"; return 1; }
    expect "AT+QFLST=\"$name\"" OK || return 1
    [[ $answer =~ \+QFLST:\ \"[^\"]*\",$size[^0-9] ]] ||
        fail "the module lists $answer, and should list $size bytes"
}

(($# == 2)) && [[ -r $2 ]] || { fail "usage: right.sh PORT FILE"; exit 1; }
file=$2
size=$(($(wc -c <"$file")))
sum=$(checksum)
exec 3<>"$1" && stty 115200 raw -echo clocal -crtscts -cstopb <&3 || exit 1
exec 4< <(exec cat <&3) # bash's own `read -N` would switch the terminal out of raw mode
trap "kill $!" EXIT
for attempt in 1 2 3; do
    sync_at || exit 1
    upload && { echo "$name: $size bytes, checksum $sum, verified"; exit 0; }
    ((in_data_mode)) && leave_data_mode
done
exit 1
