using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>One digit of activations: what each byte code stands for in a product.</summary>
/// <param name="Table">The digit of each of 256 codes, plus <paramref name="Shift"/>.</param>
/// <param name="Shift">What is to be subtracted from a byte of the table.</param>
/// <param name="Padding">The byte of padded positions.</param>
public sealed record LevelDigit(byte[] Table, int Shift, byte Padding);

/// <summary>One product of a sum: a plane of weights times a digit of the activations.</summary>
/// <param name="Plane">Which plane.</param>
/// <param name="Digit">Which digit.</param>
/// <param name="Offsets">Added to each output's integer sum.</param>
/// <param name="Scales">Real scale of each output.</param>
public sealed record LevelProduct(int Plane, int Digit, int[] Offsets, float[] Scales)
{
    /// <summary>What its sums are multiplied with when they are added to those of the next product, as integers; offsets and scales are the next one's. 0 where it is scaled itself.</summary>
    public int Joins { get; init; }
}

/// <summary>What a layer of several levels consists of.</summary>
public sealed record LevelParts
{
    /// <summary>Sizes.</summary>
    public required ConvolutionGeometry Geometry { get; init; }

    /// <summary>How the input becomes codes.</summary>
    public required ActivationEncoder Encoder { get; init; }

    /// <summary>Digits of the codes.</summary>
    public required IReadOnlyList<LevelDigit> Digits { get; init; }

    /// <summary>Planes of weights, [output][k] each.</summary>
    public required IReadOnlyList<sbyte[]> Planes { get; init; }

    /// <summary>The products in the order in which they are summed; with one, its sum is scaled in float32.</summary>
    public required IReadOnlyList<LevelProduct> Products { get; init; }

    /// <summary>Bias of each output, added last.</summary>
    public required float[] Bias { get; init; }

    /// <summary>Whether ternary weights share bytes in the file, five to one.</summary>
    public bool SharesBytes { get; init; }

    /// <summary>Lower end of the clamp.</summary>
    public float Lowest { get; init; } = float.NegativeInfinity;

    /// <summary>Upper end of the clamp.</summary>
    public float Highest { get; init; } = float.PositiveInfinity;
}
