// Right, in Node: the stream keeps flowing, so what the client sends is read (and thrown away) to its end.
const net = require('net');
const page = Buffer.from('page'.repeat(25000));
net.createServer({ allowHalfOpen: true }, socket => {
  let heard = 0;
  socket.setTimeout(30000, () => socket.destroy());
  socket.on('error', error => console.error(error.message));
  socket.on('data', data => {
    if (heard < 4 && heard + data.length >= 4) socket.end(page);
    heard += data.length;
  });
  socket.on('end', () => { if (heard < 4) socket.end(); });
}).listen(+process.argv[3], process.argv[2]);
