// Right: a client in Node. The third argument names the wire: password-in-clear, reflection or one-key-for-all.
const net = require('net');
const crypto = require('crypto');
const readline = require('readline');
const { KEYS, USERS, Reader, same, tag } = require('./login_wire.js');

const [, , host, port, wire] = process.argv;
const socket = net.connect({ host, port });
const reader = new Reader(socket);

async function prove(key, first) {
  const ours = Buffer.concat([first, crypto.randomBytes(32)]);
  const theirs = await reader.read(32);
  socket.write(Buffer.concat([ours, tag(key, 'client', theirs, ours)]));
  if (!same(tag(key, 'server', theirs, ours), await reader.read(32))) throw new Error('this is not the server');
}

const logins = {
  'password-in-clear': async () => socket.write(tag(KEYS['only-two'], await reader.read(32))),
  reflection: () => prove(KEYS.shared, Buffer.alloc(0)),
  'one-key-for-all': () => prove(USERS.alice, Buffer.from('A')),
};

async function main() {
  await logins[wire]();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const text = Buffer.from(line);
    socket.write(text);
    console.log((await reader.read(text.length)).toString());
  }
  socket.end();
}
main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
  socket.destroy();
  process.stdin.destroy();
});
