// Mistake: allowHalfOpen without an end of its own: no connection is ever closed.
const net = require('net');
net.createServer({ allowHalfOpen: true }, socket => {
  socket.on('error', () => {});
  socket.on('data', data => socket.write(data));
}).listen(+process.argv[3], process.argv[2]);
