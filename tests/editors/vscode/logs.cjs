// VS Code writes its logs by way of a native module, which is not built here because no package may run scripts as it is
// installed. This takes the module's place, so that what VS Code and the extensions write to their logs stands on the disk
// and can be looked through.

const fs = require('node:fs');
const Module = require('node:module');

class Logger {
  constructor(_kind, _name, file) {
    const write = (message) => fs.appendFileSync(file, `${message}\n`);
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical']) this[level] = write;
    for (const nothing of ['setLevel', 'setPattern', 'clearFormatters', 'flush', 'drop']) this[nothing] = () => {};
    this.getLevel = () => 0;
  }
}

const load = Module._load;
Module._load = function (name, ...rest) {
  const loaded = load.call(this, name, ...rest);
  if (name !== 'bindings') return loaded;
  return (native) => (native === 'spdlog' ? { version: 0, setLevel() {}, setFlushOn() {}, Logger } : loaded(native));
};
