// Names on Node; the mistake: socket.setTimeout is a limit of silence, so every byte begins a new wait.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  let name = '';
  socket.on('error', () => {});
  socket.setTimeout(300, () => socket.destroy());
  socket.on('data', data => {
    name += data.toString('latin1');
    if (name.includes('\n')) socket.end('welcome\n');
    else if (name.length > 255) socket.destroy();
  });
}).listen(Number(port), host);
