using Subbyte.Hardware.Arrays;

namespace Subbyte.Hardware.Topologies;

/// <summary>A layer of a topology.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">The product that it computes.</param>
/// <param name="Weights">Number of weights.</param>
public sealed record TopologyLayer(string Name, MatrixShape Shape, long Weights)
{
    /// <summary>Kernel height; 1 for a matrix product.</summary>
    public int KernelHeight { get; init; } = 1;

    /// <summary>Kernel width.</summary>
    public int KernelWidth { get; init; } = 1;
}
