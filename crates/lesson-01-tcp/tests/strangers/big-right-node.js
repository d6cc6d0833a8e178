// Right, in Node: end(page) sends all of it before it closes.
const net = require('net');
const page = Buffer.alloc(32 * 1024 * 1024, 'page');
net.createServer(socket => {
  socket.on('error', error => console.error(error.message));
  socket.resume();
  socket.end(page);
}).listen(+process.argv[3], process.argv[2]);
