using Subbyte.Kernels;
using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Products of float matrices none of which is a layer's weights: one chain of fused multiply-adds in ascending k per output; the right operand is packed in the run.</summary>
internal sealed class FloatMatrixPlan(MatrixShape shape, MatrixOperands operands, TensorType output) : NodePlan(output)
{
    public override long ScratchBytes
        => (operands.LeftTransposed ? ScratchAllocator.Bytes<float>((long)shape.Rows * shape.Depth) : 0) + (operands.RightTransposed ? ScratchAllocator.Bytes<float>((long)shape.Depth * shape.Columns) : 0);

    public override void Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor> outputs, Span<byte> scratch)
    {
        var y = outputs[0].AsSpan<float>();
        if (y.IsEmpty) return;
        var allocator = new ScratchAllocator(scratch);
        ReadOnlySpan<float> a = inputs[0]!.AsSpan<float>();
        ReadOnlySpan<float> b = inputs[1]!.AsSpan<float>();
        if (operands.LeftTransposed)
        {
            var rows = allocator.Take<float>(shape.Rows * shape.Depth);
            MatrixOperands.Transpose(a, shape.Depth, shape.Rows, rows);
            a = rows;
        }

        if (operands.RightTransposed)
        {
            var columns = allocator.Take<float>(shape.Depth * shape.Columns);
            MatrixOperands.Transpose(b, shape.Columns, shape.Depth, columns);
            b = columns;
        }

        if (shape.Depth == 0) y.Clear();
        else Multiply(a, b, y);
        if (operands != MatrixOperands.Plain) Finish(inputs.Length > 2 ? inputs[2] : null, y);
    }

    private void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        var (left, right, result) = (shape.Rows * shape.Depth, shape.Depth * shape.Columns, shape.Rows * shape.Columns);
        PackedFloatMatrix? packed = null;
        var last = -1;
        for (var product = 0; product < shape.Products; product++)
        {
            var matrix = shape.Right(product);
            if (matrix != last) packed = PackedOperand.Pack(b.Slice(matrix * right, right), shape.Columns, shape.Columns, shape.Depth);
            last = matrix;
            FloatGemm.Multiply(a.Slice(shape.Left(product) * left, left), shape.Depth, shape.Rows, packed!, y.Slice(product * result, result), shape.Columns);
        }
    }

    private void Finish(Tensor? addend, Span<float> y)
    {
        if (operands.Alpha != 1)
        {
            foreach (ref var value in y) value *= operands.Alpha;
        }

        if (operands.AddendStrides is not { } strides) return;
        var c = addend!.AsSpan<float>();
        for (var row = 0; row < shape.Rows; row++)
        {
            for (var column = 0; column < shape.Columns; column++)
                y[(row * shape.Columns) + column] += operands.Beta * c[(row * strides.Row) + (column * strides.Column)];
        }
    }
}
