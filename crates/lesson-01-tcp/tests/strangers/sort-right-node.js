// Right, in Node: end() after the last line ends this direction only; the answer still comes.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2]);
socket.on('error', error => { console.error(error.message); process.exitCode = 1; });
process.stdin.pipe(socket);
socket.pipe(process.stdout);
