using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>
/// MatMul of any ranks. Activations [batch, …, k] times constant weights [k, m] (or with leading dimensions of 1) are a fully connected layer at
/// each position; all else is a product of computed matrices.
/// </summary>
internal sealed class MatMulOperator() : OperatorDefinition("MatMul", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (left, right) = (context.Required(0), context.Required(1));
        if (left.ElementType != right.ElementType) throw context.Fail($"{left} times {right}: the element types differ");
        var shape = MatrixShape.Read(context, left, right, out var dimensions);
        var output = new TensorType(left.ElementType, dimensions);
        if (IntegerProducts.Supports(left.ElementType)) return new IntegerMatrixPlan(shape, MatrixOperands.Plain, output, left.Count, right.Count);
        context.RequiredFloat(0);
        var isLayer = left.Rank >= 2 && right.Rank >= 2 && right.Rank <= left.Rank && left.Count > 0 && right.Constant is { Length: > 0 } && right.Count == (long)shape.Depth * shape.Columns;
        if (!isLayer) return new FloatMatrixPlan(shape, MatrixOperands.Plain, output);
        var positions = checked((int)ElementTypes.ElementCount(left.Dimensions[1..^1]));
        var rows = FullyConnected.Rows(right.Constant!.AsSpan<float>(), shape.Columns, shape.Depth, transposed: false);
        var (batch, inner) = left.Rank == 2 ? (left.Dimensions[0], 1) : (left.Dimensions[0], positions);
        return ProductPlans.Create(FullyConnected.Layer(context, rows, new float[shape.Columns], shape.Columns, shape.Depth, batch, inner), context.Lowered, output);
    }
}
