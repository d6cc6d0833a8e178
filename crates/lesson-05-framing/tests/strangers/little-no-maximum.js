// Wrong: reads the length in little-endian order, has no maximum, and waits for the rest.
const net = require('net')
const [host, port] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4 && pieces.length >= 4 + pieces.readUInt32LE(0)) {
      const end = 4 + pieces.readUInt32LE(0)
      socket.write(pieces.subarray(0, end))
      pieces = pieces.subarray(end)
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
