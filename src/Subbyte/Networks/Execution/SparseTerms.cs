using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Lowering;

namespace Subbyte.Networks.Execution;

/// <summary>
/// The products of a layer that few weights take part in: added weight by weight over planes of codes, not as dense products. Their codes are
/// made plane by plane, over the map where partners are channels of one pixel, and over a block of positions for each element of a patch where they are not.
/// </summary>
internal sealed class SparseTerms
{
    // Denser weights are faster as a dense product.
    private const int LeastZerosForOne = 3;

    private const int PositionsOfRowBlock = 8 * PlaneMap.PositionsOfBlock;

    private readonly Term[] _terms;
    private readonly PlaneMap _planes;
    private readonly ConvolutionGeometry _shape;
    private readonly int _depth;
    private readonly int _codesLength;
    private readonly int _stride;

    private SparseTerms(IEnumerable<ProductTerm> terms, PlaneMap planes, ConvolutionGeometry shape)
    {
        _planes = planes;
        _shape = shape;
        _depth = shape.Depth;
        _terms = [.. terms.Select(term => new Term(term, planes, shape))];
        _stride = (planes.Positions + PlaneMap.PositionsOfBlock - 1) / PlaneMap.PositionsOfBlock * PlaneMap.PositionsOfBlock;
        _codesLength = _terms.Max(term => term.SeesRows ? _depth * PositionsOfRowBlock : planes.Length);
    }

    /// <summary>Bytes of scratch memory that <see cref="Run"/> needs.</summary>
    public long ScratchBytes => ScratchAllocator.Bytes<byte>(_planes.Length) + ScratchAllocator.Bytes<byte>(_codesLength) + ScratchAllocator.Bytes<int>(SumsLength);

    private long SumsLength => (long)_shape.OutChannels * _stride;

    /// <summary>Finds the products of a layer that are worth it; the first product of the layer is not among them.</summary>
    /// <param name="lowered">The layer; its sums fit 32 bits and its base codes are bytes from zero on.</param>
    /// <param name="shape">Geometry.</param>
    /// <returns>The products, or null when there are none.</returns>
    public static SparseTerms? Of(LoweredLayer lowered, ConvolutionGeometry shape)
    {
        if (lowered.Groups is not [{ Slice: null }] || !lowered.Groups[0].Terms.Skip(1).Any(IsSparse) || PlaneMap.For(shape) is not { } planes) return null;
        var length = (long)shape.OutChannels * (planes.Positions + PlaneMap.PositionsOfBlock);
        return length > Array.MaxLength / sizeof(int) || (long)shape.Depth * PositionsOfRowBlock > Array.MaxLength ? null : new SparseTerms(lowered.Groups[0].Terms.Skip(1).Where(IsSparse), planes, shape);
    }

    /// <summary>Whether a product is one of these.</summary>
    /// <param name="term">A product of the layer.</param>
    /// <returns>True when it is.</returns>
    public bool Takes(ProductTerm term) => _terms.Any(taken => taken.Product == term);

    /// <summary>What has to be added to an output's sum: codes are multiplied less their lowest.</summary>
    /// <param name="output">Output channel.</param>
    /// <returns>The offset.</returns>
    public long Offset(int output)
    {
        long offset = 0;
        foreach (var term in _terms)
        {
            long sum = 0;
            foreach (var weight in term.Product.Weights.AsSpan(output * _depth, _depth)) sum += weight;
            offset += term.Product.Activation.Range.Lowest * sum;
        }

        return offset;
    }

    /// <summary>Computes the sums of an image.</summary>
    /// <param name="baseCodes">Base codes of the map.</param>
    /// <param name="padding">Base code outside the map.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes.</param>
    /// <returns>Sums for <see cref="AddTo"/>, part of the scratch memory.</returns>
    public Span<int> Run(ReadOnlySpan<byte> baseCodes, byte padding, Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var planes = allocator.Take<byte>(_planes.Length);
        var codes = allocator.Take<byte>(_codesLength);
        var sums = allocator.Take<int>((int)SumsLength);
        sums.Clear();
        _planes.Fill(baseCodes, padding, planes);
        foreach (var term in _terms)
        {
            if (term.SeesRows) AddRows(term, planes, codes, sums);
            else AddChannels(term, planes, codes, sums);
        }

        return sums;
    }

    /// <summary>Adds sums to those of the other products.</summary>
    /// <param name="sums">What <see cref="Run"/> gave.</param>
    /// <param name="first">First position.</param>
    /// <param name="target">Sums of the positions from it on [position][output].</param>
    /// <param name="transposed">Room for as many.</param>
    public void AddTo(ReadOnlySpan<int> sums, int first, Span<int> target, Span<int> transposed)
    {
        var outputs = _shape.OutChannels;
        var count = target.Length / outputs;
        for (var done = 0; done < count;)
        {
            var (line, column) = Math.DivRem(first + done, _shape.OutWidth);
            var run = _planes.Pitch == _shape.OutWidth ? count : Math.Min(count - done, _shape.OutWidth - column);

            // Only moved, so that it does not matter what type the 32 bits are.
            Transposition.Run(MemoryMarshal.Cast<int, float>(sums[((line * _planes.Pitch) + column)..]), _stride, outputs, run, MemoryMarshal.Cast<int, float>(transposed[(done * outputs)..]), outputs);
            done += run;
        }

        System.Numerics.Tensors.TensorPrimitives.Add(target, transposed[..target.Length], target);
    }

    private void AddChannels(Term term, ReadOnlySpan<byte> planes, Span<byte> codes, Span<int> sums)
    {
        foreach (var piece in term.Pieces) term.Code.EncodePlane(planes, piece.Own, piece.Partners, codes.Slice(piece.Codes, piece.Length));
        SparseProduct.Add(codes, term.Weights, _planes.Positions, sums, _stride);
    }

    private void AddRows(Term term, ReadOnlySpan<byte> planes, Span<byte> codes, Span<int> sums)
    {
        for (var first = 0; first < _planes.Positions; first += PositionsOfRowBlock)
        {
            var count = Math.Min(PositionsOfRowBlock, _planes.Positions - first);
            foreach (var piece in term.Pieces) term.Code.EncodePlane(planes[first..], piece.Own, piece.Partners, codes.Slice(piece.Codes, count));
            SparseProduct.Add(codes, term.Weights, count, sums[first..], _stride);
        }
    }

    private static bool IsSparse(ProductTerm term)
    {
        if (term.Activation is not IPartnerCode code || code.RunsEndAtKernelPosition || term.Coefficient != 1) return false;
        var range = code.Range;
        var (codes, weights) = (range.Highest - Math.Min(0, range.Lowest), Math.Max(-term.WeightRange.Lowest, term.WeightRange.Highest));
        return codes <= byte.MaxValue && term.WeightRange is { Lowest: >= sbyte.MinValue, Highest: <= sbyte.MaxValue } && SparseInt8Matrix.PairsOfShortSum(weights, codes) > 1
            && term.Weights.AsSpan().Count((short)0) >= (long)term.Weights.Length * LeastZerosForOne / (LeastZerosForOne + 1);
    }

    /// <summary>One product made ready to run.</summary>
    private sealed class Term
    {
        public Term(ProductTerm product, PlaneMap planes, ConvolutionGeometry shape)
        {
            Product = product;
            Code = (IPartnerCode)product.Activation;
            SeesRows = Code.Reach == CodeReach.Row || shape.InChannels % Code.RunLength != 0;
            var used = Enumerable.Range(0, shape.Depth).Where(k => Enumerable.Range(0, shape.OutChannels).Any(m => product.Weights[(m * shape.Depth) + k] != 0));
            Pieces = SeesRows
                ? [.. used.Select(k => Piece(k, shape.Depth, planes.Offset, k * PositionsOfRowBlock, PositionsOfRowBlock))]
                : Merge([.. Enumerable.Range(0, shape.InChannels).Select(c => Piece(c, shape.InChannels, channel => channel * planes.ChannelLength, c * planes.ChannelLength, planes.ChannelLength))]);
            var offsets = new int[shape.Depth];
            for (var k = 0; k < offsets.Length; k++) offsets[k] = SeesRows ? k * PositionsOfRowBlock : planes.Offset(k);
            Weights = SparseInt8Matrix.Pack(Array.ConvertAll(product.Weights, weight => (sbyte)weight), offsets, Code.Range.Highest - Math.Min(0, Code.Range.Lowest));
        }

        public ProductTerm Product { get; }

        public IPartnerCode Code { get; }

        /// <summary>Whether partners lie anywhere in the patch row.</summary>
        public bool SeesRows { get; }

        /// <summary>What has to be encoded: all channels or, where rows are seen, elements of a patch that the product needs.</summary>
        public IReadOnlyList<CodePiece> Pieces { get; }

        public SparseInt8Matrix Weights { get; }

        private CodePiece Piece(int element, int elements, Func<int, int> offset, int codes, int length)
        {
            var partners = Enumerable.Range(0, Code.PartnerCount).Select(i => Code.Partner(element, i, elements));
            return new CodePiece(offset(element), [.. partners.Select(partner => partner < 0 ? -1 : offset(partner))], codes, length);
        }

        /// <summary>Channels side by side whose partners lie side by side too are encoded together.</summary>
        private static List<CodePiece> Merge(IEnumerable<CodePiece> channels)
        {
            var merged = new List<CodePiece>();
            foreach (var next in channels)
            {
                if (merged.Count > 0 && merged[^1] is var last && next.Own == last.Own + last.Length && next.Partners.Zip(last.Partners).All(pair => Follows(pair.First, pair.Second, last.Length))) merged[^1] = last with { Length = last.Length + next.Length };
                else merged.Add(next);
            }

            return merged;
        }

        /// <summary>Whether a partner lies behind another; one that is not there is followed by none, not by what lies at offset 0.</summary>
        private static bool Follows(int next, int last, int length) => last < 0 ? next < 0 : next == last + length;
    }

    /// <summary>Elements whose codes are made in one go.</summary>
    /// <param name="Own">Where their base codes begin.</param>
    /// <param name="Partners">Where those of each partner begin, or −1.</param>
    /// <param name="Codes">Where their codes begin.</param>
    /// <param name="Length">Number of codes.</param>
    private sealed record CodePiece(int Own, int[] Partners, int Codes, int Length);
}
