using System.Runtime.InteropServices;
using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>Weights of which pruning has left few: each costs its own products, over vectors of positions; zeros cost nothing.</summary>
internal sealed class SparseCodeProduct : CodeProduct
{
    // Costs of an output, in products of a weight at a position: sums that are cleared, transposed and added; the same of dense products.
    private const int FixedCost = 100;
    private const int FixedDenseCost = 50;

    private readonly byte[] _table;
    private readonly byte _padding;
    private readonly PlaneMap _planes;
    private readonly SparseInt8Matrix _weights;
    private readonly int _length;

    private SparseCodeProduct(ConvolutionGeometry geometry, LevelDigit digit, PlaneMap planes, SparseInt8Matrix weights)
        : base(geometry, geometry.IsPointwise ? RowsOfTile(geometry) : LinesOfTile(geometry))
    {
        (_table, _padding, _planes, _weights) = (digit.Table, digit.Padding, planes, weights);
        _length = geometry.InHeight * geometry.InWidth * geometry.InChannels;
    }

    public override ProductKernel Kernel => ProductKernel.ShortSums;

    public override long SharedBytes => SessionFrame.Bytes<byte>(_length) + SessionFrame.Bytes<byte>(_planes.Length);

    public override long WorkerBytes => SessionFrame.Bytes<int>((long)Geometry.OutChannels * Stride(PositionsOfTile));

    /// <summary>Plans a product.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="digit">The digit of each code.</param>
    /// <param name="largest">The largest code of the activations, after the table.</param>
    /// <param name="weights">Weights [output][k].</param>
    /// <param name="denseCost">What a weight of the dense product costs.</param>
    /// <returns>The product, or null where a dense one is faster, or none of this kind is exact.</returns>
    public static SparseCodeProduct? For(ConvolutionGeometry geometry, LevelDigit digit, int largest, sbyte[] weights, double denseCost)
    {
        if (PlaneMap.For(geometry) is not { } planes) return null;
        var density = 1 - (weights.AsSpan().Count((sbyte)0) / (double)weights.Length);
        var magnitude = weights.Max(weight => Math.Abs((int)weight));
        if (!IsWorth(geometry, density, denseCost) || SparseInt8Matrix.PairsOfShortSum(magnitude, largest) < 2) return null;
        int[] offsets = [.. Enumerable.Range(0, geometry.Depth).Select(planes.Offset)];
        return new SparseCodeProduct(geometry, digit, planes, SparseInt8Matrix.Pack(weights, offsets, largest));
    }

    /// <summary>Whether a product of few weights is faster than a dense one.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="density">Share of weights that are not 0.</param>
    /// <param name="denseCost">What a weight of the dense product costs, in products of a weight at a position.</param>
    /// <returns>True when it is, by measured costs.</returns>
    public static bool IsWorth(ConvolutionGeometry geometry, double density, double denseCost)
    {
        if (geometry.Groups != 1) return false;
        // Lines are computed with their padding, in whole blocks.
        var tile = Math.Min(BlockPositions, geometry.Positions);
        var pitch = (geometry.InWidth + geometry.PadLeft + geometry.PadRight + geometry.StrideWidth - 1) / geometry.StrideWidth;
        var computed = Math.Ceiling(tile * (double)pitch / geometry.OutWidth / PlaneMap.PositionsOfBlock) * PlaneMap.PositionsOfBlock;
        return computed / tile * ((density * geometry.Depth) + FixedCost) <= (denseCost * geometry.Depth) + FixedDenseCost;
    }

    public override void Prepare(ReadOnlySpan<float> x, Span<byte> shared) => throw new NotSupportedException("sparse weights multiply codes");

    public override void PrepareCodes(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        var digits = shared[.._length];
        TableLookup.Map(codes, _table, digits);
        _planes.Fill(digits, _padding, Planes(shared));
    }

    public override void Multiply(int first, int count, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        var g = Geometry;
        var isDense = _planes.Pitch == g.OutWidth;
        var (begin, positions) = isDense ? (first, count) : (first / g.OutWidth * _planes.Pitch, count / g.OutWidth * _planes.Pitch);
        var stride = Stride(count);
        var planar = MemoryMarshal.Cast<byte, int>(worker)[..(g.OutChannels * stride)];
        planar.Clear();
        SparseProduct.Add(Planes(shared)[begin..], _weights, positions, planar, stride);
        var run = isDense ? count : g.OutWidth;
        for (var done = 0; done < count; done += run)
        {
            // Only moved, so that it does not matter what type the 32 bits are.
            var from = MemoryMarshal.Cast<int, float>(planar[(isDense ? done : done / g.OutWidth * _planes.Pitch)..]);
            Transposition.Run(from, stride, g.OutChannels, run, MemoryMarshal.Cast<int, float>(sums[(done * g.OutChannels)..]), g.OutChannels);
        }
    }

    private int Stride(int positions) => ((positions / Geometry.OutWidth * _planes.Pitch) + (positions % Geometry.OutWidth) + PlaneMap.PositionsOfBlock - 1) / PlaneMap.PositionsOfBlock * PlaneMap.PositionsOfBlock;

    private Span<byte> Planes(Span<byte> shared) => shared.Slice((int)SessionFrame.Bytes<byte>(_length), _planes.Length);
}
