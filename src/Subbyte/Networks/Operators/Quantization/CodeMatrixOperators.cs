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
            context,
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
        return new CodeMatrixPlan(shape, inputs, context, new TensorType(zero.ElementType, dimensions));
    }
}
