// Right: greets, and ends its own half when the client has ended its half, which Node does by itself.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  let hello = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    if (hello.length >= 6) return;
    hello += data.toString("latin1");
    if (hello.length >= 6) socket.write("hi");
  });
}).listen(Number(port), host);
