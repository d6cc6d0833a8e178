// Asks each line until it is answered, in Node, and does not close its socket. Wrong: an open socket keeps Node alive.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
let number = 0, question, timer;
const send = () => {
  socket.send(question, Number(process.argv[3]), process.argv[2]);
  timer = setTimeout(send, 400);
};
const next = async () => {
  const { value, done } = await lines.next();
  if (done) return;
  question = `${++number} ${value}`;
  send();
};
socket.on('message', (data) => {
  if (data.toString() !== question) return;
  clearTimeout(timer);
  question = undefined;
  console.log(data.toString());
  next();
});
next();
