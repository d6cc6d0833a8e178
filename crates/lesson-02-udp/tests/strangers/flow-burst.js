// Sends each piece when the callback of the one before says that it was sent, in Node. Wrong: sent is not arrived.
const socket = require('dgram').createSocket('udp4');
require('readline').createInterface({ input: process.stdin }).once('line', (count) => {
  const send = (number) => {
    if (number === Number(count)) process.exit(0);
    const piece = Buffer.alloc(8192, 'x');
    piece.writeUInt32BE(number);
    socket.send(piece, Number(process.argv[3]), process.argv[2], () => send(number + 1));
  };
  send(0);
});
