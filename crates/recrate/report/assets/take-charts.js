// Puts Chart.js beside the campaign page's scripts, where Python finds it: `npm run build:charts`.
// Without its last line, which names a source map that is not there.
const fs = require('fs');
const path = require('path');

const packed = path.join(path.dirname(require.resolve('chart.js')), 'chart.umd.min.js');
const text = fs.readFileSync(packed, 'utf8').replace(/\s*\/\/# sourceMappingURL=\S+\s*$/, '\n');
fs.writeFileSync(path.join(__dirname, 'chart.umd.js'), text);
