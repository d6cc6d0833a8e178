// A server in Node that keeps a text: a sparse array for each client, the number is the place. Right.
const socket = require('dgram').createSocket('udp4');
const texts = new Map();
socket.on('message', (data, sender) => {
  const who = `${sender.address}:${sender.port}`;
  if (!texts.has(who)) texts.set(who, []);
  const lines = texts.get(who), text = data.toString();
  if (text === 'all') {
    socket.send(lines.filter((line) => line !== undefined).join(' '), sender.port, sender.address);
  } else {
    const parts = text.match(/^(\d{1,5}) (.*)$/s);
    if (parts) lines[Number(parts[1])] = parts[2];
  }
});
socket.bind(Number(process.argv[3]), process.argv[2]);
