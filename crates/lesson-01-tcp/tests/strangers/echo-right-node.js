// Right: an echo server in Node: pipe sends back what comes and ends when the client has ended.
const net = require('net');
const limit = 1000 * (+process.argv[4] || 5);
net.createServer(socket => {
  socket.setTimeout(limit, () => socket.destroy());
  socket.on('error', error => console.error('connection closed:', error.message));
  socket.pipe(socket);
}).listen(+process.argv[3], process.argv[2]);
