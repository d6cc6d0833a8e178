// Menu client on Node; the mistake: each 'data' event is taken for one text.
const net = require('net');
const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
const [host, port] = process.argv.slice(2);
const socket = net.connect(Number(port), host, () => socket.write(lines.shift()));
let greeted = false;
socket.on('data', data => {
  console.log((greeted ? 'answer: ' : 'greeting: ') + data);
  if (!greeted) { greeted = true; return; }
  if (lines.length) socket.write(lines.shift()); else socket.end();
});
