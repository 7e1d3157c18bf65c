using System.Diagnostics;
using Subbyte.Tests.Data;

namespace Subbyte.Runtime.Tests.Packing;

public sealed class SessionTests
{
    [Fact]
    public void A_steady_state_takes_no_memory_whatever_the_steps()
    {
        var kinds = new HashSet<Type>();
        foreach (var file in SampleNetworks.Files(60).Concat(TrainedNetworkTests.Files()))
        {
            using var session = new SubbyteSession(PackedNetwork.Read(file));
            var input = new float[session.InputLength];
            var output = new float[session.OutputLength];
            for (var i = 0; i < 3; i++) session.Run(input, output);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 5; i++) session.Run(input, output);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0, string.Join("; ", session.Network.Steps.Select(step => step.Description)));
            kinds.UnionWith(session.Network.Steps.Concat(session.Steps).Select(step => step.GetType()));
        }

        typeof(PackedStep).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PackedStep)) && !type.IsAbstract && !kinds.Contains(type)).ShouldBeEmpty("kinds of steps that no network had");
    }

    [Fact]
    public async Task Concurrent_callers_get_their_own_answers() => await RunCallers(8, TimeSpan.FromSeconds(0.5));

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Sixty_four_callers_get_their_own_answers_for_a_minute() => await RunCallers(64, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task A_run_can_be_cancelled()
    {
        using var session = new SubbyteSession(PackedNetwork.Read(SampleNetworks.Files(1).Single()));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Should.Throw<OperationCanceledException>(() => session.Run(new float[session.InputLength], new float[session.OutputLength], cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(() => session.RunAsync(new float[session.InputLength], new float[session.OutputLength], cancelled.Token));
        // What was cancelled gave its place back.
        await session.RunAsync(new float[session.InputLength], new float[session.OutputLength]);
    }

    [Fact]
    public void Loaded_files_answer_as_read_ones_and_are_closed()
    {
        using var folder = new TemporaryFolder();
        var path = folder["network.subbyte"];
        foreach (var file in SampleNetworks.Files(12))
        {
            File.WriteAllBytes(path, file);
            using var loaded = SubbyteSession.Load(path);
            using var read = new SubbyteSession(PackedNetwork.Read(file));
            var (input, expected, found) = (new float[read.InputLength], new float[read.OutputLength], new float[read.OutputLength]);
            Array.Fill(input, 1);
            read.Run(input, expected);
            // What was mapped is no longer read: the file may go.
            File.Delete(path);
            loaded.Run(input, found);
            found.ShouldBe(expected);
            if (loaded.Network.Steps.Any(step => step is ProductStep)) Should.Throw<ObjectDisposedException>(() => loaded.Network.ToFile());
        }
    }

    [Fact]
    public void Files_that_are_none_are_refused_with_their_path()
    {
        using var folder = new TemporaryFolder();
        var path = folder["network.subbyte"];
        var file = SampleNetworks.Files(1).Single();
        file[^1] ^= 1;
        foreach (var bytes in new[] { [], new byte[64], file })
        {
            File.WriteAllBytes(path, bytes);
            Should.Throw<PackedFormatException>(() => SubbyteSession.Load(path)).Message.ShouldContain("network.subbyte: offset");
        }

        Should.Throw<FileNotFoundException>(() => SubbyteSession.Load(path + "x"));
    }

    [Fact]
    public void Wrong_lengths_and_closed_sessions_are_refused()
    {
        var session = new SubbyteSession(PackedNetwork.Read(SampleNetworks.Files(1).Single()));
        Should.Throw<ArgumentException>(() => session.Run(new float[session.InputLength + 1], new float[session.OutputLength]));
        Should.Throw<ArgumentException>(() => session.Run(new float[session.InputLength], new float[session.OutputLength + 1]));
        session.Dispose();
        Should.Throw<ObjectDisposedException>(() => session.Run(new float[session.InputLength], new float[session.OutputLength]));
    }

    private static async Task RunCallers(int callers, TimeSpan time)
    {
        using var session = new SubbyteSession(PackedNetwork.Read(SampleNetworks.Files(1).Single()), new SessionOptions { ConcurrentRuns = 4, Threads = 2 });
        var random = new Random(1);
        var inputs = Enumerable.Range(0, callers).Select(_ => Enumerable.Range(0, session.InputLength).Select(_ => random.NextSingle() - 0.5f).ToArray()).ToArray();
        var expected = inputs.Select(input =>
        {
            var output = new float[session.OutputLength];
            session.Run(input, output);
            return output;
        }).ToArray();
        var clock = Stopwatch.StartNew();
        var runs = await Task.WhenAll(inputs.Select((input, caller) => Task.Factory.StartNew(
            () =>
            {
                var output = new float[session.OutputLength];
                var count = 0;
                session.Run(input, output);
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (; clock.Elapsed < time; count++)
                {
                    session.Run(input, output);
                    if (!output.AsSpan().SequenceEqual(expected[caller])) return -1;
                }

                // Kernels keep working memory a thread: each takes it once, and a run takes none.
                return GC.GetAllocatedBytesForCurrentThread() - before < 4L << 20 ? count : -2;
            },
            TaskCreationOptions.LongRunning)));
        runs.ShouldAllBe(count => count >= 0);
        runs.Sum().ShouldBeGreaterThan(callers);
    }
}
