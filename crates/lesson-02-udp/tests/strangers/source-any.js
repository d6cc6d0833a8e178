// Answers `hi` in Node, bound to a port alone, as most examples are. Wrong: it answers from the address of the route.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => socket.send('hi', sender.port, sender.address));
socket.bind(Number(process.argv[3]));
