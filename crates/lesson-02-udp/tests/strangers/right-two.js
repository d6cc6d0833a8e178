// Answers `hi` at 127.0.0.1 and 127.0.0.2: two sockets, in Node. Right.
for (const host of ['127.0.0.2', process.argv[2]]) {
  const socket = require('dgram').createSocket('udp4');
  socket.on('message', (data, sender) => socket.send('hi', sender.port, sender.address));
  socket.bind(Number(process.argv[3]), host);
}
