using System.Diagnostics;
using Subbyte.Experiments.Language;
using Subbyte.Networks;
using Subbyte.Networks.Execution;

namespace Subbyte.Experiments;

/// <summary>The outputs of a network for each sample, and how long they took.</summary>
public sealed class NetworkRun
{
    private const long MacsPerRun = 4_000_000;
    private const int LargestBatch = 32;

    internal NetworkRun(float[] outputs, int outputLength, double seconds, TokenScores? tokens = null)
    {
        Outputs = outputs;
        OutputLength = outputLength;
        Seconds = seconds;
        Tokens = tokens;
    }

    /// <summary>Outputs [samples][<see cref="OutputLength"/>]; with several network outputs, the first. Of a text only those of its beginning.</summary>
    public float[] Outputs { get; }

    /// <summary>Elements of one sample's output.</summary>
    public int OutputLength { get; }

    /// <summary>Wall-clock seconds.</summary>
    public double Seconds { get; }

    /// <summary>Number of samples.</summary>
    public int Samples => Tokens is not null ? Tokens.Losses.Length : OutputLength == 0 ? 0 : Outputs.Length / OutputLength;

    /// <summary>Predictions and losses over a text; null for samples that stand alone.</summary>
    public TokenScores? Tokens { get; }

    /// <summary>The class with the largest output of one sample; the first on ties.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>The class.</returns>
    public int Prediction(int sample) => Tokens is not null ? Tokens.Predictions[sample] : Scores.ArgMax(Output(sample));

    /// <summary>The output of one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>Its output.</returns>
    public ReadOnlySpan<float> Output(int sample) => Outputs.AsSpan(sample * OutputLength, OutputLength);

    /// <summary>Runs a network over samples on several threads; each thread has its own memory and takes the next batch when it is free.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="count">How many of them, from the first.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told how many samples are done, or null.</param>
    /// <param name="cancellation">Cancels the run.</param>
    /// <returns>The outputs.</returns>
    /// <exception cref="UserErrorException">The network cannot be run, or the samples do not fit it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NetworkRun Execute(LowBitNetwork network, ISampleSource samples, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var single = ExecutionPlan.Compile(network);
        SampleShapes.Check(single.InputType, samples, network.Network.Name);
        var macs = Math.Max(1, single.DotProducts.Sum(product => product.Geometry.Macs));
        var batch = (int)Math.Clamp(Math.Min(MacsPerRun / macs, count / Math.Max(1, threads)), 1, LargestBatch);
        var plan = batch == 1 ? single : ExecutionPlan.Compile(network, new ExecutionOptions { Batch = batch });
        var outputLength = checked((int)(plan.OutputTypes.First().Count / batch));
        var outputs = new float[checked(count * outputLength)];
        var (next, done) = (-1, 0);
        var clock = Stopwatch.StartNew();
        Threading.Run(Math.Min(threads, Math.Max(1, count)), () =>
        {
            var frame = new ExecutionFrame(plan);
            var input = frame.Input.AsSpan<float>();
            var length = input.Length / batch;
            for (var index = Interlocked.Increment(ref next); index * batch < count && !cancellation.IsCancellationRequested; index = Interlocked.Increment(ref next))
            {
                var first = index * batch;
                var taken = Math.Min(batch, count - first);
                input = frame.Input.AsSpan<float>();
                for (var i = 0; i < taken; i++) samples.Read(first + i, input.Slice(i * length, length));
                // A partial batch runs full; samples do not influence each other.
                for (var i = taken; i < batch; i++) input[..length].CopyTo(input.Slice(i * length, length));
                frame.Run();
                frame.Results[0].AsSpan<float>()[..(taken * outputLength)].CopyTo(outputs.AsSpan(first * outputLength));
                progress?.Invoke(new EvaluationProgress(Interlocked.Add(ref done, taken), count));
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return new NetworkRun(outputs, outputLength, clock.Elapsed.TotalSeconds);
    }
}
