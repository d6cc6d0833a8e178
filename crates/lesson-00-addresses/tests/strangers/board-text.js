// Mistake: compares remoteAddress with "127.0.0.1"; at a socket of both families it is "::ffff:127.0.0.1".
const net = require("net");
let board = "welcome";
net.createServer((socket) => {
  let kept = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept += data;
    for (let end; (end = kept.indexOf("\n")) >= 0; kept = kept.slice(end + 1)) {
      const request = kept.slice(0, end);
      if (request === "read") socket.write(board + "\n");
      else if (socket.remoteAddress === "127.0.0.1") socket.write("blocked\n");
      else {
        board = request.slice(6);
        socket.write("written\n");
      }
    }
  });
}).listen(Number(process.argv[3]), "::");
