// Right: BlockList knows subnets.
const net = require("net");
const [host, port] = process.argv.slice(2);
const network = new net.BlockList();
network.addSubnet("172.16.0.0", 12);
net.createServer((socket) => {
  let kept = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept += data;
    for (let end; (end = kept.indexOf("\n")) >= 0; kept = kept.slice(end + 1)) {
      socket.write(network.check(kept.slice(0, end).trim()) ? "yes\n" : "no\n");
    }
  });
}).listen(Number(port), host);
