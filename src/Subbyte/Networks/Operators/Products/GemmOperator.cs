using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>
/// Gemm. With constant weights and a bias an output it is a fully connected layer, alpha and beta taken into weights and bias; all else is a
/// product of computed matrices.
/// </summary>
internal sealed class GemmOperator() : OperatorDefinition("Gemm", types: TypeRule.Float32)
{
    public override NodePlan Plan(NodeContext context)
    {
        var (left, right) = (context.Required(0), context.Required(1));
        if (left.Rank != 2 || right.Rank != 2 || left.ElementType != right.ElementType) throw context.Fail($"needs matrices of one element type, not {left} and {right}");
        var (transposedLeft, transposedRight) = (context.Node.Integer("transA", 0) != 0, context.Node.Integer("transB", 0) != 0);
        var (rows, depth) = Sizes(left, transposedLeft);
        var (rightDepth, columns) = Sizes(right, transposedRight);
        if (depth != rightDepth) throw context.Fail($"{right} does not fit {left}: the lengths of rows and columns differ");
        var (alpha, beta) = (context.Node.Float("alpha", 1), context.Node.Float("beta", 1));
        var output = new TensorType(left.ElementType, [rows, columns]);
        var shape = new MatrixShape(rows, depth, columns, [], [], []);
        var operands = new MatrixOperands(transposedLeft, transposedRight, alpha, beta, AddendStrides(context, rows, columns));
        if (IntegerProducts.Supports(left.ElementType))
        {
            if (!IntegerProducts.IsFactor(alpha) || !IntegerProducts.IsFactor(beta)) throw context.Fail($"alpha = {alpha} and beta = {beta} of a product of integers must be integers");
            return new IntegerMatrixPlan(shape, operands, output, left.Count, right.Count, context.Optional(2)?.Count ?? 0);
        }

        context.RequiredFloat(0);
        var isLayer = !transposedLeft && left.Count > 0 && right.Constant is { Length: > 0 } && (operands.AddendStrides is null || (operands.AddendStrides.Value.Row == 0 && context.Required(2).Constant is not null));
        if (!isLayer) return new FloatMatrixPlan(shape, operands, output);
        var weights = FullyConnected.Rows(right.Constant!.AsSpan<float>(), columns, depth, transposedRight);
        if (alpha != 1)
        {
            for (var i = 0; i < weights.Length; i++) weights[i] *= alpha;
        }

        return ProductPlans.Create(FullyConnected.Layer(context, weights, Bias(context, columns, beta), columns, depth, rows, positions: 1), context.Lowered, output);
    }

    private static (int Rows, int Columns) Sizes(TensorType matrix, bool transposed)
        => transposed ? (matrix.Dimensions[1], matrix.Dimensions[0]) : (matrix.Dimensions[0], matrix.Dimensions[1]);

    /// <summary>Strides of the optional third operand, which is broadcast to [rows, columns].</summary>
    private static (int Row, int Column)? AddendStrides(NodeContext context, int rows, int columns)
    {
        if (context.Optional(2) is not { } addend) return null;
        var (height, width) = (addend.Rank < 2 ? 1 : addend.Dimensions[^2], addend.Rank < 1 ? 1 : addend.Dimensions[^1]);
        var fits = addend.Rank <= 2 && (height == 1 || height == rows) && (width == 1 || width == columns) && addend.ElementType == context.Required(0).ElementType;
        if (!fits) throw context.Fail($"bias {addend} cannot be broadcast to [{rows},{columns}]");
        return (height == 1 ? 0 : width, width == 1 ? 0 : 1);
    }

    private static float[] Bias(NodeContext context, int outputs, float beta)
    {
        var bias = new float[outputs];
        if (context.Optional(2) is null) return bias;
        var constant = context.RequiredFloats(2);
        for (var m = 0; m < outputs; m++) bias[m] = constant[constant.Length == 1 ? 0 : m] * beta;
        return bias;
    }
}
