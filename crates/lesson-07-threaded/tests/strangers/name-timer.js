// Names on Node, right: one timer for the whole name.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  let name = '', done = false;
  const timer = setTimeout(() => socket.destroy(), 300);
  socket.on('error', error => console.error(error.message));
  socket.on('close', () => clearTimeout(timer));
  socket.on('data', data => {
    if (done) return;
    name += data.toString('latin1');
    if (name.includes('\n')) { done = true; clearTimeout(timer); socket.end('welcome\n'); }
    else if (name.length > 255) socket.destroy();
  });
}).listen({ port: Number(port), host, backlog: 128 });
