// Right: Node opens its sockets close-on-exec; the helper is detached.
const net = require("net");
const { spawn } = require("child_process");
const [host, port] = process.argv.slice(2);
net.createServer((socket) => {
  let hello = 0;
  socket.on("error", () => {});
  socket.on("data", (data) => {
    if (hello >= 6 || (hello += data.length) < 6) return;
    spawn("sleep", ["60"], { stdio: "ignore", detached: true }).unref();
    socket.end("hi");
  });
}).listen(Number(port), host);
