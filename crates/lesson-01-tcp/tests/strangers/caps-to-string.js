// Mistake: data.toString() of each piece: U+FFFD for each half.
const net = require('net');
net.createServer({ allowHalfOpen: true }, socket => {
  socket.on('data', data => socket.write(data.toString().toUpperCase()));
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
}).listen(+process.argv[3], process.argv[2]);
