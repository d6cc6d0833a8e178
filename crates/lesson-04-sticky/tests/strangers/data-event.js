// Mistake: one data event is read as one message.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => socket.write(`-----> ${data.toString().trim()}\n`));
}).listen(Number(port), host);
