// Right: Node; keeps what comes until the length, the header and the result are whole.
const net = require('net')
const os = require('os')
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
  if (pieces.length < 4) return
  const length = os.endianness() === 'LE' ? pieces.readInt32LE(0) : pieces.readInt32BE(0)
  if (pieces.length < 4 + length) return
  const size = JSON.parse(pieces.toString('utf8', 4, 4 + length)).data_size
  if (pieces.length < 4 + length + size) return
  console.log(pieces.toString('utf8', 4 + length, 4 + length + size))
  pieces = Buffer.alloc(0)
  next()
})
socket.on('end', () => { if (lines.length > 0 || pieces.length > 0) process.exitCode = 1 })
