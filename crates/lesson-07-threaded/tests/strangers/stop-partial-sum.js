// Sums on Node; the mistake: at the signal every sum is answered as far as it is, and the server ends.
const net = require('net');
const [host, port] = process.argv.slice(2);
const open = new Map();
const answer = socket => socket.end(open.get(socket).split('\n').reduce((sum, line) => sum + Number(line), 0) + '\n');
const server = net.createServer({ allowHalfOpen: true }, socket => {
  open.set(socket, '');
  socket.on('error', () => {});
  socket.on('data', data => open.set(socket, open.get(socket) + data));
  socket.on('end', () => answer(socket));
  socket.on('close', () => open.delete(socket));
});
server.listen(Number(port), host);
process.on('SIGINT', () => { for (const socket of open.keys()) answer(socket); server.close(() => process.exit(0)); });
