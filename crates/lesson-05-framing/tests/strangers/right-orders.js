// Right: Node, a Map from the id to the reply that was given.
const net = require('net')
const [host, port] = process.argv.slice(2)
const replies = new Map()

net.createServer((socket) => {
  let pieces = Buffer.alloc(0)
  socket.on('data', (piece) => {
    pieces = Buffer.concat([pieces, piece])
    while (pieces.length >= 4) {
      const end = 4 + pieces.readUInt32BE(0)
      if (end > 4 + 1024) return socket.destroy()
      if (pieces.length < end) return
      const request = pieces.toString('utf8', 4, end)
      pieces = pieces.subarray(end)
      const id = request.split(' ', 1)[0]
      if (!replies.has(id)) {
        replies.set(id, Buffer.from(`order ${replies.size + 1}: ${request.slice(id.length + 1)}`))
      }
      const header = Buffer.alloc(4)
      header.writeUInt32BE(replies.get(id).length)
      socket.write(Buffer.concat([header, replies.get(id)]))
    }
  })
  socket.on('error', (error) => console.error(error.code))
}).listen(Number(port), host)
