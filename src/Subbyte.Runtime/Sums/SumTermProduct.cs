using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>The weights of a term over its run, packed for each group of channels: bytes, fewer bits where rows are few, or 16-bit integers.</summary>
internal sealed class SumTermProduct
{
    // More rows are multiplied faster by weights that have been unpacked once.
    private const int FewRows = 3;
    private const int OutputsOfPanel = 16;

    private readonly PackedInt8Matrix[] _bytes = [];
    private readonly PackedLowBitMatrix[] _lowBits = [];
    private readonly PackedInt16Matrix[] _shorts = [];
    private readonly int _largestCode;

    /// <summary>Packs weights.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="group">The run.</param>
    /// <param name="term">The term.</param>
    /// <param name="plane">Its plane of weights.</param>
    /// <param name="operand">What they are multiplied by.</param>
    /// <param name="inBytes">Whether codes and weights are bytes.</param>
    public SumTermProduct(ConvolutionGeometry geometry, SumGroup group, SumTerm term, short[] plane, SumOperandCodes operand, bool inBytes)
    {
        (Operand, Coefficient, First, _largestCode) = (term.Operand, term.Coefficient, group.First, operand.Highest + operand.Shift);
        var (outputs, length) = (geometry.OutputsPerGroup, group.Length);
        var parts = Enumerable.Range(0, geometry.Groups).Select(index => Weights(plane, geometry.Depth, index * outputs, outputs, group)).ToArray();
        if (!inBytes)
        {
            _shorts = [.. parts.Select(weights => PackedInt16Matrix.Pack(weights, outputs, length))];
            return;
        }

        var narrow = parts.Select(weights => Array.ConvertAll(weights, weight => (sbyte)weight)).ToArray();
        int lowest = Math.Min(0, (int)narrow.Min(weights => weights.Min())), highest = Math.Max(0, (int)narrow.Max(weights => weights.Max()));
        var bits = ProductStep.FitsBits(lowest, highest, 2) ? 2 : ProductStep.FitsBits(lowest, highest, 4) ? 4 : 0;
        if (bits > 0 && geometry.Positions <= FewRows) _lowBits = [.. narrow.Select(weights => PackedLowBitMatrix.Pack(weights, outputs, length, bits, lowest, highest))];
        else _bytes = [.. narrow.Select(weights => PackedInt8Matrix.Pack(weights, outputs, length))];
    }

    /// <summary>Which operand.</summary>
    public int Operand { get; }

    /// <summary>Integer factor.</summary>
    public int Coefficient { get; }

    /// <summary>The first element of the run.</summary>
    public int First { get; }

    /// <summary>The limit of the machine that bounds it, of bytes.</summary>
    public ProductKernel Kernel => Int8Gemm.Kernel(_lowBits.Length > 0 ? _lowBits.Max(matrix => matrix.LargestMagnitude) : _bytes.Max(matrix => matrix.LargestMagnitude), _largestCode);

    /// <summary>Weights that a term of a group holds, with what fills panels up.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="group">The run.</param>
    /// <returns>Number of weights.</returns>
    public static long PaddedLength(ConvolutionGeometry geometry, SumGroup group)
        => (long)geometry.Groups * ((geometry.OutputsPerGroup + OutputsOfPanel - 1) / OutputsOfPanel * OutputsOfPanel) * ((group.Length + PackedInt8Matrix.Step - 1) / PackedInt8Matrix.Step * PackedInt8Matrix.Step);

    /// <summary>Multiplies patches of bytes.</summary>
    /// <param name="rows">The patches.</param>
    /// <param name="stride">Elements from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="channels">Which group of channels.</param>
    /// <param name="sums">Takes the sums [patch][output].</param>
    public void Multiply(ReadOnlySpan<byte> rows, int stride, int count, int channels, Span<int> sums)
    {
        rows = rows[First..];
        if (_lowBits.Length > 0) LowBitGemm.Multiply(rows, stride, count, _lowBits[channels], sums, _lowBits[channels].Outputs, _largestCode);
        else Int8Gemm.Multiply(rows, stride, count, _bytes[channels], sums, _bytes[channels].Outputs, _largestCode);
    }

    /// <summary>Multiplies patches of 16-bit codes into sums that fit 32 bits.</summary>
    /// <param name="rows">The patches.</param>
    /// <param name="stride">Elements from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="channels">Which group of channels.</param>
    /// <param name="sums">Takes the sums [patch][output].</param>
    public void Multiply(ReadOnlySpan<short> rows, int stride, int count, int channels, Span<int> sums)
        => Int16Gemm.Multiply(rows[First..], stride, count, _shorts[channels], sums, _shorts[channels].Outputs);

    /// <summary>Multiplies patches of 16-bit codes.</summary>
    /// <param name="rows">The patches.</param>
    /// <param name="stride">Elements from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="channels">Which group of channels.</param>
    /// <param name="sums">Takes the sums [patch][output].</param>
    public void Multiply(ReadOnlySpan<short> rows, int stride, int count, int channels, Span<long> sums)
        => Int16Gemm.MultiplyWide(rows[First..], stride, count, _shorts[channels], sums, _shorts[channels].Outputs);

    private static short[] Weights(short[] plane, int depth, int first, int outputs, SumGroup group)
    {
        var weights = new short[outputs * group.Length];
        for (var m = 0; m < outputs; m++) plane.AsSpan(((first + m) * depth) + group.First, group.Length).CopyTo(weights.AsSpan(m * group.Length));
        return weights;
    }
}
