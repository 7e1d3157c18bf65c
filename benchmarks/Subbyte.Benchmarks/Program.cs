if (args is ["shares", ..]) Subbyte.Benchmarks.Shares.Run(args.Length > 1 ? args[1] : null);
else BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
