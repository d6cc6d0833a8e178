// Tickets on Node, right: one thread, and the count is read and written in one go, after the answer.
const net = require('net');
const [host, port] = process.argv.slice(2);
let sold = 0;
net.createServer(socket => {
  let answer = '';
  socket.on('error', error => console.error(error.message));
  socket.write(sold + ' sold, one more?\n');
  socket.on('data', data => {
    answer += data.toString('latin1');
    if (!answer.includes('\n') && answer.length < 64) return;
    socket.removeAllListeners('data');
    socket.resume();
    socket.end(answer.startsWith('yes\n') ? 'ticket ' + ++sold + '\n' : '');
  });
}).listen({ port: Number(port), host, backlog: 128 });
