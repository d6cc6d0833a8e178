// Menu on Node; the mistake: allowHalfOpen, and nothing ends the server's direction when the client has ended its own.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer({ allowHalfOpen: true }, socket => {
  socket.on('error', () => {});
  socket.write('我是多线程');
  socket.on('data', data => {
    const word = data.toString();
    if (word === 'exit') socket.end();
    else socket.write(word === '0' ? '您输入的是0' : '请重新输入.');
  });
}).listen(Number(port), host);
