using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Where a product of codes finds its operands among its node's inputs.</summary>
/// <param name="Right">Input of the right operand.</param>
/// <param name="LeftZeros">Zero points of the rows.</param>
/// <param name="RightZeros">Zero points of the columns.</param>
internal sealed record CodeMatrixInputs(int Right, LineStrides LeftZeros, LineStrides RightZeros)
{
    /// <summary>Input of the left operand's zero points.</summary>
    public required int LeftZero { get; init; }

    /// <summary>Input of the right operand's zero points.</summary>
    public required int RightZero { get; init; }

    /// <summary>Scales of the rows; null where sums are the result.</summary>
    public LineStrides? LeftScales { get; init; }

    /// <summary>Scales of the columns.</summary>
    public LineStrides? RightScales { get; init; }
}

/// <summary>Products of matrices of codes, less their zero points, in 16 bits: exact modulo 2³².</summary>
internal sealed class CodeMatrixPlan(MatrixShape shape, CodeMatrixInputs at, NodeContext context, TensorType output) : NodePlan(output)
{
    private readonly int _paddedDepth = checked(shape.Depth + 1) & ~1;
    private readonly PackedInt16Matrix? _packed = PackConstant(shape, at, context);

    public override long ScratchBytes
        => ScratchAllocator.Bytes<short>((long)shape.Rows * _paddedDepth) + ScratchAllocator.Bytes<short>((long)shape.Columns * shape.Depth) + ScratchAllocator.Bytes<int>((long)shape.Rows * shape.Columns)
            + ScratchAllocator.Bytes<float>(shape.Columns) + ScratchAllocator.Bytes<short>(shape.Columns);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        if (outputs[0].Length == 0) return;
        var allocator = new ScratchAllocator(scratch);
        var rows = allocator.Take<short>(shape.Rows * _paddedDepth);
        var weights = allocator.Take<short>(shape.Columns * shape.Depth);
        var sums = allocator.Take<int>(shape.Rows * shape.Columns);
        var multipliers = allocator.Take<float>(shape.Columns);
        var line = allocator.Take<short>(shape.Columns);
        for (var product = 0; product < shape.Products; product++)
        {
            PackRows(inputs, product, rows);
            var zeros = inputs.Length > at.RightZero ? inputs[at.RightZero] : null;
            Int16Gemm.Multiply(rows, _paddedDepth, shape.Rows, _packed ?? Pack(shape, at, inputs[at.Right]!, zeros, product, line, weights), sums, shape.Columns);
            if (at.LeftScales is null) sums.CopyTo(outputs[0].AsSpan<int>()[(product * sums.Length)..]);
            else Requantize(inputs, product, sums, multipliers, outputs[0]);
        }
    }

    private void PackRows(ReadOnlySpan<Tensor?> inputs, int product, Span<short> rows)
    {
        var zeros = inputs.Length > at.LeftZero ? inputs[at.LeftZero] : null;
        var start = shape.Left(product) * shape.Rows * shape.Depth;
        for (var row = 0; row < shape.Rows; row++)
        {
            var zero = CodeOperands.At(zeros, at.LeftZeros.At(shape, product, row));
            CodeOperands.Subtract(inputs[0]!, start + (row * shape.Depth), zero, rows.Slice(row * _paddedDepth, shape.Depth));
        }
    }

    /// <summary>Packs a right operand that is one constant matrix for all products.</summary>
    private static PackedInt16Matrix? PackConstant(MatrixShape shape, CodeMatrixInputs at, NodeContext context)
    {
        var (right, zeros) = (context.Required(at.Right), context.Optional(at.RightZero));
        if (right.Constant is null || zeros is { Constant: null } || right.Count != (long)shape.Depth * shape.Columns || at.RightZeros.Batch.Any(stride => stride != 0)) return null;
        return Pack(shape, at, right.Constant, zeros?.Constant, 0, new short[shape.Columns], new short[right.Constant.Length]);
    }

    /// <summary>Gathers a right operand column by column, less its zero points.</summary>
    private static PackedInt16Matrix Pack(MatrixShape shape, CodeMatrixInputs at, Tensor codes, Tensor? zeros, int product, Span<short> line, Span<short> weights)
    {
        var start = shape.Right(product) * shape.Depth * shape.Columns;
        for (var k = 0; k < shape.Depth; k++)
        {
            CodeOperands.Subtract(codes, start + (k * shape.Columns), 0, line);
            for (var m = 0; m < line.Length; m++) weights[(m * shape.Depth) + k] = line[m];
        }

        for (var m = 0; m < shape.Columns; m++)
        {
            var zero = (short)CodeOperands.At(zeros, at.RightZeros.At(shape, product, m));
            if (zero == 0) continue;
            foreach (ref var weight in weights.Slice(m * shape.Depth, shape.Depth)) weight -= zero;
        }

        return PackedInt16Matrix.Pack(weights, shape.Columns, shape.Depth);
    }

    private void Requantize(ReadOnlySpan<Tensor?> inputs, int product, ReadOnlySpan<int> sums, Span<float> multipliers, Tensor target)
    {
        var step = Scale(inputs[6]!, 0);
        var zero = CodeOperands.At(inputs[7], 0);
        for (var row = 0; row < shape.Rows; row++)
        {
            var scale = Scale(inputs[1]!, at.LeftScales!.At(shape, product, row));
            for (var m = 0; m < multipliers.Length; m++) multipliers[m] = scale * Scale(inputs[4]!, at.RightScales!.At(shape, product, m)) / step;
            Requantization.Write(sums.Slice(row * shape.Columns, shape.Columns), multipliers, zero, target, ((product * shape.Rows) + row) * shape.Columns);
        }
    }

    private static float Scale(Tensor scales, int index)
    {
        Span<double> value = stackalloc double[1];
        ElementConversion.Read(scales, index, value);
        return (float)value[0];
    }
}
