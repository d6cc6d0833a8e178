// Right: Node sets SO_REUSEADDR only; the error that nobody handles ends the second server.
const net = require("net");
const [host, port] = process.argv.slice(2);
let number = 0;
net.createServer((socket) => {
  const mine = ++number;
  let hello = 0;
  socket.on("error", () => {});
  socket.on("data", (data) => {
    hello += data.length;
    if (hello >= 6) socket.end(`hi ${mine}`);
  });
}).listen(Number(port), host);
