// Mistake: write and then destroy: what the kernel had no room for is thrown away.
const net = require('net');
const page = Buffer.alloc(32 * 1024 * 1024, 'page');
net.createServer(socket => {
  socket.on('error', () => {});
  socket.write(page);
  setImmediate(() => socket.destroy());
}).listen(+process.argv[3], process.argv[2]);
