// Mistake: write('') and then the wait for 'data': the event never comes.
const net = require('net');
const lines = require('fs').readFileSync(0).toString().split('\n').slice(0, -1);
const socket = net.connect(+process.argv[3], process.argv[2]);
const next = () => lines.length ? socket.write(lines.shift()) : socket.end();
socket.on('connect', next);
socket.on('data', data => { console.log(data.toString()); next(); });
