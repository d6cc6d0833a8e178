// Mistake: setTimeout without a handler: Node sends the event 'timeout', and the connection stays open.
const net = require('net');
net.createServer(socket => {
  socket.setTimeout(1000);
  socket.on('error', error => console.error(error.message));
  socket.pipe(socket);
}).listen(+process.argv[3], process.argv[2]);
