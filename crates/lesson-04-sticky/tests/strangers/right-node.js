// Right: keeps what is not whole, in bytes, for each socket; ends a connection whose message is too long. Argument 3: the limit.
const net = require("net");
const [host, port, limit = 1024] = process.argv.slice(2);
net.createServer((socket) => {
  let kept = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    for (let end; (end = kept.indexOf(10)) >= 0; kept = kept.subarray(end + 1)) {
      if (end > limit) return socket.destroy();
      socket.write(Buffer.concat([Buffer.from("-----> "), kept.subarray(0, end + 1)]));
    }
    if (kept.length > limit) socket.destroy();
  });
}).listen(Number(port), host);
