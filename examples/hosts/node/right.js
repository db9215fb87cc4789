'use strict';
// A file to the module with AT+QFUPL in ACK mode, and proof that it arrived.
//
//     npm ci && node right.js PORT FILE      as UFS:ca.pem; exit code 0: it is there, whole
//
// Every wait ends, whatever the module says. After a failure it starts anew, with the old file
// deleted.
const { readFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { SerialPort } = require('serialport');

const NAME = 'UFS:ca.pem';
const BLOCK_BYTES = 1024; // the module acknowledges each
const DATA_MODE_S = 5; // the module gives up after so long without data
const REPLY_MS = (DATA_MODE_S + 5) * 1000; // its own error says more than our time-out
const GUARD_MS = 1200; // silence around +++
const ATTEMPTS = 3;
const LINE = /^[\r\n]*([^\r\n][^\n]*)\n/;
const FINAL = /^(OK|ERROR|CONNECT|\+CM[ES] ERROR:.*)$/;

class NoModule extends Error {}

class Modem {
  constructor(path) {
    this.input = '';
    this.wake = () => {};
    this.inDataMode = false; // or may be: a command went out, and no result came
    this.port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
    this.port.on('data', (bytes) => {
      this.input += bytes.toString('latin1');
      this.wake();
    });
  }

  open() {
    return new Promise((done, failed) => this.port.open((error) => (error ? failed(error) : done())));
  }

  // Hand bytes to the port; does not wait until they are out, since the answer shows that.
  write(bytes) {
    this.port.write(bytes, (error) => error && console.error(`right.js: ${error.message}`));
  }

  // The next line that is not empty and, where the module may send one, a bare A.
  async item(end, bareA) {
    for (;;) {
      const line = LINE.exec(this.input);
      if (bareA && this.input.startsWith('A')) return this.take(1); // a line would begin with CR LF
      if (line) return this.note(this.take(line[0].length).trim());
      if (Date.now() >= end) throw new Error('no answer');
      await this.more(end - Date.now());
    }
  }

  note(line) {
    if (FINAL.test(line)) this.inDataMode = line === 'CONNECT';
    return line;
  }

  take(count) {
    const text = this.input.slice(0, count);
    this.input = this.input.slice(count);
    return text;
  }

  more(waitMs) {
    return new Promise((done) => {
      const timer = setTimeout(done, waitMs);
      this.wake = () => (clearTimeout(timer), done());
    });
  }

  // All lines up to the final result; echo and news may be among them.
  async reply(waitMs = REPLY_MS, bareA = false) {
    const end = Date.now() + waitMs;
    const lines = [];
    do lines.push(await this.item(end, bareA));
    while (!FINAL.test(lines.at(-1)));
    return lines;
  }

  async command(text, waitMs) {
    this.input = ''; // what came unasked is no answer to this
    this.inDataMode = true;
    this.write(`${text}\r`);
    return this.reply(waitMs);
  }

  async expect(text, ...finals) {
    const lines = await this.command(text);
    if (!finals.includes(lines.at(-1))) throw new Error(`${text}: ${lines.at(-1)}`);
    return lines;
  }

  // AT until it is answered: the module may be starting, or looking for our baud rate.
  async sync() {
    for (let tries = 0; tries < 10; tries++) {
      if (tries === 3) await this.leaveDataMode(); // perhaps another program left it there
      const lines = await this.command('AT', 1000).catch(() => ['no answer']);
      if (lines.at(-1) !== 'OK') continue;
      if (tries > 0) await sleep(GUARD_MS); // answers to the earlier ones may be under way
      return;
    }
    throw new NoModule('no answer to AT');
  }

  // +++ between two silences; no harm where there is no data mode.
  async leaveDataMode() {
    await sleep(GUARD_MS);
    this.write('+++');
    await this.reply(2 * GUARD_MS).catch(() => {});
  }

  async waitForA() {
    const end = Date.now() + REPLY_MS;
    for (;;) {
      const item = await this.item(end, true);
      if (item === 'A') return;
      if (FINAL.test(item)) throw new Error(`the upload ended early: ${item}`);
    }
  }

  async send(data) {
    for (let start = 0; start < data.length; start += BLOCK_BYTES) {
      if (start > 0) await this.waitForA();
      this.write(data.subarray(start, start + BLOCK_BYTES));
    }
    return this.reply(REPLY_MS, true); // not every module sends an A for a last full block
  }
}

// Exclusive or of the 16-bit words, high byte first; an odd last byte is a high byte.
function checksum(data) {
  return data.reduce((sum, byte, at) => sum ^ (at % 2 ? byte : byte << 8), 0).toString(16);
}

async function attempt(modem, data) {
  await modem.sync();
  await modem.expect('ATE0', 'OK');
  await modem.expect('AT+CMEE=1', 'OK');
  await modem.command(`AT+QFDEL="${NAME}"`, REPLY_MS); // an error: there was none, 418 or 405
  await modem.expect(`AT+QFUPL="${NAME}",${data.length},${DATA_MODE_S},1`, 'CONNECT');
  const lines = await modem.send(data);
  if (lines.at(-1) !== 'OK') throw new Error(`the module ended the upload with ${lines.at(-1)}`);
  const expected = `+QFUPL: ${data.length},0*${checksum(data)}`; // some modules print four digits
  const summary = new RegExp(`^\\${expected}$`);
  if (!lines.some((line) => summary.test(line)))
    throw new Error(`the module says ${lines}, not ${expected}`);
  const listing = (await modem.expect(`AT+QFLST="${NAME}"`, 'OK')).join(' ');
  if (!new RegExp(`\\+QFLST: "[^"]*",${data.length}\\b`).test(listing))
    throw new Error(`the module lists ${listing}, not ${data.length} bytes`);
}

async function main(path, file) {
  const data = readFileSync(file);
  const modem = new Modem(path);
  await modem.open();
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      await attempt(modem, data);
      break;
    } catch (error) {
      if (left === 0 || error instanceof NoModule) throw error;
      if (modem.inDataMode) await modem.leaveDataMode();
    }
  }
  console.log(`${NAME}: ${data.length} bytes, checksum ${checksum(data)}, verified`);
}

main(...process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(`right.js: ${error.message}`);
    process.exit(1);
  },
);
