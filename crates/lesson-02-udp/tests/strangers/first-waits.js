// Says hello once and waits for the event, in Node. Wrong: nobody was there to hear it.
const socket = require('dgram').createSocket('udp4');
socket.on('message', (data) => {
  console.log(data.toString());
  socket.close();
});
socket.send('hello', Number(process.argv[3]), process.argv[2]);
