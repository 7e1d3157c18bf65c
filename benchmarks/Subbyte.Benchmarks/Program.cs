using Subbyte.Benchmarks;

var argument = args.Length > 1 ? args[1] : null;
if (args is ["shares", ..]) Shares.Run(argument);
else if (args is ["bars", ..]) Bars.Run(argument);
else if (args is ["packed", ..]) PackedBars.Run(argument);
else if (args is ["forms", ..]) Forms.Run(argument);
else if (args is ["training", ..]) TrainingSteps.Run(argument);
else BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
