// Menu by lines on Node; the mistake: one 'data' event is taken for one command.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  socket.on('error', () => {});
  socket.write('我是多线程');
  socket.on('data', data => {
    const word = data.toString().trim();
    if (word === 'exit') socket.end();
    else socket.write(word === '0' ? '您输入的是0' : '请重新输入.');
  });
}).listen(Number(port), host);
