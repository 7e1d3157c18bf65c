using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Products of matrices of 32- and 64-bit integers, modulo the width of their type. Plain loops: such products make shapes and indices.</summary>
internal sealed class IntegerMatrixPlan(MatrixShape shape, MatrixOperands operands, TensorType output, params long[] lengths) : NodePlan(output)
{
    public override long ScratchBytes => lengths.Sum(ScratchAllocator.Bytes<long>) + ScratchAllocator.Bytes<long>(shape.Columns);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var allocator = new ScratchAllocator(scratch);
        var a = Read(inputs[0]!, ref allocator);
        var b = Read(inputs[1]!, ref allocator);
        var c = operands.AddendStrides is null ? default : Read(inputs[2]!, ref allocator);
        var line = allocator.Take<long>(shape.Columns);
        var (alpha, beta) = ((long)operands.Alpha, (long)operands.Beta);
        var (rowStride, depthStride) = operands.LeftTransposed ? (1, shape.Rows) : (shape.Depth, 1);
        var (lineStride, columnStride) = operands.RightTransposed ? (1, shape.Depth) : (shape.Columns, 1);
        for (var product = 0; product < shape.Products; product++)
        {
            var (left, right) = (shape.Left(product) * shape.Rows * shape.Depth, shape.Right(product) * shape.Depth * shape.Columns);
            for (var row = 0; row < shape.Rows; row++)
            {
                for (var column = 0; column < line.Length; column++)
                {
                    var sum = 0L;
                    for (var k = 0; k < shape.Depth; k++) sum = unchecked(sum + (a[left + (row * rowStride) + (k * depthStride)] * b[right + (k * lineStride) + (column * columnStride)]));
                    line[column] = unchecked(alpha * sum);
                    if (operands.AddendStrides is { } strides) line[column] = unchecked(line[column] + (beta * c[(row * strides.Row) + (column * strides.Column)]));
                }

                ElementConversion.Write(line, outputs[0], ((product * shape.Rows) + row) * shape.Columns);
            }
        }
    }

    private static Span<long> Read(Tensor tensor, ref ScratchAllocator allocator)
    {
        var values = allocator.Take<long>(tensor.Length);
        ElementConversion.Read(tensor, 0, values);
        return values;
    }
}
