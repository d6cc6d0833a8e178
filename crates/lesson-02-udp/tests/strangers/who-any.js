// Prints whatever datagram comes next, in Node. Wrong: it may be a stranger's; and nobody tells it that a port is dead.
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
