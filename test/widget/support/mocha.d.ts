// The part of Mocha that these tests use; web-test-runner brings it into the page.
type Run = () => void | Promise<void>;

declare function describe(name: string, define: () => void): void;
declare function it(name: string, run: Run): { timeout(ms: number): void };
declare function beforeEach(run: Run): void;
declare function afterEach(run: Run): void;
