// Mistake, half a cure: splits each data event at its newlines and keeps nothing for the next one.
const net = require("net");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => {
    for (const message of data.toString().split("\n").filter(Boolean)) socket.write(`-----> ${message}\n`);
  });
}).listen(Number(port), host);
