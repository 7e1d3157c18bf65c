using System.Diagnostics;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Networks.Passes;
using Subbyte.Onnx;
using Subbyte.Tensors;

namespace Subbyte.Tests.Onnx;

/// <summary>Reads, folds, plans and runs a model that may be damaged, and holds it to the bounds of time and memory.</summary>
internal static class MutantRun
{
    private const long MostBytes = 256 << 20;
    private const long LargestRun = 4 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Runs it; anything but a success or a refusal in one line fails the test.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="random">Draws inputs.</param>
    /// <param name="bound">Values of the first inputs that are known when it is planned.</param>
    /// <returns>The refusal, or null.</returns>
    public static string? Check(byte[] bytes, string what, Random random, params Tensor[] bound)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var refused = Try(bytes, what, random, bound);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, what);
        if (watch.Elapsed < Longest) return refused;

        // Whatever else the machine does may have taken the time: what is slow is slow again.
        watch.Restart();
        Try(bytes, what, random, bound);
        watch.Elapsed.ShouldBeLessThan(Longest, what);
        return refused;
    }

    private static string? Try(byte[] bytes, string what, Random random, Tensor[] bound)
    {
        try
        {
            Run(BatchNormFolding.Apply(OnnxNetwork.Parse(bytes, "mutant.onnx", GoodModels.Folder)), random, bound);
            return null;
        }
        catch (UserErrorException refusal)
        {
            refusal.Message.ShouldNotBeNullOrWhiteSpace();
            return refusal.Message;
        }
        catch (Exception failure)
        {
            throw new ShouldAssertException($"{what}: {failure}", failure);
        }
    }

    private static void Run(Network network, Random random, Tensor[] bound)
    {
        var bindings = network.Inputs.Zip(bound).Where(pair => pair.First.ElementType == pair.Second.ElementType).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        var shapes = network.Inputs.Where(input => input.Shape.Count > 0 && input.Shape.All(dimension => dimension.Size is not null)).ToDictionary(input => input.Name, input => input.Shape.Select(dimension => dimension.Size!.Value).ToArray(), StringComparer.Ordinal);
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { Bindings = bindings, Shapes = shapes });
        if (plan.ArenaBytes + plan.ScratchBytes > LargestRun) return;
        var frame = new ExecutionFrame(plan);
        foreach (var input in frame.Inputs)
        {
            var values = new double[input.Length];
            for (var i = 0; i < values.Length; i++) values[i] = random.Next(-3, 4);
            ElementConversion.Write(values, input, 0);
        }

        frame.Run();
    }
}
