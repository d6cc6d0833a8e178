// Right, in Node: a member with more than 1 MiB waiting for it is dropped.
const net = require('net');
const members = new Set();
net.createServer(socket => {
  members.add(socket);
  socket.on('data', data => {
    for (const member of members) {
      if (member.writableLength > 1 << 20) member.destroy();
      else member.write(data);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => members.delete(socket));
}).listen(+process.argv[3], process.argv[2]);
