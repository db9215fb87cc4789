#!/usr/bin/env bash
# Fixed sleeps in place of answers: enough for the board on the desk, on that day. What the module
# said meanwhile is read at the end; a summary that comes a moment later is never seen.
#
#     wrong.sh PORT FILE
set -u
export LC_ALL=C

size=$(($(wc -c <"$2")))
sum=0
for word in $(od -An -v -tx2 --endian=big -w2 "$2"); do ((sum ^= 16#$word)); done
summary=$(printf '+QFUPL: %d,%x' "$size" "$sum")

exec 3<>"$1" && stty 115200 raw -echo clocal -crtscts -cstopb <&3 || exit 1
for command in ATE0 AT+CMEE=1 'AT+QFDEL="UFS:ca.pem"' "AT+QFUPL=\"UFS:ca.pem\",$size,5"; do
    printf '%s\r' "$command" >&3
    sleep 0.1
done
dd if="$2" bs=1024 status=none >&3
sleep 0.1
answer=$(timeout 0.1 cat <&3)
[[ $answer == *"$summary"* ]] || { echo "wrong.sh: the module said: $answer" >&2; exit 1; }
echo uploaded
