// Right: BlockList knows a mapped address again.
const net = require("net");
const blocked = new net.BlockList();
blocked.addAddress("127.0.0.1");
let board = "welcome";
net.createServer((socket) => {
  const isBlocked = blocked.check(socket.remoteAddress, socket.remoteFamily.toLowerCase());
  let kept = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    for (let end; (end = kept.indexOf(10)) >= 0; kept = kept.subarray(end + 1)) {
      const request = kept.toString("utf8", 0, end);
      if (request === "read") socket.write(board + "\n");
      else if (isBlocked) socket.write("blocked\n");
      else {
        board = request.slice(6);
        socket.write("written\n");
      }
    }
  });
}).listen(Number(process.argv[3]), "::");
