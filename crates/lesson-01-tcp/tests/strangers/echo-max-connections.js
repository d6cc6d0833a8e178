// Mistake: maxConnections is taken for the length of a queue: the second client is accepted and closed at once.
const net = require('net');
const server = net.createServer(socket => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
server.maxConnections = 1;
server.listen(+process.argv[3], process.argv[2]);
