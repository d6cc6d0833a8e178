// Mistake: write(string) sends UTF-8.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2]);
socket.resume();
socket.end(require('fs').readFileSync(0).toString().replace(/\n/g, ''));
