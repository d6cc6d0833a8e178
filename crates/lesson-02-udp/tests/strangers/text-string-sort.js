// A server in Node that keeps a text and sorts the numbers as text. Wrong: 10 comes before 2.
const socket = require('dgram').createSocket('udp4');
const texts = {};
socket.on('message', (data, sender) => {
  const who = `${sender.address}:${sender.port}`, text = data.toString();
  texts[who] = texts[who] || new Map();
  if (text === 'all') {
    const lines = [...texts[who].keys()].sort().map((number) => texts[who].get(number));
    socket.send(lines.join(' '), sender.port, sender.address);
  } else {
    const [number, ...words] = text.split(' ');
    texts[who].set(number, words.join(' '));
  }
});
socket.bind(Number(process.argv[3]), process.argv[2]);
