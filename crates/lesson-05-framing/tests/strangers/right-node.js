// Right: Node, what has come is kept until a frame is whole. The third word is the maximum.
const net = require('net')
const [host, port, maximum = 65536] = process.argv.slice(2)

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const length = pieces.readUInt32BE(0)
      if (length > Number(maximum)) return socket.destroy()
      if (pieces.length < 4 + length) return
      socket.write(pieces.subarray(0, 4 + length))
      pieces = pieces.subarray(4 + length)
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
