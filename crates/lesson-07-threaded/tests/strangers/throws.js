// Menu on Node; the mistake: a strict TextDecoder throws in the handler, and an exception nobody catches ends Node.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  socket.on('error', () => {});
  socket.write('我是多线程');
  socket.on('data', data => {
    const word = new TextDecoder('utf-8', { fatal: true }).decode(data);
    if (word === 'exit') socket.end();
    else socket.write(word === '0' ? '您输入的是0' : '请重新输入.');
  });
}).listen(Number(port), host);
