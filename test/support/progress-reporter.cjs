const { DefaultReporter, VerboseReporter } = require('@jest/reporters');

const clock = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** Adds how far the run is to each file's line: `[12/128 files, 3:10] PASS …`. */
const withProgress = (Reporter) =>
  class extends Reporter {
    done = 0;
    prefix = '';

    onTestResult(test, result, aggregated) {
      this.done += 1;
      const { numTotalTestSuites: total, startTime } = aggregated;
      this.prefix = `[${this.done}/${total} files, ${clock(Date.now() - startTime)}] `;
      super.onTestResult(test, result, aggregated);
      this.prefix = '';
    }

    log(message) {
      super.log(`${this.prefix}${message}`);
      this.prefix = '';
    }
  };

/** Jest's own reporter with the progress: the verbose one where Jest would use it, as for a single file. */
module.exports = class ProgressReporter {
  constructor(config, ...rest) {
    const Reporter = withProgress(config.verbose ? VerboseReporter : DefaultReporter);
    return new Reporter(config, ...rest);
  }
};
