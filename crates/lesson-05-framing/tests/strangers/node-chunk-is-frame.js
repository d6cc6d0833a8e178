// Wrong: takes each piece that Node hands over for one frame.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  socket.on('data', (piece) => {
    const length = piece.readUInt32BE(0)
    const payload = piece.subarray(4, 4 + length)
    const header = Buffer.alloc(4)
    header.writeUInt32BE(payload.length)
    socket.write(Buffer.concat([header, payload]))
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
