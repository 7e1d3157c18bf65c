using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>MatMulInteger: exact products of 8-bit codes in 32 bits, zero points per tensor, per row of the left and per column of the right operand.</summary>
internal sealed class MatMulIntegerOperator() : OperatorDefinition("MatMulInteger")
{
    public override NodePlan Plan(NodeContext context)
    {
        var (left, right) = (CodeOperands.Required(context, 0), CodeOperands.Required(context, 1));
        var shape = MatrixShape.Read(context, left, right, out var dimensions);
        return new CodeMatrixPlan(
            shape,
            new CodeMatrixInputs(1, LineStrides.Rows(context, CodeOperands.ZeroPoint(context, 2, left.ElementType), shape), LineStrides.Columns(context, CodeOperands.ZeroPoint(context, 3, right.ElementType), shape)) { LeftZero = 2, RightZero = 3 },
            new TensorType(ElementType.Int32, dimensions));
    }
}

/// <summary>QLinearMatMul: the same products with scales, as 8-bit codes.</summary>
internal sealed class QLinearMatMulOperator() : OperatorDefinition("QLinearMatMul")
{
    public override NodePlan Plan(NodeContext context)
    {
        var (left, right, zero) = (CodeOperands.Required(context, 0), CodeOperands.Required(context, 3), CodeOperands.Required(context, 7));
        var shape = MatrixShape.Read(context, left, right, out var dimensions);
        foreach (var index in (int[])[1, 4, 6])
        {
            if (!context.Required(index).ElementType.IsFloatingPoint()) throw context.Fail($"scale {context.Required(index)} is not floating point");
        }

        if (context.Required(6).Count != 1 || zero.Count != 1) throw context.Fail("the output's scale and zero point must be scalars");
        var inputs = new CodeMatrixInputs(3, LineStrides.Rows(context, CodeOperands.ZeroPoint(context, 2, left.ElementType), shape), LineStrides.Columns(context, CodeOperands.ZeroPoint(context, 5, right.ElementType), shape))
        {
            LeftZero = 2,
            RightZero = 5,
            LeftScales = LineStrides.Rows(context, context.Required(1), shape),
            RightScales = LineStrides.Columns(context, context.Required(4), shape),
        };
        return new CodeMatrixPlan(shape, inputs, new TensorType(zero.ElementType, dimensions));
    }
}

/// <summary>How scales or zero points are spread over the rows or the columns of products.</summary>
/// <param name="Line">Elements from one row (or column) to the next; 0 for one for all.</param>
/// <param name="Batch">Elements from one index of each leading dimension to the next.</param>
internal sealed record LineStrides(int Line, int[] Batch)
{
    /// <summary>Spread over the rows of the left operand: a scalar, [rows] or [batch…, rows, 1].</summary>
    /// <param name="context">The node.</param>
    /// <param name="values">Their type, or null where they are absent.</param>
    /// <param name="shape">The products.</param>
    /// <returns>The strides.</returns>
    public static LineStrides Rows(NodeContext context, TensorType? values, MatrixShape shape)
    {
        if (values is { Rank: > 1 } && values.Dimensions[^1] != 1) throw context.Fail($"{values} is not one value a row: its last dimension must be 1");
        return Read(context, values, values is { Rank: > 1 } ? values.Dimensions[..^1] : values is null ? [] : values.Dimensions, shape, shape.Rows);
    }

    /// <summary>Spread over the columns of the right operand: a scalar, [columns] or [batch…, 1, columns].</summary>
    /// <param name="context">The node.</param>
    /// <param name="values">Their type, or null where they are absent.</param>
    /// <param name="shape">The products.</param>
    /// <returns>The strides.</returns>
    public static LineStrides Columns(NodeContext context, TensorType? values, MatrixShape shape)
    {
        if (values is { Rank: > 1 } && values.Dimensions[^2] != 1) throw context.Fail($"{values} is not one value a column: its last dimension but one must be 1");
        return Read(context, values, values is { Rank: > 1 } ? [.. values.Dimensions[..^2], values.Dimensions[^1]] : values is null ? [] : values.Dimensions, shape, shape.Columns);
    }

    /// <summary>The element of a line of a product.</summary>
    /// <param name="shape">The products.</param>
    /// <param name="product">Which product.</param>
    /// <param name="line">Which row or column.</param>
    /// <returns>Its number.</returns>
    public int At(MatrixShape shape, int product, int line)
    {
        var index = line * Line;
        for (var i = Batch.Length - 1; i >= 0; i--)
        {
            index += product % shape.Batch[i] * Batch[i];
            product /= shape.Batch[i];
        }

        return index;
    }

    private static LineStrides Read(NodeContext context, TensorType? values, ReadOnlySpan<int> dimensions, MatrixShape shape, int lines)
    {
        if (values is null || values.Count == 1) return new LineStrides(0, []);
        int[] full = [.. shape.Batch, lines];
        var own = dimensions.ToArray();
        var strides = new int[full.Length];
        var stride = 1;
        for (var i = 1; i <= own.Length; i++)
        {
            if (i > full.Length || (own[^i] != 1 && own[^i] != full[^i])) throw context.Fail($"{values} does not fit products of [{shape.Rows},{shape.Depth}] and [{shape.Depth},{shape.Columns}]");
            strides[^i] = own[^i] == 1 ? 0 : stride;
            stride *= own[^i];
        }

        return new LineStrides(strides[^1], strides[..^1]);
    }
}

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
internal sealed class CodeMatrixPlan(MatrixShape shape, CodeMatrixInputs at, TensorType output) : NodePlan(output)
{
    private readonly int _paddedDepth = checked(shape.Depth + 1) & ~1;

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
            PackColumns(inputs, product, line, weights);
            Int16Gemm.Multiply(rows, _paddedDepth, shape.Rows, PackedInt16Matrix.Pack(weights, shape.Columns, shape.Depth), sums, shape.Columns);
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

    /// <summary>Gathers the right operand column by column.</summary>
    private void PackColumns(ReadOnlySpan<Tensor?> inputs, int product, Span<short> line, Span<short> weights)
    {
        var zeros = inputs.Length > at.RightZero ? inputs[at.RightZero] : null;
        var start = shape.Right(product) * shape.Depth * shape.Columns;
        for (var k = 0; k < shape.Depth; k++)
        {
            CodeOperands.Subtract(inputs[at.Right]!, start + (k * shape.Columns), 0, line);
            for (var m = 0; m < line.Length; m++) weights[(m * shape.Depth) + k] = line[m];
        }

        for (var m = 0; m < shape.Columns; m++)
        {
            var zero = (short)CodeOperands.At(zeros, at.RightZeros.At(shape, product, m));
            if (zero == 0) continue;
            foreach (ref var weight in weights.Slice(m * shape.Depth, shape.Depth)) weight -= zero;
        }
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
