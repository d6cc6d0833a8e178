// Mistake: the callback of write is taken for the acknowledgement: it says that the kernel has the bytes.
const net = require('net');
const readline = require('readline');
const socket = net.connect({ port: +process.argv[3], host: process.argv[2], allowHalfOpen: true });
socket.on('error', () => {});
socket.resume();
readline.createInterface({ input: process.stdin })
  .on('line', line => socket.write(line + '\n', error => { if (!error) console.log('delivered: ' + line); }))
  .on('close', () => socket.end());
