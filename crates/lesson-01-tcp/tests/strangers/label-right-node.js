// Right, in Node: a queue of lines; the next one is sent when the answer to the one before is whole.
const net = require('net');
const lines = require('fs').readFileSync(0).toString().split('\n').filter(line => line);
const socket = net.connect(+process.argv[3], process.argv[2]);
let buffer = Buffer.alloc(0), wanted = 0;
function next() {
  if (!lines.length) return socket.end();
  const line = Buffer.from(lines.shift());
  wanted = 6 + line.length;
  socket.write(line);
}
socket.on('connect', next);
socket.on('data', data => {
  buffer = Buffer.concat([buffer, data]);
  if (buffer.length < wanted) return;
  console.log(buffer.subarray(0, wanted).toString());
  buffer = buffer.subarray(wanted);
  next();
});
socket.on('error', error => { console.error(error.message); process.exitCode = 1; });
