// Right: orders one payment from Node and prints what the server says.
const net = require('net');
const { KEYS, Reader, tag } = require('./login_wire.js');

async function main() {
  let input = '';
  for await (const piece of process.stdin) input += piece;
  const [account, amount] = input.split('\n')[0].split(' ').map((field) => Buffer.from(field));
  const socket = net.connect({ host: process.argv[2], port: process.argv[3] });
  const reader = new Reader(socket);
  const challenge = await reader.read(32);
  const fields = Buffer.concat([Buffer.from([account.length]), account, Buffer.from([amount.length]), amount]);
  socket.write(Buffer.concat([fields, tag(KEYS.shared, challenge, fields)]));
  let answer = '';
  for (let piece = await reader.any(); piece.length; piece = await reader.any()) answer += piece;
  socket.end();
  if (!answer.endsWith('\n')) throw new Error('the server has refused the order');
  process.stdout.write(answer);
}
main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
