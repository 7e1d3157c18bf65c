namespace Subbyte.Hardware.Arrays;

/// <summary>The memories of an array: one double-buffered SRAM for activations, one for weights and one for outputs, and the way to DRAM.</summary>
public sealed record ArrayMemory
{
    /// <summary>Bytes of the SRAM for activations; half of them hold the working set, the other half the next one.</summary>
    public long InputBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of the SRAM for weights.</summary>
    public long FilterBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of the SRAM for outputs and partial sums.</summary>
    public long OutputBytes { get; init; } = 64 << 10;

    /// <summary>Bytes that DRAM moves in a cycle; infinite where nothing ever waits for it.</summary>
    public double BytesPerCycle { get; init; } = double.PositiveInfinity;

    /// <summary>Bits of an activation in memory.</summary>
    public double InputBits { get; init; } = 8;

    /// <summary>Bits of a weight in memory.</summary>
    public double FilterBits { get; init; } = 8;

    /// <summary>Bits of a finished output in memory.</summary>
    public double OutputBits { get; init; } = 8;

    /// <summary>Bits of a partial sum.</summary>
    public double SumBits { get; init; } = 32;
}
