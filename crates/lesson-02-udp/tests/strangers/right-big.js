// Tries every line; the callback of send says which one is too long. In Node. Right.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
const next = async () => {
  const { value, done } = await lines.next();
  if (done) return socket.close();
  socket.send(value, Number(process.argv[3]), process.argv[2], (error) => {
    if (!error) return;
    console.error(`not sent: ${error.message}`);
    process.exitCode = 1;
    next();
  });
};
socket.on('message', (data) => {
  console.log(data.toString());
  next();
});
next();
