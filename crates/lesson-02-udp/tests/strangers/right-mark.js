// Sends every datagram back behind a mark, and answers no answer, in Node. Right.
const socket = require('dgram').createSocket('udp4');
const MARK = Buffer.from('[echo] ');
socket.on('message', (data, sender) => {
  if (data.subarray(0, MARK.length).equals(MARK)) return;
  socket.send([MARK, data], sender.port, sender.address, (error) => error && console.error(error.message));
});
socket.bind(Number(process.argv[3]), process.argv[2]);
