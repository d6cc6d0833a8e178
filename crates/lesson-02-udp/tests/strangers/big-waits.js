// Sends each line as one datagram, in Node, without a callback. Wrong: Node swallows the error EMSGSIZE then, and no answer
// ever comes.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
const next = async () => {
  const { value, done } = await lines.next();
  if (done) return socket.close();
  socket.send(value, Number(process.argv[3]), process.argv[2]);
};
socket.on('message', (data) => {
  console.log(data.toString());
  next();
});
next();
