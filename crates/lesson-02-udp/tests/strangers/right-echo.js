// An echo server in Node: its buffer has room for the largest datagram. Right.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => {
  socket.send(data, sender.port, sender.address, (error) => error && console.error(error.message));
});
socket.bind(Number(process.argv[3]), process.argv[2]);
