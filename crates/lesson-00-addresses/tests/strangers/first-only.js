// Mistake: connects to the first line of its input.
const net = require("net");
const port = Number(process.argv[3]);
let greeting = "";
const addresses = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
net.connect(port, addresses[0]).on("data", (data) => (greeting += data)).on("end", () => console.log(greeting.trim()));
