// Right, in Node: what is written waits in the memory of the program, and the data that come are taken meanwhile.
const net = require('net');
const SIZE = 64 * 1024 * 1024;
const socket = net.connect(+process.argv[3], process.argv[2]);
let taken = 0;
socket.end(Buffer.alloc(SIZE, 'c'));
socket.on('data', data => { taken += data.length; });
socket.on('end', () => {
  if (taken !== SIZE) process.exitCode = 1;
  else console.log('the exchange is complete');
});
socket.on('error', error => { console.error(error.message); process.exitCode = 1; });
