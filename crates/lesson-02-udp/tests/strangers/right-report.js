// Reports each line, in Node, not connected. Right.
const socket = require('dgram').createSocket('udp4');
const lines = require('readline').createInterface({ input: process.stdin });
let under_way = 0, ended = false;
const end = () => ended && under_way === 0 && socket.close();
lines.on('line', (line) => {
  under_way += 1;
  socket.send(line, Number(process.argv[3]), process.argv[2], () => { under_way -= 1; end(); });
});
lines.on('close', () => { ended = true; end(); });
