// Menu on Node; the mistake: no 'error' handler on the socket, so the reset of one client ends the server for all.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  socket.write('我是多线程');
  socket.on('data', data => {
    const word = data.toString();
    if (word === 'exit') socket.end();
    else socket.write(word === '0' ? '您输入的是0' : '请重新输入.');
  });
}).listen(Number(port), host);
