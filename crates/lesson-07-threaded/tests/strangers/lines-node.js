// Menu by lines on Node, right: what follows the last newline is kept, and a line has a limit.
const net = require('net');
const [host, port] = process.argv.slice(2);
net.createServer(socket => {
  let kept = '';
  socket.on('error', error => console.error(error.message));
  socket.write('我是多线程');
  socket.on('data', data => {
    kept += data.toString('latin1');
    const lines = kept.split('\n');
    kept = lines.pop();
    let answers = '';
    for (const word of lines) {
      if (word === 'exit') { socket.removeAllListeners('data'); socket.resume(); socket.end(answers); return; }
      answers += word === '0' ? '您输入的是0' : '请重新输入.';
    }
    if (kept.length > 4096) { socket.destroy(); return; }
    if (answers && !socket.write(answers)) { socket.pause(); socket.once('drain', () => socket.resume()); }
  });
}).listen(Number(port), host);
