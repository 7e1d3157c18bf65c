namespace Subbyte.Hardware.Arrays;

/// <summary>What an array moves for one layer and sample, all groups together.</summary>
public sealed record ArrayTraffic
{
    /// <summary>Activations read from their SRAM at the array's edge.</summary>
    public required long InputReads { get; init; }

    /// <summary>Weights read from their SRAM.</summary>
    public required long FilterReads { get; init; }

    /// <summary>Outputs and partial sums written to their SRAM.</summary>
    public required long OutputWrites { get; init; }

    /// <summary>Partial sums read back from it.</summary>
    public required long SumReads { get; init; }

    /// <summary>Bytes read from DRAM.</summary>
    public required double DramReadBytes { get; init; }

    /// <summary>Bytes written to DRAM.</summary>
    public required double DramWriteBytes { get; init; }

    /// <summary>Cycles in which the array waits for DRAM.</summary>
    public required double StallCycles { get; init; }
}
