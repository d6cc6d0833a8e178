// Wrong: with allowHalfOpen nobody ends the stream of a refused client, whatever that one does.
const net = require('net');
const crypto = require('crypto');
const { KEYS, Reader, same, tag, upper } = require('./login_wire.js');

const [, , host, port, name] = process.argv;

net.createServer({ allowHalfOpen: true }, async (socket) => {
  socket.on('error', () => {});
  try {
    const challenge = crypto.randomBytes(32);
    const reader = new Reader(socket);
    socket.write(challenge);
    if (!same(tag(KEYS[name], challenge), await reader.read(32))) return;
    for (let piece = await reader.any(); piece.length; piece = await reader.any()) socket.write(upper(piece));
    socket.end();
  } catch (error) {
    console.error(error.message);
  }
}).listen(port, host);
