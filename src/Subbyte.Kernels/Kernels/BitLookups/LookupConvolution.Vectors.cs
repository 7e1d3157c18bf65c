using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <inheritdoc/>
/// <typeparam name="TVector">Vectors of the tables.</typeparam>
internal sealed class LookupConvolution<TVector> : LookupConvolution where TVector : struct, ILookupVector<TVector>
{
    private readonly ConvolutionGeometry _geometry;
    private readonly PackedBitMatrix _weights;
    private readonly LookupWeights _indices;
    private readonly BitProduct _product;
    private readonly LookupCodes _codes;
    private readonly int _groups;
    private readonly int _pitch;

    /// <summary>A convolution that tables suit.</summary>
    /// <param name="geometry">Sizes, in channels.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="product">What the sums are.</param>
    public LookupConvolution(ConvolutionGeometry geometry, PackedBitMatrix weights, BitProduct product)
    {
        (_geometry, _weights, _product) = (geometry, weights, product);
        _indices = weights.Lookups<TVector>();
        _codes = new LookupCodes(weights.Channels, weights.Planes, TVector.Bits);
        _groups = _codes.Groups;
        // Whole blocks of pixels are written behind the left padding.
        _pitch = geometry.PadLeft + ((geometry.InWidth + geometry.PadRight + TVector.Pixels - 1) / TVector.Pixels * TVector.Pixels);
        Length = checked((geometry.InHeight + geometry.PadTop + geometry.PadBottom) * _groups * _pitch);
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <inheritdoc/>
    public override unsafe void Encode(ReadOnlySpan<uint> words, Span<ushort> codes)
    {
        var g = _geometry;
        var line = g.InWidth * _codes.WordsOfPixel;
        if (words.Length < g.InHeight * line || codes.Length < Length)
            throw new ArgumentException($"a map of {words.Length} words and room for {codes.Length} codes do not serve {g.InHeight}×{g.InWidth}×{g.InChannels}", nameof(words));
        var lineCodes = _groups * _pitch;
        codes[..(g.PadTop * lineCodes)].Clear();
        codes.Slice((g.PadTop + g.InHeight) * lineCodes, g.PadBottom * lineCodes).Clear();
        fixed (uint* from = words)
        fixed (ushort* to = codes)
        {
            for (var y = 0; y < g.InHeight; y++)
            {
                var target = to + ((nint)(g.PadTop + y) * lineCodes);
                _codes.Encode<TVector>(from + ((nint)y * line), _codes.WordsOfPixel, g.InWidth, target + g.PadLeft, _pitch);
                for (var group = 0; group < _groups; group++, target += _pitch)
                {
                    for (var x = 0; x < g.PadLeft; x++) target[x] = 0;
                    for (var x = g.PadLeft + g.InWidth; x < _pitch; x++) target[x] = 0;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override unsafe void Multiply(ReadOnlySpan<ushort> codes, int firstLine, int lines, Span<int> c, int ldc)
    {
        if (firstLine < 0 || lines < 0 || (long)firstLine + lines > _geometry.OutHeight) throw new ArgumentOutOfRangeException(nameof(lines), lines, $"lines {firstLine} + {lines} leave {_geometry.OutHeight}");
        MatrixProductArguments.Check(codes.Length, Length, lines == 0 ? 0 : 1, Length, Length, c.Length, ldc, _weights.Outputs);
        MatrixProductArguments.Check(c.Length, ldc, lines * _geometry.OutWidth, _weights.Outputs, _weights.Outputs, c.Length, ldc, _weights.Outputs);
        fixed (ushort* pc = codes)
        fixed (int* sums = c)
            Run(pc + ((nint)firstLine * _groups * _pitch), lines, sums, ldc);
    }

    /// <summary>Vectors of outputs, whose indices stay in the first caches, over all positions; sums go on where a position has more groups than a tile may count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Run(ushort* codes, int lines, int* c, nint ldc)
    {
        const int Columns = LookupTiles<TVector>.Columns;
        var (all, most) = (_geometry.KernelHeight * _groups, LookupTable<TVector>.MostGroups / Columns);
        fixed (byte* tables = LookupTable<TVector>.Of(_product))
        fixed (byte* indices = _indices.Indices)
        {
            for (var first = 0; first < all; first += most)
            {
                var groups = Math.Min(most, all - first);
                var constant = LookupTable<TVector>.Constant(_product, Columns * groups);
                for (var output = 0; output < _weights.Outputs; output += TVector.Outputs)
                {
                    var block = indices + (((((nint)output * all) + ((nint)first * TVector.Outputs))) * Columns);
                    for (var line = 0; line < lines; line++)
                    {
                        var sums = new LookupSums((nint)(c + ((nint)line * _geometry.OutWidth * ldc) + output), ldc, LookupTable<TVector>.Factor(_product), constant, Continues: first > 0);
                        RunLine(codes + ((((nint)line * _groups) + first) * _pitch), tables, block, groups, sums);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void RunLine(ushort* codes, byte* tables, byte* indices, nint groups, LookupSums line)
    {
        var tiles = (_geometry.OutWidth + TVector.Positions - 1) / TVector.Positions;
        for (int tile = 0, position = 0; tile < tiles; tile++)
        {
            var end = (int)((long)_geometry.OutWidth * (tile + 1) / tiles);
            var sums = line with { C = line.C + (position * line.Ld * sizeof(int)) };
            switch (end - position)
            {
                case 1: LookupTiles<TVector>.Run<One>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 2: LookupTiles<TVector>.Run<Two>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 3: LookupTiles<TVector>.Run<Three>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 4: LookupTiles<TVector>.Run<Four>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 5: LookupTiles<TVector>.Run<Five>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 6: LookupTiles<TVector>.Run<Six>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 7: LookupTiles<TVector>.Run<Seven>(codes + position, _pitch, tables, indices, groups, sums); break;
                case 8: LookupTiles<TVector>.Run<Eight>(codes + position, _pitch, tables, indices, groups, sums); break;
            }

            position = end;
        }
    }
}
