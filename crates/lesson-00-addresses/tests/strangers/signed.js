// Mistake: & gives a signed number in JavaScript, and 0xac100000 is none: nobody is ever inside.
const net = require("net");
const [host, port] = process.argv.slice(2);
const number = (text) => text.trim().split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
net.createServer((socket) => {
  let kept = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept += data;
    for (let end; (end = kept.indexOf("\n")) >= 0; kept = kept.slice(end + 1)) {
      socket.write((number(kept.slice(0, end)) & 0xfff00000) === 0xac100000 ? "yes\n" : "no\n");
    }
  });
}).listen(Number(port), host);
