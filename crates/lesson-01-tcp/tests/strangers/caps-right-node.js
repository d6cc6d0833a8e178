// Right, in Node: setEncoding puts a decoder before the event 'data' that keeps the part of a character.
const net = require('net');
net.createServer({ allowHalfOpen: true }, socket => {
  socket.setEncoding('utf8');
  socket.setTimeout(10000, () => socket.destroy());
  socket.on('data', text => socket.write(text.toUpperCase()));
  socket.on('end', () => socket.end());
  socket.on('error', error => console.error(error.message));
}).listen(+process.argv[3], process.argv[2]);
