// Perfetto's own trace processor, as its page runs it in a worker; a pipe is in the page's place.
//     node trace_processor.js FOLDER < requests > replies
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const folder = process.argv[2];

// The worker fetches its WebAssembly with this, and uses no more of it.
class XMLHttpRequest {
  open(_method, name) {
    this.name = path.basename(name);
  }
  send() {
    this.response = vm.runInContext("Uint8Array", worker).from(fs.readFileSync(path.join(folder, this.name))).buffer;
    this.status = 200;
  }
}

const worker = {
  WorkerGlobalScope: class {},
  importScripts() {},
  location: { href: "engine_bundle.js" },
  XMLHttpRequest,
  TextDecoder,
  TextEncoder,
  URL,
  crypto: globalThis.crypto,
  performance,
  setTimeout,
  console: { log() {}, warn() {}, error: console.error },
};
worker.self = worker;
vm.createContext(worker);
vm.runInContext(fs.readFileSync(path.join(folder, "engine_bundle.js"), "utf8"), worker);

const replies = [];
const port = { postMessage: (data) => replies.push(Buffer.from(data)) };
worker.onmessage({ data: port });
setTimeout(() => {
  const requests = vm.runInContext("Uint8Array", worker).from(fs.readFileSync(0));
  port.onmessage({ data: requests });
  process.stdout.write(Buffer.concat(replies));
});
