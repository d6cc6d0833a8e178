// Right: Node; the next command goes out when the answer to the one before is whole.
const net = require('net')
const [host, port] = process.argv.slice(2)
const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter((line) => line !== '')
let pieces = Buffer.alloc(0)

const socket = net.connect(Number(port), host, next)
function next() {
  const line = lines.shift()
  if (line === undefined) socket.end()
  else socket.write(line)
}
socket.on('data', (piece) => {
  pieces = Buffer.concat([pieces, piece])
  if (pieces.length < 4 || pieces.length < 4 + pieces.readUInt32BE(0)) return
  console.log(pieces.toString('utf8', 4, 4 + pieces.readUInt32BE(0)))
  pieces = Buffer.alloc(0)
  next()
})
socket.on('end', () => { if (lines.length > 0 || pieces.length > 0) process.exitCode = 1 })
