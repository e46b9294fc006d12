/**
 * Jest's runtime with one change: a worker reads and compiles each file once. Every test file still runs all of its
 * modules anew, in a context of its own; only texts and compiled code are shared, and neither can change. Without it, a
 * unit spec spends most of its time on compiling the libraries that it imports once more.
 */
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const NODE_MODULES = /[/\\]node_modules[/\\]/;

/** The texts of libraries that this worker has read, by path. */
const texts = new Map();
/** The compiled code of each file that this worker has loaded, by path, with the text that it was compiled from. */
const compiled = new Map();

/** The texts that one test file has read, and those of the libraries. */
class SharedTexts extends Map {
  get(path) {
    return super.get(path) ?? texts.get(path);
  }

  set(path, text) {
    if (NODE_MODULES.test(path)) texts.set(path, text);
    return super.set(path, text);
  }
}

// A worker that has nothing left to do ends at once. Otherwise Node frees its heap first, and Jest kills it, and reports a
// leak, if that takes more than half a second. With an open handle it gets no further than before.
if (process.send !== undefined) process.once('beforeExit', () => process.exit());

class SharedCodeRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, ownTexts, ...rest) {
    super(config, environment, resolver, transformer, new SharedTexts(ownTexts), ...rest);
    const { executor } = this;
    const compile = executor.compile.bind(executor);
    const head = `(function (${executor.injectedModuleParameters.join(', ')}) {`;

    executor.compile = (text, path) => {
      const context = environment.getVmContext();
      if (context === null) return null;
      if (compiled.get(path)?.text !== text) {
        try {
          // The offset keeps the columns of the first line.
          const script = new Script(`${head}${text}\n})`, { filename: path, columnOffset: -head.length });
          compiled.set(path, { text, script });
        } catch {
          // Jest explains the syntax error.
          return compile(text, path);
        }
      }
      return compiled.get(path).script.runInContext(context);
    };
  }
}

module.exports = SharedCodeRuntime;
