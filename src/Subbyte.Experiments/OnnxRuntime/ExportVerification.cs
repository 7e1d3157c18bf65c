using Subbyte.Experiments.Language;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>An exported model in ONNX Runtime against our executor on the same samples.</summary>
/// <param name="Samples">Samples compared.</param>
/// <param name="SameTop1">Samples with the same largest output.</param>
/// <param name="LargestDifference">Largest absolute difference of an output.</param>
/// <param name="NearTies">Differing samples whose two largest outputs are closer than twice the largest difference.</param>
public sealed record ExportVerification(int Samples, int SameTop1, double LargestDifference, int NearTies)
{
    /// <summary>Perplexity of our run over a text and of ONNX Runtime's; null for samples that stand alone.</summary>
    public double[]? Perplexities { get; init; }

    /// <summary>Share of samples with the same largest output.</summary>
    public double Agreement => Samples == 0 ? 1 : SameTop1 / (double)Samples;

    /// <summary>Whether at least 99.8 % agree and every other sample is a near-tie.</summary>
    public bool Holds => Agreement >= 0.998 && NearTies == Samples - SameTop1;

    /// <summary>Runs a model in ONNX Runtime on what our executor ran on, and compares.</summary>
    /// <param name="runtime">ONNX Runtime.</param>
    /// <param name="model">Path of the model.</param>
    /// <param name="task">The data.</param>
    /// <param name="network">The network that the model was made of.</param>
    /// <param name="ours">Our executor's run.</param>
    /// <param name="exact">Whether 8-bit products must be exact.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="UserErrorException">Node.js is missing, or ONNX Runtime refuses the model.</exception>
    public static ExportVerification Run(OnnxRuntimeProcess runtime, string model, EvaluationTask task, Network network, NetworkRun ours, bool exact, CancellationToken cancellation)
    {
        if (ours.Tokens is null) return Compare(ours, runtime.Run(model, task.Samples, ours.Samples, exact, cancellation));
        var plan = ExecutionPlan.Compile(network, new ExecutionOptions { Batch = task.Data.Streams });
        return Compare(ours, runtime.RunText(model, task.Data, plan.InputTypes.Skip(1).Select(state => state.Dimensions.ToArray()), ours, exact, cancellation));
    }

    /// <summary>Compares outputs.</summary>
    /// <param name="ours">Our executor's run.</param>
    /// <param name="theirs">ONNX Runtime's outputs of the first samples.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="UserErrorException">The number of outputs differs.</exception>
    public static ExportVerification Compare(NetworkRun ours, float[] theirs)
    {
        if (ours.OutputLength == 0 || theirs.Length % ours.OutputLength != 0 || theirs.Length > ours.Outputs.Length)
            throw new UserErrorException($"ONNX Runtime gives {theirs.Length} outputs where our executor gives {ours.OutputLength} a sample");
        var samples = theirs.Length / ours.OutputLength;
        double largest = 0;
        for (var i = 0; i < theirs.Length; i++) largest = Math.Max(largest, Math.Abs((double)ours.Outputs[i] - theirs[i]));
        var (same, nearTies) = (0, 0);
        for (var sample = 0; sample < samples; sample++)
        {
            var their = theirs.AsSpan(sample * ours.OutputLength, ours.OutputLength);
            if (Scores.ArgMax(ours.Output(sample)) == Scores.ArgMax(their)) same++;
            else if (Gap(ours.Output(sample)) < 2 * largest) nearTies++;
        }

        return new ExportVerification(samples, same, largest, nearTies);
    }

    /// <summary>Compares runs over a text.</summary>
    /// <param name="ours">Our executor's run.</param>
    /// <param name="theirs">ONNX Runtime's, of as many whole steps.</param>
    /// <returns>The comparison.</returns>
    internal static ExportVerification Compare(NetworkRun ours, OnnxRuntimeText theirs)
    {
        double largest = 0;
        for (var i = 0; i < theirs.Logits.Length; i++) largest = Math.Max(largest, Math.Abs((double)ours.Outputs[i] - theirs.Logits[i]));
        var different = Enumerable.Range(0, theirs.Predictions.Length).Where(i => ours.Prediction(i) != theirs.Predictions[i]).ToArray();
        return new ExportVerification(theirs.Predictions.Length, theirs.Predictions.Length - different.Length, largest, different.Count(i => theirs.Gaps[i] < 2 * largest))
        {
            Perplexities = [Perplexity.Of(ours.Tokens!.Losses.AsSpan(0, theirs.Losses.Length)), Perplexity.Of(theirs.Losses)],
        };
    }

    private static double Gap(ReadOnlySpan<float> output)
    {
        var (first, second) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var value in output)
        {
            if (value > first) (first, second) = (value, first);
            else if (value > second) second = value;
        }

        return first - second;
    }
}
