// Says which line is too long and takes the next one, in Node, and does not close its socket. Wrong: an open socket keeps
// Node alive.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
const next = async () => {
  const { value, done } = await lines.next();
  if (done) return;
  socket.send(value, Number(process.argv[3]), process.argv[2], (error) => {
    if (!error) return;
    console.error(`not sent: ${error.message}`);
    next();
  });
};
socket.on('message', (data) => {
  console.log(data.toString());
  next();
});
next();
