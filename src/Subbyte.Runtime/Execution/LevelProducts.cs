using Subbyte.Kernels;

namespace Subbyte.Runtime;

/// <summary>The products of a layer of several levels: a kernel each, operands shared by the planes of weights that meet the same digit in the same form.</summary>
internal sealed class LevelProducts
{
    /// <summary>What a weight of bit planes costs, in products of a weight at a position by itself.</summary>
    public const double CostOfBits = 0.2;

    private const double CostOfBytes = 0.35;

    private readonly Operand[] _operands;
    private readonly Item[] _items;

    /// <summary>Chooses kernels.</summary>
    /// <param name="parts">The layer.</param>
    public LevelProducts(LevelParts parts)
    {
        var products = parts.Products.Select(product => Choose(parts, product, inBytes: false)).ToArray();
        // Tiles are those of all products.
        if (products.Any(product => product.PositionsOfTile != products[0].PositionsOfTile)) products = [.. parts.Products.Select(product => Choose(parts, product, inBytes: true))];
        var operands = new List<Operand>();
        _items = new Item[products.Length];
        long bytes = 0;
        for (var i = 0; i < products.Length; i++)
        {
            var (product, digit) = (products[i], parts.Products[i].Digit);
            var operand = operands.FindIndex(each => each.Digit == digit && Shares(each.Maker, product));
            if (operand < 0)
            {
                operand = operands.Count;
                operands.Add(new Operand(product, digit, bytes));
                bytes += product.SharedBytes;
            }

            _items[i] = new Item(product, operands[operand].Start, Offsets(parts, parts.Products[i], product));
        }

        _operands = [.. operands];
        SharedBytes = bytes;
        WorkerBytes = products.Max(product => product.WorkerBytes);
        PositionsOfTile = products[0].PositionsOfTile;
    }

    /// <summary>Bytes of all operands.</summary>
    public long SharedBytes { get; }

    /// <summary>Bytes of a worker beside its sums.</summary>
    public long WorkerBytes { get; }

    /// <summary>Positions of a tile.</summary>
    public int PositionsOfTile { get; }

    /// <summary>The limit of the machine that bounds most products.</summary>
    public ProductKernel Kernel => _items.GroupBy(item => item.Product.Kernel).MaxBy(group => group.Count())!.Key;

    /// <summary>Products whose zeros are skipped.</summary>
    public int Sparse => _items.Count(item => item.Product is SparseCodeProduct);

    /// <summary>No sum of any product is larger, or below its negative, before its offset.</summary>
    public long LargestSum => _items.Max(item => item.Product.LargestSum);

    /// <summary>What has to be added to the sums of each output of a product.</summary>
    /// <param name="index">Which product.</param>
    /// <returns>An integer an output.</returns>
    public int[] OffsetsOf(int index) => _items[index].Offsets;

    /// <summary>Makes the operands.</summary>
    /// <param name="codes">Codes of the map.</param>
    /// <param name="shared">Memory that the tiles share.</param>
    public void Prepare(ReadOnlySpan<byte> codes, Span<byte> shared)
    {
        foreach (var operand in _operands) operand.Maker.PrepareCodes(codes, shared[(int)operand.Start..]);
    }

    /// <summary>Sums of one product at some positions.</summary>
    /// <param name="index">Which product.</param>
    /// <param name="positions">The first position, and how many.</param>
    /// <param name="shared">What <see cref="Prepare"/> made.</param>
    /// <param name="worker">Memory of the worker.</param>
    /// <param name="sums">Takes the sums.</param>
    /// <returns>What has to be added to the sums of each output.</returns>
    public int[] Multiply(int index, (int First, int Count) positions, Span<byte> shared, Span<byte> worker, Span<int> sums)
    {
        var item = _items[index];
        item.Product.Multiply(positions.First, positions.Count, shared[(int)item.Operand..], worker, sums);
        return item.Offsets;
    }

    /// <summary>Whether one product's operand is another's: it depends on the digit and on the form alone.</summary>
    private static bool Shares(CodeProduct maker, CodeProduct product) => maker.GetType() == product.GetType() && maker.SharedBytes == product.SharedBytes;

    private static CodeProduct Choose(LevelParts parts, LevelProduct product, bool inBytes)
    {
        var (g, digit, weights) = (parts.Geometry, parts.Digits[product.Digit], parts.Planes[product.Plane]);
        var known = digit.Table.AsSpan(0, parts.Encoder.Largest + 1);
        var bits = Bits(parts, digit, weights);
        if (!inBytes && SparseCodeProduct.For(g, digit, Math.Max(digit.Padding, Largest(known)), weights, bits is null ? CostOfBytes : CostOfBits) is { } sparse) return sparse;
        if (!inBytes && bits is { } isSigned) return new DigitPlaneProduct(g, digit, weights, isSigned);
        var width = ProductStep.FitsBits(weights.Min(), weights.Max(), 2) ? 2 : ProductStep.FitsBits(weights.Min(), weights.Max(), 4) ? 4 : 8;
        var lowBits = width < 8 && ByteProduct.FitsLowBits(g) ? ProductStep.PackLowBits(g, weights, width) : null;
        return new ByteProduct(g, parts.Encoder, digit.Table, digit.Padding, lowBits is null ? weights : null, lowBits);
    }

    /// <summary>Null where a product is none of bit planes, else whether they are one on each side.</summary>
    private static bool? Bits(LevelParts parts, LevelDigit digit, sbyte[] weights)
    {
        var g = parts.Geometry;
        var (lowest, highest, zeros) = (digit.Padding - digit.Shift, digit.Padding - digit.Shift, weights.AsSpan().IndexOf((sbyte)0) >= 0);
        if (lowest != 0 || weights.Min() < -1 || weights.Max() > 1) return null;
        for (var code = 0; code <= parts.Encoder.Largest; code++)
        {
            var value = digit.Table[code] - digit.Shift;
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
            zeros |= value == 0 && parts.Encoder.Reaches(code);
        }

        if (lowest < -1 || highest > 1) return null;
        var isSigned = !zeros && PaddingCorrection.Fits(g) && WordProduct.Fits(g, 1);
        return isSigned || WordProduct.Fits(g, 2) ? isSigned : null;
    }

    private static int Largest(ReadOnlySpan<byte> codes)
    {
        var largest = 0;
        foreach (var code in codes) largest = Math.Max(largest, code);
        return largest;
    }

    /// <summary>The offsets of a product with what its kernel leaves out; they wrap as the sums do.</summary>
    private static int[] Offsets(LevelParts parts, LevelProduct product, CodeProduct kernel)
    {
        var (weights, depth) = (parts.Planes[product.Plane], parts.Geometry.Depth);
        var offsets = (int[])product.Offsets.Clone();
        for (var m = 0; m < offsets.Length; m++)
        {
            if (kernel is DigitPlaneProduct bits)
            {
                offsets[m] = unchecked(offsets[m] + bits.Constant);
                continue;
            }

            var sum = 0;
            foreach (var weight in weights.AsSpan(m * depth, depth)) sum += weight;
            offsets[m] = unchecked(offsets[m] - (parts.Digits[product.Digit].Shift * sum));
        }

        return offsets;
    }

    /// <summary>What products share.</summary>
    /// <param name="Maker">The product that makes it.</param>
    /// <param name="Digit">The digit of the activations.</param>
    /// <param name="Start">Where it begins.</param>
    private sealed record Operand(CodeProduct Maker, int Digit, long Start);

    /// <summary>One product.</summary>
    /// <param name="Product">How it is computed.</param>
    /// <param name="Operand">Where its operand begins.</param>
    /// <param name="Offsets">What has to be added to its sums.</param>
    private sealed record Item(CodeProduct Product, long Operand, int[] Offsets);
}
