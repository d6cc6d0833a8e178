// Sends each line and prints the answer, in Node, connected; an error ends it with status 1. Right.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
let timer;
const fail = (error) => {
  console.error(error.message);
  process.exit(1);
};
const next = async () => {
  clearTimeout(timer);
  const { value, done } = await lines.next();
  if (done) return socket.close();
  socket.send(value, (error) => error && fail(error));
  timer = setTimeout(() => fail(new Error('no answer')), 4000);
};
socket.on('error', fail);
socket.on('message', (data) => {
  console.log(data.toString());
  next();
});
socket.connect(Number(process.argv[3]), process.argv[2], next);
