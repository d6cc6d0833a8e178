// Right as far as the framing goes: the readline module keeps the rest. It has no limit, so a line without an end grows.
const net = require("net");
const readline = require("readline");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  socket.on("error", () => {});
  readline.createInterface({ input: socket, terminal: false }).on("line", (line) => socket.write(`-----> ${line}\n`))
    .on("error", () => {});
}).listen(Number(port), host);
