// Mistake: one data event is read as one length with its message.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => {
    const end = data.indexOf(10);
    const length = Number(data.subarray(0, end));
    socket.write(`-----> ${data.subarray(end + 1, end + 1 + length)}\n`);
  });
}).listen(Number(port), host);
