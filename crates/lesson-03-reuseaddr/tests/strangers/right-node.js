// Right: Node sets SO_REUSEADDR for its servers.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  let hello = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    hello += data.toString("latin1");
    if (hello.length >= 6) socket.end("hi");
  });
}).listen(Number(port), host);
