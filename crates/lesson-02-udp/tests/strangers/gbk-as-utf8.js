// Reads every datagram as UTF-8, the default of toString in Node. Wrong: GBK becomes replacement characters.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data, sender) => socket.send(data.toString(), sender.port, sender.address));
socket.bind(Number(process.argv[3]), process.argv[2]);
