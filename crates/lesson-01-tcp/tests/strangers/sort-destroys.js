// Mistake: destroy() after the last line, which closes both directions.
const net = require('net');
const socket = net.connect(+process.argv[3], process.argv[2], () => {
  socket.write(require('fs').readFileSync(0), () => socket.destroy());
});
socket.pipe(process.stdout);
