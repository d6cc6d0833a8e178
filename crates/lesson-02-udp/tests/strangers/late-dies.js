// Reports each line, in Node, connected, and nobody listens to the event error. Wrong: a line that found nobody ends it.
const socket = require('dgram').createSocket('udp4');
const lines = require('readline').createInterface({ input: process.stdin });
socket.connect(Number(process.argv[3]), process.argv[2], () => {
  lines.on('line', (line) => socket.send(line));
  lines.on('close', () => setTimeout(() => socket.close(), 100));
});
