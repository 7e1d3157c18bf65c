using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Which scale and zero point serve which elements: one for all, one for each index of an axis, or one for each block along it.</summary>
internal sealed class QuantizationGrid
{
    private readonly int _length;
    private readonly int _inner;
    private readonly int _block;
    private readonly int _blocks;

    private QuantizationGrid(int length, int inner, int block, int runs, int scales)
    {
        (_length, _inner, _block, Runs, Scales) = (length, inner, block, runs, scales);
        _blocks = block == 0 ? 0 : ((length - 1) / block) + 1;
    }

    /// <summary>Number of scales.</summary>
    public int Scales { get; }

    /// <summary>Number of runs of elements, in memory order, that share a scale.</summary>
    public int Runs { get; }

    /// <summary>One run.</summary>
    /// <param name="run">Which run.</param>
    /// <returns>Its first element, its length and its scale.</returns>
    public (int Start, int Count, int Scale) this[int run]
    {
        get
        {
            if (_length == 0) return (0, _inner, 0);
            if (_block == 0) return (run * _inner, _inner, run % _length);
            if (_inner == 1)
            {
                var (outer, block) = Math.DivRem(run, _blocks);
                return ((outer * _length) + (block * _block), Math.Min(_block, _length - (block * _block)), run);
            }

            var (row, column) = Math.DivRem(run, _inner);
            return (run, 1, (((row / _length * _blocks) + (row % _length / _block)) * _inner) + column);
        }
    }

    /// <summary>Bytes of scratch that <see cref="Parameters"/> takes.</summary>
    public long ScratchBytes => ScratchAllocator.Bytes<double>(Scales) + ScratchAllocator.Bytes<long>(Scales);

    /// <summary>Reads scales and zero points.</summary>
    /// <param name="inputs">Inputs of the node: the scale second, the zero point third, absent for 0.</param>
    /// <param name="scratch">Scratch memory.</param>
    /// <param name="zeroPoints">The zero points.</param>
    /// <returns>The scales.</returns>
    public Span<double> Parameters(ReadOnlySpan<Tensor?> inputs, Span<byte> scratch, out Span<long> zeroPoints)
    {
        var allocator = new ScratchAllocator(scratch);
        var scales = allocator.Take<double>(Scales);
        zeroPoints = allocator.Take<long>(Scales);
        ElementConversion.Read(inputs[1]!, 0, scales);
        if (inputs.Length > 2 && inputs[2] is { } given) ElementConversion.Read(given, 0, zeroPoints);
        else zeroPoints.Clear();
        return scales;
    }

    /// <summary>Reads axis and block_size.</summary>
    /// <param name="context">The node; input 0 is quantized or dequantized, input 1 the scale, input 2 the zero point.</param>
    /// <returns>The grid.</returns>
    public static QuantizationGrid Read(NodeContext context)
    {
        var (x, scale) = (context.Required(0), context.Required(1));
        if (context.Optional(2) is { } zero && zero.Count != scale.Count) throw context.Fail($"zero point {zero} and scale {scale} have different shapes");
        var count = checked((int)x.Count);
        var block = context.Node.Integer("block_size", 0);
        if (scale.Count == 1 && block == 0) return new QuantizationGrid(0, count, 0, 1, 1);
        var axis = context.Axis(context.Node.Integer("axis", 1), x.Rank);
        var physical = x.PhysicalAxis(axis);
        var sizes = x.Physical;
        var inner = checked((int)ElementTypes.ElementCount(sizes.AsSpan(physical + 1)));
        if (block == 0)
        {
            if (scale.Rank != 1 || scale.Dimensions[0] != sizes[physical]) throw context.Fail($"scale {scale} does not fit axis {axis} of {x}");
            return new QuantizationGrid(sizes[physical], inner, 0, inner == 0 ? 0 : count / inner, sizes[physical]);
        }

        if (block < 0 || scale.Rank != x.Rank) throw context.Fail($"scale {scale} and block_size {block} do not fit {x}");
        for (var i = 0; i < x.Rank; i++)
        {
            var expected = i == axis ? (x.Dimensions[i] + block - 1) / block : x.Dimensions[i];
            if (scale.Dimensions[i] != expected) throw context.Fail($"scale {scale} and block_size {block} do not fit {x}: dimension {i} must be {expected}");
        }

        var size = (int)Math.Min(block, sizes[physical]);
        var runs = count == 0 ? 0 : inner == 1 ? checked((int)scale.Count) : count;
        return new QuantizationGrid(sizes[physical], inner, size, runs, checked((int)scale.Count));
    }
}
