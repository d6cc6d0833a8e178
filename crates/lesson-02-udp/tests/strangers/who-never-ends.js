// Sends each line and prints the answer, in Node, connected, and does not close its socket. Wrong: an open socket keeps Node
// alive.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
const next = async () => {
  const { value, done } = await lines.next();
  if (!done) socket.send(value);
};
socket.on('message', (data) => {
  console.log(data.toString());
  next();
});
socket.connect(Number(process.argv[3]), process.argv[2], next);
