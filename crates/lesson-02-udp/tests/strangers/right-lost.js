// Asks again every 400 ms until the answer with the same number is there, in Node. Right.
const lines = require('readline').createInterface({ input: process.stdin });
const socket = require('dgram').createSocket('udp4');
const [host, port] = [process.argv[2], Number(process.argv[3])];
const ask = (question) => new Promise((resolve, reject) => {
  let tries = 0, timer;
  const hear = (data, sender) => {
    if (sender.port !== port || sender.address !== host || data.toString() !== question) return;
    clearTimeout(timer);
    socket.off('message', hear);
    resolve();
  };
  const send = () => {
    if (++tries > 10) return reject(new Error('no answer'));
    socket.send(question, port, host);
    timer = setTimeout(send, 400);
  };
  socket.on('message', hear);
  send();
});
(async () => {
  let number = 0;
  for await (const line of lines) {
    await ask(`${++number} ${line}`);
    console.log(line);
  }
  socket.close();
})();
