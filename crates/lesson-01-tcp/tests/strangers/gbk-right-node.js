// Right, in Node, which can decode GBK and not encode it: the table is made out of the decoder.
const net = require('net');
const decoder = new TextDecoder('gbk', { fatal: true });
const table = new Map();
for (let a = 0x81; a < 0xff; a++) {
  for (let b = 0x40; b < 0xff; b++) {
    try {
      const character = decoder.decode(Uint8Array.of(a, b));
      if ([...character].length === 1 && !table.has(character)) table.set(character, [a, b]);
    } catch { /* not GBK */ }
  }
}
const bytes = [];
for (const character of require('fs').readFileSync(0).toString().replace(/\r?\n/g, '')) {
  const code = character.charCodeAt(0);
  if (code < 0x80) bytes.push(code);
  else if (table.has(character)) bytes.push(...table.get(character));
  else { console.error(`GBK has no bytes for ${character}`); process.exit(1); }
}
const socket = net.connect(+process.argv[3], process.argv[2]);
const answer = [];
socket.on('data', data => answer.push(data));
socket.on('end', () => { if (answer.length) console.log(decoder.decode(Buffer.concat(answer))); });
socket.on('error', error => { console.error(error.message); process.exitCode = 1; });
socket.end(Buffer.from(bytes));
