// Right, in Node: one message under way at a time; when the connection ends before its ok, the client ends with an error.
const net = require('net');
const readline = require('readline');
const socket = net.connect(+process.argv[3], process.argv[2]);
let answer = '', waiting = null;
const fail = why => { if (waiting) waiting(why); };
socket.setEncoding('utf8');
socket.on('data', data => {
  answer += data;
  if (answer.startsWith('ok\n')) { answer = answer.slice(3); fail(null); }
});
socket.on('error', error => fail(error.message));
socket.on('close', () => fail('the server has closed'));
(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const why = await new Promise(resolve => {
      waiting = resolve;
      if (socket.destroyed || socket.readableEnded) return resolve('the server has closed');
      socket.write(line + '\n');
    });
    waiting = null;
    if (why) { console.error(`not delivered: ${line}: ${why}`); process.exit(1); }
    console.log('delivered: ' + line);
  }
  socket.end();
})();
