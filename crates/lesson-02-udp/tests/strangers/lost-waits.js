// Asks and waits for the event, in Node. Wrong: when the answer is lost, it waits for ever.
const lines = require('readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const socket = require('dgram').createSocket('udp4');
let number = 0, question;
const next = async () => {
  const { value, done } = await lines.next();
  if (done) return socket.close();
  question = `${++number} ${value}`;
  socket.send(question, Number(process.argv[3]), process.argv[2]);
};
socket.on('message', (data) => {
  if (data.toString() !== question) return;
  console.log(question);
  next();
});
next();
