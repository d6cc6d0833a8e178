// Menu on Node, right: one event loop, an error handler for each socket, a limit that is said aloud.
const net = require('net');
const [host, port] = process.argv.slice(2);
let inside = 0;
const server = net.createServer(socket => {
  socket.on('error', error => console.error(error.message));
  if (inside >= 500) { socket.end('server full, try again later\n'); return; }
  inside++;
  socket.on('close', () => inside--);
  socket.setTimeout(60000, () => socket.destroy());
  socket.write('我是多线程');
  socket.on('data', data => {
    const word = data.toString('latin1');
    if (word === 'exit') { socket.end(); return; }
    const room = socket.write(word === '0' ? '您输入的是0' : '请重新输入.');
    if (!room) { socket.pause(); socket.once('drain', () => socket.resume()); }
  });
});
server.on('error', error => { console.error(error.message); if (!server.listening) process.exit(1); });
server.listen({ port: Number(port), host, backlog: 128 });
