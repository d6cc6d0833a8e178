// Mistake (of full-queue): the event 'timeout' is written down, and nothing is ended by it.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2], () => socket.write('hello'));
socket.setTimeout(1000);
socket.on('timeout', () => console.error('it takes long'));
socket.on('data', data => { console.log(data.toString()); socket.end(); });
socket.on('error', error => { console.error(error.message); process.exit(1); });
