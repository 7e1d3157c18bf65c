using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>What is made of a patch's base codes before they are multiplied.</summary>
/// <param name="Table">The code of each base code, from the lowest on; empty for the base codes themselves.</param>
/// <param name="Alone">Empty, or the code of a base code whose partner is 0 or lies behind the patch's end; <paramref name="Table"/> has that of the others then.</param>
/// <param name="Distance">What is added to an element's place, without carry, to find its partner: 1, 2 or 3; 0 without partners.</param>
public sealed record SumOperand(short[] Table, short[] Alone, int Distance);

/// <summary>One product of a group.</summary>
/// <param name="Operand">Which operand.</param>
/// <param name="Plane">Which plane of weights.</param>
/// <param name="Coefficient">Integer factor.</param>
public sealed record SumTerm(int Operand, int Plane, int Coefficient);

/// <summary>Products over a run of a patch that are summed as integers before one scale: <c>scale[m] · (offset[m] + Σ coefficient · (a · w))</c>.</summary>
/// <param name="First">The first element of the run.</param>
/// <param name="Length">Its length.</param>
/// <param name="Terms">The products.</param>
/// <param name="Offsets">Offset of each output.</param>
/// <param name="Scales">Scale of each output.</param>
public sealed record SumGroup(int First, int Length, IReadOnlyList<SumTerm> Terms, long[] Offsets, float[] Scales);

/// <summary>What a layer of general sums of products consists of.</summary>
public sealed record SumParts
{
    /// <summary>Most operands of a layer.</summary>
    public const int MostOperands = 16;

    /// <summary>Most planes of a layer.</summary>
    public const int MostPlanes = 64;

    /// <summary>Sizes.</summary>
    public required ConvolutionGeometry Geometry { get; init; }

    /// <summary>How the input becomes base codes.</summary>
    public required BaseEncoder Encoder { get; init; }

    /// <summary>What is made of them.</summary>
    public required IReadOnlyList<SumOperand> Operands { get; init; }

    /// <summary>Planes of weights, [output][k] each.</summary>
    public required IReadOnlyList<short[]> Planes { get; init; }

    /// <summary>The groups; with one its sum is scaled in float32, with several in double, in order.</summary>
    public required IReadOnlyList<SumGroup> Groups { get; init; }

    /// <summary>Bias of each output, added last.</summary>
    public required float[] Bias { get; init; }

    /// <summary>Lower end of the clamp.</summary>
    public float Lowest { get; init; } = float.NegativeInfinity;

    /// <summary>Upper end of the clamp.</summary>
    public float Highest { get; init; } = float.PositiveInfinity;
}
