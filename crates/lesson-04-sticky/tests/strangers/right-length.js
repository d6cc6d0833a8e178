// Right: everything that has come lies in one buffer; lengths and messages are taken out of it.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  let kept = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    for (;;) {
      const end = kept.indexOf(10);
      const length = Number(kept.subarray(0, Math.max(end, 0)));
      if (end > 4 || (end < 0 && kept.length > 4) || !(length <= 1024)) return socket.destroy();
      if (end < 0 || kept.length < end + 1 + length) return;
      const message = kept.subarray(end + 1, end + 1 + length);
      socket.write(Buffer.concat([Buffer.from("-----> "), message, Buffer.from("\n")]));
      kept = kept.subarray(end + 1 + length);
    }
  });
}).listen(Number(port), host);
