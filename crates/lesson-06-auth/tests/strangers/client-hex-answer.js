// Wrong: the answer is sent as 64 hexadecimal digits, where the wire has 32 bytes.
const net = require('net');
const { KEYS, Reader, tag } = require('./login_wire.js');

async function main() {
  const socket = net.connect({ host: process.argv[2], port: process.argv[3] });
  const reader = new Reader(socket);
  socket.write(tag(KEYS['only-two'], await reader.read(32)).toString('hex'));
  let input = '';
  for await (const piece of process.stdin) input += piece;
  for (const line of input.split('\n').slice(0, -1)) {
    socket.write(line);
    console.log((await reader.read(Buffer.byteLength(line))).toString());
  }
  socket.end();
}
main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
