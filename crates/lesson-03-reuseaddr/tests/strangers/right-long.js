// Right: end sends the greeting and then the FIN.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  let hello = 0;
  socket.on("error", () => {});
  socket.on("data", (data) => {
    if (hello < 6 && (hello += data.length) >= 6) socket.end("hi".repeat(50000));
  });
}).listen(Number(port), host);
