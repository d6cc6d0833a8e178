// Wrong: timingSafeEqual wants two buffers of one length, so the right one is cut to the length of the other.
const net = require('net');
const crypto = require('crypto');
const { KEYS, Reader, tag, upper } = require('./login_wire.js');

const [, , host, port] = process.argv;

net.createServer(async (socket) => {
  socket.on('error', () => {});
  try {
    const challenge = crypto.randomBytes(32);
    const reader = new Reader(socket);
    socket.write(challenge);
    const got = await reader.read((await reader.read(1))[0]);
    const right = tag(KEYS.shared, challenge).subarray(0, got.length);
    if (!crypto.timingSafeEqual(right, got.subarray(0, 32))) throw new Error('a wrong tag');
    for (let piece = await reader.any(); piece.length; piece = await reader.any()) socket.write(upper(piece));
    socket.end();
  } catch (error) {
    console.error(error.message);
    socket.destroy();
  }
}).listen(port, host);
