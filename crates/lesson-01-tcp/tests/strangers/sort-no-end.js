// Mistake: the input is written and never ended: { end: false }.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2]);
process.stdin.pipe(socket, { end: false });
socket.pipe(process.stdout);
