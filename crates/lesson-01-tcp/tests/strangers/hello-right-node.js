// Right, in Node: the timeout runs while it connects, too, and its handler ends the connection.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2]);
let answer = '';
socket.setTimeout(2000, () => socket.destroy(new Error('no answer within 2 seconds')));
socket.on('connect', () => socket.write('hello'));
socket.on('data', data => { answer += data; if (answer.length >= 5) { console.log(answer); socket.end(); } });
socket.on('end', () => { if (answer.length < 5) { console.error('the server has closed'); process.exitCode = 1; } });
socket.on('error', error => { console.error(error.message); process.exitCode = 1; });
