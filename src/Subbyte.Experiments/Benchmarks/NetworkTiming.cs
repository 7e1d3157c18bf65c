namespace Subbyte.Experiments;

/// <summary>How long one run of a network takes somewhere.</summary>
/// <param name="Runner">Who ran it: <c>subbyte</c> or <c>onnxruntime</c>.</param>
/// <param name="Format">The recipe, or how ONNX Runtime was asked to run.</param>
/// <param name="Milliseconds">The shortest run.</param>
/// <param name="MedianMilliseconds">The median run.</param>
/// <param name="Repeats">Number of runs.</param>
/// <param name="SamplesPerSecond">Samples a second in the shortest run.</param>
/// <param name="GigaMacsPerSecond">Billions of the network's multiply-accumulates a second in the shortest run.</param>
/// <param name="SpeedupOverOnnxRuntimeFp32">ONNX Runtime's shortest run in fp32 by this one; null when it was not run.</param>
/// <param name="SpeedupOverOnnxRuntimeInt8">The same for its eight bits throughout, as they come.</param>
/// <param name="SpeedupOverOnnxRuntimeExactInt8">The same for eight bits whose products cannot saturate.</param>
/// <param name="Layers">Its nodes, where they can be seen.</param>
public sealed record NetworkTiming(
    string Runner,
    string Format,
    double Milliseconds,
    double MedianMilliseconds,
    int Repeats,
    double SamplesPerSecond,
    double GigaMacsPerSecond,
    double? SpeedupOverOnnxRuntimeFp32,
    double? SpeedupOverOnnxRuntimeInt8,
    double? SpeedupOverOnnxRuntimeExactInt8,
    IReadOnlyList<NodeTiming> Layers)
{
    /// <summary>Threads that shared a run.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What nine of ten runs do not exceed.</summary>
    public required double Percentile90Milliseconds { get; init; }

    /// <summary>What 99 of 100 runs do not exceed.</summary>
    public required double Percentile99Milliseconds { get; init; }

    /// <summary>Billions of operations a second, a multiply-accumulate counted as two.</summary>
    public double GigaOperationsPerSecond => 2 * GigaMacsPerSecond;

    /// <summary>Bytes of the packed file, or null.</summary>
    public long? FileBytes { get; init; }

    /// <summary>Bytes of memory that one run of a session takes, or null.</summary>
    public long? RunBytes { get; init; }

    /// <summary>The shortest run of the packed network that was timed beside it by this one, or null.</summary>
    public double? SpeedupOverOther { get; init; }

    /// <summary>Zeros of its layers of several levels, or null.</summary>
    public PackedSparsity? Sparsity { get; init; }

    /// <summary>The shortest run with one thread by this one, of a session with several threads; else null.</summary>
    public double? SpeedupOverOneThread { get; init; }

    /// <summary>How many times the multiply-add peak of one thread that many threads reached in this run; null beside one thread.</summary>
    public double? PeakSpeedupOfThreads { get; init; }
}

/// <summary>How long one node takes.</summary>
/// <param name="Name">Name of the layer, or the kind of node.</param>
/// <param name="Kernel">The kernel that multiplies, or null where the node is no dot product.</param>
/// <param name="Milliseconds">The shortest run.</param>
/// <param name="GigaMacsPerSecond">Billions of multiply-accumulates a second, or null.</param>
/// <param name="ShareOfPeak">That as a fraction of what the machine can do at most by that kernel, or null.</param>
public sealed record NodeTiming(string Name, string? Kernel, double Milliseconds, double? GigaMacsPerSecond, double? ShareOfPeak);
