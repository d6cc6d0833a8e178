// Reads GBK with a TextDecoder and answers in UTF-8, in Node. Right.
const socket = require('dgram').createSocket('udp4');
const gbk = new TextDecoder('gbk');
socket.on('message', (data, sender) => socket.send(gbk.decode(data), sender.port, sender.address));
socket.bind(Number(process.argv[3]), process.argv[2]);
