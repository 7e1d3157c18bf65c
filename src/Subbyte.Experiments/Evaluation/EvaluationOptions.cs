namespace Subbyte.Experiments;

/// <summary>How a network is run over data. None of it changes a result.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Worker threads; samples are split among them.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Samples evaluated, from the first; all when null.</summary>
    public int? Limit { get; init; }

    /// <summary>Samples on which the noise of each layer is measured.</summary>
    public int NoiseSamples { get; init; } = 256;

    /// <summary>Samples on which costs that depend on data are counted.</summary>
    public int CostSamples { get; init; } = 16;
}

/// <summary>How far a run has come.</summary>
/// <param name="Done">Samples done.</param>
/// <param name="Total">Samples in all.</param>
public readonly record struct EvaluationProgress(int Done, int Total);
