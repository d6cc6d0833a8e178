// Sends a piece, waits for its number, sends it again after 250 ms, in Node. Right.
const socket = require('dgram').createSocket('udp4');
const lines = require('readline').createInterface({ input: process.stdin });
lines.once('line', (text) => {
  const count = Number(text), piece = Buffer.alloc(8192, 'x');
  let number = 0, tries = 0, timer;
  const send = () => {
    if (number === count) { socket.close(); lines.close(); process.stdin.destroy(); return; }
    if (++tries > 80) { console.error(`piece ${number} was not acknowledged`); process.exit(1); }
    piece.writeUInt32BE(number);
    socket.send(piece, Number(process.argv[3]), process.argv[2]);
    timer = setTimeout(send, 250);
  };
  socket.on('message', (data) => {
    if (data.length !== 4 || data.readUInt32BE() !== number) return;
    clearTimeout(timer);
    number += 1;
    tries = 0;
    send();
  });
  send();
});
