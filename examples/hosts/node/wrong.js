'use strict';
// The size of a string: `text.length` counts characters, and a file with an umlaut in a comment has
// more bytes than that. The module takes as many bytes as were announced; the rest of the file meets
// its command line.
//
//     npm ci && node wrong.js PORT FILE
const { readFileSync } = require('node:fs');
const { SerialPort } = require('serialport');

const [path, file] = process.argv.slice(2);
const port = new SerialPort({ path, baudRate: 115200 });
let answer = '';
let check = () => {};
port.on('data', (bytes) => {
  answer += bytes.toString('latin1');
  check();
});

// What the module says, up to `pattern`; gives up after 10 s.
function waitFor(pattern) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`no answer: ${answer}`)), 10000);
    check = () => {
      const end = answer.match(pattern);
      if (!end) return;
      clearTimeout(timer);
      check = () => {};
      answer = answer.slice(end.index + end[0].length);
      done(end[0]);
    };
    check();
  });
}

function command(text, pattern = /(OK|ERROR.*)\r\n/) {
  port.write(`${text}\r`);
  return waitFor(pattern);
}

async function main() {
  const text = readFileSync(file, 'utf8');
  await command('AT');
  await command('ATE0');
  await command('AT+CMEE=1');
  await command('AT+QFDEL="UFS:ca.pem"'); // an error: there was none
  // The mistake: Buffer.byteLength(text) is what is sent.
  await command(`AT+QFUPL="UFS:ca.pem",${text.length},5,1`, /CONNECT\r\n/);
  const data = Buffer.from(text);
  for (let at = 0; at < data.length; at += 1024) {
    if (at > 0) await waitFor(/A/);
    port.write(data.subarray(at, at + 1024));
  }
  const sum = data.reduce((sum, byte, at) => sum ^ (at % 2 ? byte : byte << 8), 0).toString(16);
  const summary = await waitFor(/\+QFUPL: .*\r\n\r\n(OK|.*ERROR.*)\r\n|ERROR.*\r\n/);
  if (!summary.startsWith(`+QFUPL: ${data.length},${sum}\r\n\r\nOK`)) throw new Error(summary.trim());
  console.log('uploaded');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(`wrong.js: ${error.message}`);
    process.exit(1);
  },
);
