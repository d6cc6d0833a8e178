// Right: dgram gives each datagram whole.
const dgram = require("dgram");
const [host, port] = process.argv.slice(2);
const socket = dgram.createSocket("udp4");
socket.on("error", (error) => console.error(String(error)));
socket.on("message", (message, from) => {
  if (message.length <= 1024) socket.send(Buffer.concat([Buffer.from("-----> "), message]), from.port, from.address);
});
socket.bind(Number(port), host);
