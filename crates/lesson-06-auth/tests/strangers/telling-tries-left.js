// Wrong: who is refused is told how many tries are left, and only a user that exists has a number of tries.
const net = require('net');
const crypto = require('crypto');
const { USERS, Reader, same, tag, upper } = require('./login_wire.js');

const [, , host, port] = process.argv;
const tries = { alice: 100, bob: 100 };

net.createServer(async (socket) => {
  socket.on('error', () => {});
  try {
    const challenge = crypto.randomBytes(32);
    const reader = new Reader(socket);
    socket.write(challenge);
    const name = (await reader.read((await reader.read(1))[0])).toString('latin1');
    const got = await reader.read(32);
    if (!same(tag(USERS[name] || crypto.randomBytes(32), challenge), got)) {
      socket.end(name in tries ? `refused, ${--tries[name]} tries left\n` : 'refused\n');
      return;
    }
    socket.write('welcome\n');
    for (let piece = await reader.any(); piece.length; piece = await reader.any()) socket.write(upper(piece));
    socket.end();
  } catch (error) {
    socket.destroy();
  }
}).listen(port, host);
