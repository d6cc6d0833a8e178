// Says hello again every 300 ms until it is answered, in Node. Right.
const socket = require('dgram').createSocket('udp4');
const [host, port] = [process.argv[2], Number(process.argv[3])];
let tries = 0;
const hello = () => {
  if (++tries > 50) { console.error('no answer'); process.exit(1); }
  socket.send('hello', port, host);
};
const timer = setInterval(hello, 300);
socket.on('message', (data, sender) => {
  if (sender.port !== port) return;
  console.log(data.toString());
  clearInterval(timer);
  socket.close();
});
hello();
