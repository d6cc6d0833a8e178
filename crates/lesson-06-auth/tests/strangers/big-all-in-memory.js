// Wrong: whatever comes is put together until the frame is whole; there is no limit, before the login as after it.
const net = require('net');
const crypto = require('crypto');
const { KEYS, same, tag, upper } = require('./login_wire.js');

const [, , host, port] = process.argv;

net.createServer((socket) => {
  const challenge = crypto.randomBytes(32);
  let buffer = Buffer.alloc(0);
  let loggedIn = false;
  socket.on('error', () => {});
  socket.write(challenge);
  socket.on('data', (piece) => {
    buffer = Buffer.concat([buffer, piece]);
    while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE()) {
      const header = buffer.subarray(0, 4);
      const payload = buffer.subarray(4, 4 + buffer.readUInt32BE());
      buffer = buffer.subarray(4 + payload.length);
      if (loggedIn) socket.write(Buffer.concat([header, upper(payload)]));
      else if (same(tag(KEYS.shared, challenge), payload)) loggedIn = true;
      else return socket.destroy();
    }
  });
}).listen(port, host);
