// Sums on Node, right: server.close() takes no more clients, and Node ends by itself when the last one has its sum.
const net = require('net');
const [host, port] = process.argv.slice(2);
const server = net.createServer({ allowHalfOpen: true }, socket => {
  let text = '';
  socket.on('error', error => console.error(error.message));
  socket.on('data', data => { text += data.toString('latin1'); });
  socket.on('end', () => socket.end(text.split('\n').reduce((sum, line) => sum + Number(line), 0) + '\n'));
});
server.listen({ port: Number(port), host, backlog: 128 });
process.on('SIGINT', () => server.close());
