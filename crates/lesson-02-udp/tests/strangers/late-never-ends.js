// Reports each line, in Node, not connected, and does not close its socket. Wrong: an open socket keeps Node alive.
const socket = require('dgram').createSocket('udp4');
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  socket.send(line, Number(process.argv[3]), process.argv[2]);
});
