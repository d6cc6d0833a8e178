// Mistake: resets the connection as soon as the greeting has been handed to the kernel.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", () => socket.write("hi".repeat(50000), () => socket.resetAndDestroy()));
}).listen(Number(port), host);
