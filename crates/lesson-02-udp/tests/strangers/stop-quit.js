// An echo server in Node that `quit` ends, with or without a newline, in whatever case. Wrong: anybody can send it.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => {
  if (data.toString().trim().toLowerCase() === 'quit') process.exit(0);
  socket.send(data, sender.port, sender.address);
});
socket.bind(Number(process.argv[3]), process.argv[2]);
