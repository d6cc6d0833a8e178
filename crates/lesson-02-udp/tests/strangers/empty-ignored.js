// An echo server in Node that leaves a datagram without bytes unanswered. Half a cure: it lives, but not every
// datagram comes back.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => {
  if (data.length > 0) socket.send(data, sender.port, sender.address);
});
socket.bind(Number(process.argv[3]), process.argv[2]);
