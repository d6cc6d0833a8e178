// Mistake: write() without a look at its result: what a member does not read is kept in memory without a limit.
const net = require('net');
const members = new Set();
net.createServer(socket => {
  members.add(socket);
  socket.on('data', data => { for (const member of members) member.write(data); });
  socket.on('error', () => {});
  socket.on('close', () => members.delete(socket));
}).listen(+process.argv[3], process.argv[2]);
