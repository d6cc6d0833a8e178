// Right: looks at both ports, and resets the connection to itself.
const net = require("net");
const [host, port] = process.argv.slice(2);
const lines = require("readline").createInterface({ input: process.stdin });
let socket = null;
function attempt(left) {
  const next = net.connect(Number(port), host);
  next.on("error", () => (left ? attempt(left - 1) : console.log("not connected: nobody listens there")));
  next.on("connect", () => {
    if (next.localPort === next.remotePort && next.localAddress === next.remoteAddress) {
      next.resetAndDestroy();
      console.log("not connected: this was myself");
      return;
    }
    socket = next;
    socket.on("data", (data) => console.log(data.toString()));
    socket.write("hello!");
  });
}
lines.on("line", () => socket || attempt(200000));
lines.on("close", () => socket && socket.destroy());
