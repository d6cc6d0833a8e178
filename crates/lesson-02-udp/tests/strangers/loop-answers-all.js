// Sends every datagram back behind a mark, in Node. Wrong: an answer is answered as well, without end.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => socket.send('[echo] ' + data, sender.port, sender.address));
socket.bind(Number(process.argv[3]), process.argv[2]);
