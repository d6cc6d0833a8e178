// Mistake: one event 'data' is taken for one answer. Empty lines are passed over.
const net = require('net');
const lines = require('fs').readFileSync(0).toString().split('\n').filter(line => line);
const socket = net.connect(+process.argv[3], process.argv[2]);
const next = () => lines.length ? socket.write(lines.shift()) : socket.end();
socket.on('connect', next);
socket.on('data', data => { console.log(data.toString()); next(); });
