// Sends a piece, waits for its number, sends it again after 250 ms, in Node, and does not close its socket. Wrong: an open
// socket keeps Node alive.
const socket = require('dgram').createSocket('udp4');
require('readline').createInterface({ input: process.stdin }).once('line', (text) => {
  const count = Number(text), piece = Buffer.alloc(8192, 'x');
  let number = 0, timer;
  const send = () => {
    if (number === count) return;
    piece.writeUInt32BE(number);
    socket.send(piece, Number(process.argv[3]), process.argv[2]);
    timer = setTimeout(send, 250);
  };
  socket.on('message', (data) => {
    if (data.length !== 4 || data.readUInt32BE() !== number) return;
    clearTimeout(timer);
    number += 1;
    send();
  });
  send();
});
