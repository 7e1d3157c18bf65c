using System.Globalization;
using Subbyte.Experiments;
using Subbyte.Kernels;

namespace Subbyte.Benchmarks;

/// <summary>
/// <c>training [avx2|avx512]</c>: a training step of ResNet-20 (batch 128), LeNet-5 (batch 256) and a word LSTM of 200 units (20 streams of 35 words, 5,000 words) with
/// two threads, beside PyTorch's on the same machine in turns, from the same weights and data: times, shares of the machine's peak, how threads scale, and how far the
/// losses are apart. <c>training profile</c>: where our time goes. PyTorch is what <c>SUBBYTE_PYTHON</c>, by default <c>/usr/bin/python3</c>, imports; without it our
/// own figures stand alone.
/// </summary>
internal static class TrainingSteps
{
    private const int Threads = 2;
    private const double Milliseconds = 5000;
    private const int Losses = 20;
    private const int ProfiledSteps = 40;
    private const int ProfiledParts = 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(75);

    /// <summary>Measures and prints.</summary>
    /// <param name="argument"><c>profile</c>, the instruction set to force, or null.</param>
    public static void Run(string? argument)
    {
        TrainingTask[] tasks = [TrainingTask.ResNet20(), TrainingTask.LeNet5(), TrainingTask.Lstm()];
        if (argument == "profile")
        {
            foreach (var task in tasks) Profile(task);
            return;
        }

        if (argument is not null) Cpu.Limit(Enum.Parse<InstructionSet>(argument, ignoreCase: true));
        var peaks = PeakBenchmark.Run(Threads, CancellationToken.None).Where(limit => limit.Name == "fp32 multiply-add").ToLookup(limit => limit.Threads, limit => limit.GigaPerSecond);
        var (one, two) = (peaks[1].Max(), peaks[Threads].Max());
        Console.WriteLine($"instruction set {Cpu.Current}, {Threads} threads, peak {2 * two:0} GFLOP/s, {two / one:0.00} times that of one thread; load {LoadAverage()}");
        foreach (var task in tasks) Measure(task, 2 * two);
        Console.WriteLine($"load at the end {LoadAverage()}");
    }

    private static void Measure(TrainingTask task, double peak)
    {
        using var timeout = new CancellationTokenSource(Longest);
        try
        {
            using var rival = PyTorchSteps.Start(task, Threads, timeout.Token);
            var own = new OwnSteps(task, Threads);
            if (rival is not null) Console.WriteLine($"{task.Name}: losses of {Losses} steps differ by {Difference(own.Losses(Losses), rival.Losses(Losses)):0.0e+0} of their size at most  [{rival.Description}]");
            // One thread first: the rival's idle threads go on spinning for some milliseconds after its turn.
            IContender[] contenders = [new OwnContender(new OwnSteps(task, 1).Step), new OwnContender(own.Step), .. rival is null ? [] : new[] { rival }];
            Print(task, Contest.Run(contenders, Milliseconds, timeout.Token), peak);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine($"{task.Name}: not finished within {Longest.TotalSeconds:0} s");
        }
    }

    private static void Print(TrainingTask task, IReadOnlyList<Timing> timings, double peak)
    {
        var (one, two) = (timings[0], timings[1]);
        var giga = two.Giga(task.Operations);
        Console.WriteLine($"{task.Name,-9} batch {task.Batch,3}: {Times(two)}, {giga:0.0} GFLOP/s, {giga / peak:P0} of the peak; one thread {Times(one)}, {one.MinimumMilliseconds / two.MinimumMilliseconds:0.00} times as long");
        if (timings.Count > 2) Console.WriteLine($"{"",-20} PyTorch {Times(timings[2])}: ours takes {two.MinimumMilliseconds / timings[2].MinimumMilliseconds:0.00}× its time");
    }

    private static string Times(Timing timing) => string.Create(CultureInfo.InvariantCulture, $"{timing.MinimumMilliseconds:0.00} ms (median {timing.MedianMilliseconds:0.00})");

    private static double Difference(double[] ours, double[] theirs) => ours.Zip(theirs, (a, b) => Math.Abs(a - b) / Math.Abs(b)).Max();

    private static void Profile(TrainingTask task)
    {
        var own = new OwnSteps(task, Threads);
        var profile = own.Profile(ProfiledSteps);
        Console.WriteLine($"{task.Name}: {profile.Parts.Sum(part => part.Milliseconds):0.0} ms of {Threads} threads together");
        foreach (var (node, part, milliseconds) in profile.Parts.Take(ProfiledParts)) Console.WriteLine($"{milliseconds,9:0.000}  {part} {node}");
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
