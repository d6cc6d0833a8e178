// Says hello again until it is answered, in Node, and does not close its socket. Wrong: an open socket keeps Node alive.
const socket = require('dgram').createSocket('udp4');
const hello = () => socket.send('hello', Number(process.argv[3]), process.argv[2]);
const timer = setInterval(hello, 300);
socket.on('message', (data) => {
  console.log(data.toString());
  clearInterval(timer);
});
hello();
