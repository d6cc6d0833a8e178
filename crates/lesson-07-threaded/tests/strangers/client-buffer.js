// Menu client on Node, right: what came is collected, and texts are taken from it by their length.
const net = require('net');
const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
const [host, port] = process.argv.slice(2);
const socket = net.connect(Number(port), host, () => socket.write(lines.shift()));
let kept = Buffer.alloc(0), greeted = false;
socket.on('data', data => {
  kept = Buffer.concat([kept, data]);
  for (let length; kept.length >= (length = greeted ? 16 : 15); greeted = true) {
    console.log((greeted ? 'answer: ' : 'greeting: ') + kept.subarray(0, length));
    kept = kept.subarray(length);
    if (greeted) { if (lines.length) socket.write(lines.shift()); else socket.end(); }
  }
});
